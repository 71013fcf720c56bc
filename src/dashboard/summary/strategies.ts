// How well each learning-rate strategy does: the best and the median of its trials' best values.
// Promise: trials without a finite value count as trials and never as results.

import { toScore, type Mode } from '../../domain/objective.ts';
import { isOpenState } from '../../domain/trial-state.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';

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
  mode: Mode,
): readonly StrategySummary[] {
  const groups = new Map<string, TrialView[]>();
  for (const trial of trials) {
    const group = groups.get(trial.strategy);
    if (group === undefined) groups.set(trial.strategy, [trial]);
    else group.push(trial);
  }
  return [...groups]
    .map(([strategy, group]) => summarise(strategy, group, mode))
    .toSorted(
      (a, b) =>
        compareScores(toScore(mode, a.best), toScore(mode, b.best)) ||
        (a.strategy < b.strategy ? -1 : 1),
    );
}

/** True once nothing more will come of the trial. */
export function isOver({ state }: TrialView): boolean {
  return !isOpenState(state);
}

function summarise(strategy: string, group: readonly TrialView[], mode: Mode): StrategySummary {
  const values = group
    .filter(({ hasValue, bestValue }) => hasValue && Number.isFinite(bestValue))
    .map(({ bestValue }) => bestValue)
    .toSorted((a, b) => toScore(mode, a) - toScore(mode, b));
  return {
    strategy,
    trials: group.length,
    ended: group.filter(isOver).length,
    best: values[0],
    median: medianOf(values),
  };
}

function medianOf(sorted: readonly number[]): number | undefined {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

function compareScores(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
