// What a sweep looks for, and what a trial comes to by it.

import { toScore, type Mode } from '../../domain/objective.ts';
import type { SweepView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';

/** Which way the objective is better, and whether a trial counts by its last value or by its best. */
export type Goal = { readonly mode: Mode; readonly countsLast: boolean };

/** The goal of a sweep; one that does not say so minimises and counts the best. */
export function goalOf(sweep: SweepView | undefined): Goal {
  return {
    mode: sweep?.objective?.mode === 'max' ? 'max' : 'min',
    countsLast: sweep?.countsLast ?? false,
  };
}

/** What a trial counts by; undefined until it has a finite value. */
export function resultOf(
  { hasValue, bestValue, lastValue }: TrialView,
  { countsLast }: Goal,
): number | undefined {
  const value = countsLast ? lastValue : bestValue;
  return hasValue && Number.isFinite(value) ? value : undefined;
}

/** The same turned so that lower is better; the worst there is for a trial without a value. */
export function scoreOf(trial: TrialView, goal: Goal): number {
  return toScore(goal.mode, resultOf(trial, goal));
}

/** Finite results of trials, best first. */
export function resultsOf(trials: readonly TrialView[], goal: Goal): readonly number[] {
  const found: number[] = [];
  for (const trial of trials) {
    const value = resultOf(trial, goal);
    if (value !== undefined) found.push(value);
  }
  // Sorting bare numbers costs a tenth of sorting with a function of ours.
  const rising = Array.from(Float64Array.from(found).toSorted());
  return goal.mode === 'min' ? rising : rising.toReversed();
}
