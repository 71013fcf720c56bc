// Runs planted bugs: first each suite that is named without any bug, which has to be green, then each bug with its suite.
// Promise: never more than two runs at a time; rows come in the order of the bugs.

import { type Mutant, toSuiteKey } from './mutant.ts';
import type { Row } from './table.ts';
import { findFlaw, judge, type SuiteRun } from './verdict.ts';

/** Where suites are run. */
export type Bench = {
  readonly run: (suite: Mutant['suite']) => Promise<SuiteRun>;
  readonly runWith: (mutant: Mutant) => Promise<SuiteRun>;
};

/**
 * Runs the bugs on the benches, one at a time on each; `tell` hears of each one as it ends.
 * Throws an Error where a suite is not green without any bug, or a mutant is stale.
 */
export async function runMutants(
  mutants: readonly Mutant[],
  benches: readonly Bench[],
  tell: (line: string) => void,
): Promise<readonly Row[]> {
  const suites = new Map(mutants.map(({ suite }) => [toSuiteKey(suite), suite]));
  await onBenches([...suites], benches, async ([key, suite], bench) => {
    const flaw = findFlaw(await bench.run(suite));
    if (flaw !== undefined) throw new Error(`${key} ${flaw}`);
  });
  tell(`${suites.size} suites are green without any bug`);
  return onBenches(mutants, benches, async (mutant, bench) => {
    const run = await bench.runWith(mutant);
    const verdict = judge(mutant, run);
    tell(`${verdict.kind === 'caught' ? '✓' : '✗'} ${mutant.name}: ${verdict.kind}`);
    return { mutant, verdict, seconds: run.seconds };
  });
}

/** Each item on whichever bench is free next; results in the order of the items. After a failure no item is begun. */
async function onBenches<T, R>(
  items: readonly T[],
  benches: readonly Bench[],
  work: (item: T, bench: Bench) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  let next = 0;
  const serve = async (bench: Bench): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const [item] = items.slice(at, at + 1);
      if (item === undefined) continue;
      try {
        results.set(at, await work(item, bench));
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(benches.map(serve));
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
