// The table and the exit status.

import { expect, test } from 'vitest';
import type { Mutant } from '../../mutants/mutant.ts';
import { printTable } from '../../mutants/print-table.ts';
import { type Bench, toGroups } from '../../mutants/run-mutants.ts';
import type { SuiteRun } from '../../mutants/verdict.ts';
import { failedRun, sampleMutant, sampleRun } from './sample.ts';

/** What is printed, and the status, where a run with a bug comes to what `runWith` says. */
async function table(
  mutants: readonly Mutant[],
  runWith: (mutant: Mutant) => SuiteRun,
  run: () => SuiteRun = sampleRun,
): Promise<{ readonly status: number; readonly lines: readonly string[]; readonly most: number }> {
  const lines: string[] = [];
  let [now, most] = [0, 0];
  const busy = async (work: () => SuiteRun): Promise<SuiteRun> => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    return work();
  };
  const bench: Bench = {
    run: async () => busy(run),
    runWith: async (mutant) => busy(() => runWith(mutant)),
  };
  const status = await printTable(mutants, [bench, bench], (line) => lines.push(line));
  return { status, lines, most };
}

const THREE = ['a', 'b', 'c'].map((name) => sampleMutant({ name }));

test('the table has a row for each bug in order, and the status is 0 if all were caught', async () => {
  const { status, lines, most } = await table(THREE, () => failedRun('one is one'));
  expect(status).toBe(0);
  expect(most).toBe(2);
  expect(lines.slice(-7)).toEqual([
    '| planted bug | promise | suite | caught by | s |',
    '| --- | --- | --- | --- | ---: |',
    ...['a', 'b', 'c'].map(
      (name) =>
        `| \`${name}\`: one is two | same sweep, same seed, same results | test/one.test.ts | one is one | 1.3 |`,
    ),
    '',
    '3 of 3 planted bugs caught in 0.0 min',
  ]);
});

test('a bug that survives is named and makes the status 1', async () => {
  const { status, lines } = await table(THREE, ({ name }) =>
    name === 'b' ? sampleRun() : failedRun('one is one'),
  );
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe('2 of 3 planted bugs caught in 0.0 min; not caught: b');
  expect(lines.find((line) => line.startsWith('| `b`'))).toContain('it survived');
});

test('a stale patch, or a suite that is not green without any bug, ends the run with the reason and 1', async () => {
  const stale = await table(THREE, () => {
    throw new Error('the mutant a is stale');
  });
  expect(stale).toMatchObject({ status: 1 });
  expect(stale.lines.at(-1)).toBe('the mutant a is stale');
  const red = await table(
    THREE,
    () => sampleRun(),
    () => failedRun('one is one'),
  );
  expect(red.status).toBe(1);
  expect(red.lines).toEqual(['test/one.test.ts fails without any bug: one is one\n']);
});

test('suites that are run whole are run at once, the others by the tests that are run of them', () => {
  const some = sampleMutant({ suite: { file: 'test/two.test.ts', tests: 'fast' } });
  const other = sampleMutant({ suite: { file: 'test/three.test.ts' } });
  expect(toGroups([...THREE, some, other])).toEqual([
    { files: ['test/one.test.ts', 'test/three.test.ts'] },
    { files: ['test/two.test.ts'], tests: 'fast' },
  ]);
});
