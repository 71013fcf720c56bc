// What counts as caught, and what does not.

import { expect, test } from 'vitest';
import { plant } from '../../mutants/plant.ts';
import { readReport } from '../../mutants/read-report.ts';
import { findFlaw, judge } from '../../mutants/verdict.ts';
import { failedRun, sampleMutant, sampleRun } from './sample.ts';

test('a patch that fits no place, or two, is stale', () => {
  expect(plant('const one = 1;', sampleMutant())).toBe('const one = 2;');
  expect(() => plant('const one = 3;', sampleMutant())).toThrow(/sample is stale: .* 0 times/);
  const twice = 'const a = 1; const b = 1;';
  expect(() => plant(twice, sampleMutant())).toThrow(/sample is stale: .* 2 times/);
});

test('a patch whose text has signs that replacing knows is planted as it stands', () => {
  const mutant = sampleMutant({ find: '0)', replace: '$$ $& )' });
  expect(plant('kill 0)', mutant)).toBe('kill $$ $& )');
});

test('a bug is caught by a failure that tells the property, in its name or its message', () => {
  const mutant = sampleMutant();
  expect(judge(mutant, failedRun('one is one'))).toEqual({ kind: 'caught', by: 'one is one' });
  expect(judge(mutant, failedRun('numbers', 'Error:\n  one is one, not two'))).toEqual({
    kind: 'caught',
    by: 'numbers: one is one, not two',
  });
});

test('another failure, or a suite that cannot be run, is no proof; a green suite is a survivor', () => {
  const mutant = sampleMutant();
  expect(judge(mutant, failedRun('two is two')).kind).toBe('unclear');
  expect(judge(mutant, sampleRun({ trouble: 'a syntax error' })).kind).toBe('unclear');
  expect(judge(mutant, sampleRun())).toEqual({ kind: 'survived' });
});

test('a suite is a base to judge from if it ran something and nothing failed', () => {
  expect(findFlaw(sampleRun())).toBeUndefined();
  expect(findFlaw(sampleRun({ passed: 0 }))).toMatch(/no test of that name/);
  expect(findFlaw(failedRun('one is one'))).toMatch(/fails without any bug: one is one/);
});

test('a report is read as tests by name; a file that cannot be loaded, or no report, is trouble', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'two' },
    { status: 'skipped', fullName: 'three' },
    { status: 'failed', fullName: ' one', failureMessages: ['1 is not 2'] },
  ];
  const report = JSON.stringify({ testResults: [{ status: 'failed', assertionResults }] });
  expect(readReport(report, '', 1, 1)).toMatchObject({
    passed: 1,
    failed: [{ name: 'one', message: '1 is not 2' }],
  });
  const broken = JSON.stringify({ testResults: [{ status: 'failed', message: 'no such file' }] });
  expect(readReport(broken, '', 1, 1).trouble).toBe('the run ended with 1: no such file');
  expect(readReport(undefined, 'killed', 1, 'SIGKILL').trouble).toMatch(/SIGKILL: killed/);
  expect(readReport('{', 'oh', 1, 0)).toMatchObject({ passed: 0, failed: [], trouble: undefined });
});
