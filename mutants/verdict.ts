// What a run of a suite says. Promise: a bug counts as caught only by a test that failed and whose name or message tells the property;
// a suite that could not be run, or ran no test, proves nothing.

import type { Mutant } from './mutant.ts';

/** A run of a suite. */
export type SuiteRun = {
  readonly passed: number;
  readonly failed: readonly FailedTest[];
  /** Why there is no result, or what went wrong besides tests that failed. */
  readonly trouble: string | undefined;
  readonly seconds: number;
};

/** A test that failed: its full name, and what was expected. */
export type FailedTest = { readonly name: string; readonly message: string };

/** What has become of a planted bug. */
export type Verdict =
  | { readonly kind: 'caught'; readonly by: string }
  | { readonly kind: 'survived' }
  /** Something failed, but nothing that names the property. */
  | { readonly kind: 'unclear'; readonly why: string };

/** Judges a run with the bug. */
export function judge({ failure }: Pick<Mutant, 'failure'>, run: SuiteRun): Verdict {
  const telling = run.failed.find(({ name, message }) => failure.test(`${name}\n${message}`));
  if (telling !== undefined) return { kind: 'caught', by: toWords(telling, failure) };
  const [other] = run.failed;
  if (other !== undefined)
    return { kind: 'unclear', why: `failed without the property: ${other.name}` };
  if (run.trouble !== undefined) return { kind: 'unclear', why: run.trouble };
  return { kind: 'survived' };
}

/** Why a run without any bug is no base to judge from; nothing if it is one. */
export function findFlaw(run: SuiteRun): string | undefined {
  const [failed] = run.failed;
  if (failed !== undefined) return `fails without any bug: ${failed.name}\n${failed.message}`;
  if (run.trouble !== undefined) return `fails without any bug: ${run.trouble}`;
  return run.passed === 0 ? 'has no test of that name' : undefined;
}

/** The test, and what of its message tells the property where its name does not. */
function toWords({ name, message }: FailedTest, failure: RegExp): string {
  if (failure.test(name)) return name;
  const line = message.split('\n').find((words) => failure.test(words));
  return line === undefined ? name : `${name}: ${line.trim()}`;
}
