// Runs planted bugs: first each suite that is named without any bug, which has to be green, then each bug with its suite.
// Promise: never more than two runs at a time; rows come in the order of the bugs.

import { groupBy } from '../src/domain/group-by.ts';
import type { Mutant, SuiteGroup } from './mutant.ts';
import type { Row } from './table.ts';
import { findFlaw, judge, type SuiteRun } from './verdict.ts';

/** Where suites are run. */
export type Bench = {
  readonly run: (suites: SuiteGroup) => Promise<SuiteRun>;
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
  await onBenches(toGroups(mutants), benches, async (suites, bench) => {
    const flaw = findFlaw(await bench.run(suites));
    if (flaw === undefined) return;
    const { files, tests } = suites;
    throw new Error(`${files.join(' ')}${tests === undefined ? '' : ` -t '${tests}'`} ${flaw}`);
  });
  tell('the suites are green without any bug');
  return onBenches(mutants, benches, async (mutant, bench) => {
    const run = await bench.runWith(mutant);
    const verdict = judge(mutant, run);
    tell(`${verdict.kind === 'caught' ? '✓' : '✗'} ${mutant.name}: ${verdict.kind}`);
    return { mutant, verdict, seconds: run.seconds };
  });
}

/** Every suite once: those that are run whole together, the others by what is run of them. */
export function toGroups(mutants: readonly Mutant[]): readonly SuiteGroup[] {
  const byTests = groupBy(mutants, ({ suite }) => suite.tests);
  return [...byTests].map(([tests, same]) => {
    const files = [...new Set(same.map(({ suite }) => suite.file))];
    return tests === undefined ? { files } : { files, tests };
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
