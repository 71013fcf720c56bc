// A mutant and runs of suites for tests of the table.

import type { Mutant } from '../../mutants/mutant.ts';
import type { SuiteRun } from '../../mutants/verdict.ts';

/** A mutant of a file that says `one`. */
export function sampleMutant(changes: Partial<Mutant> = {}): Mutant {
  return {
    name: 'sample',
    bug: 'one is two',
    promise: 'same',
    file: 'source.ts',
    find: '= 1;',
    replace: '= 2;',
    suite: { file: 'test/one.test.ts' },
    failure: /one is one/,
    ...changes,
  };
}

/** A run in which one test has passed, unless a test says otherwise. */
export function sampleRun(changes: Partial<SuiteRun> = {}): SuiteRun {
  return { passed: 1, failed: [], trouble: undefined, seconds: 1.25, ...changes };
}

/** A run in which a test of this name failed. */
export function failedRun(name: string, message = ''): SuiteRun {
  return sampleRun({ passed: 0, failed: [{ name, message }], trouble: 'the run ended with 1' });
}
