// How well each learning-rate strategy does: the best and the median of its trials' results.
// Promise: trials without a finite value count as trials and never as results.

import { toScore } from '../../domain/objective.ts';
import { isOpenState } from '../../domain/trial-state.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { medianOf } from '../../domain/median.ts';
import { resultsOf, type Goal } from './goal.ts';

/** One strategy's results; `best` and `median` are undefined until a trial has a value. */
export type StrategySummary = {
  readonly strategy: string;
  readonly trials: number;
  readonly ended: number;
  readonly best: number | undefined;
  readonly median: number | undefined;
};

/** A summary for each strategy, the best first. */
export function summariseStrategies(
  trials: readonly TrialView[],
  goal: Goal,
): readonly StrategySummary[] {
  const { mode } = goal;
  return [...groupByStrategy(trials)]
    .map(([strategy, group]) => summarise(strategy, group, goal))
    .toSorted(
      (a, b) =>
        compareScores(toScore(mode, a.best), toScore(mode, b.best)) ||
        (a.strategy < b.strategy ? -1 : 1),
    );
}

/** Trials by the name of their strategy. */
export function groupByStrategy(
  trials: readonly TrialView[],
): ReadonlyMap<string, readonly TrialView[]> {
  const groups = new Map<string, TrialView[]>();
  for (const trial of trials) {
    const group = groups.get(trial.strategy);
    if (group === undefined) groups.set(trial.strategy, [trial]);
    else group.push(trial);
  }
  return groups;
}

/** True once nothing more will come of the trial. */
export function isOver({ state }: TrialView): boolean {
  return !isOpenState(state);
}

function summarise(strategy: string, group: readonly TrialView[], goal: Goal): StrategySummary {
  const values = resultsOf(group, goal);
  return {
    strategy,
    trials: group.length,
    ended: group.filter(isOver).length,
    best: values[0],
    median: medianOf(values),
  };
}

function compareScores(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
