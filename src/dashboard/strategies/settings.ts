// A strategy's settings: trials that differ in their seed alone, what they come to together, and how far the seeds differ.

import { toScore, type Mode } from '../../domain/objective.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { isOver } from '../summary/strategies.ts';

/** One setting; `mean` and `spread` (the standard deviation over the seeds) are undefined where there are too few values. */
export type Setting = {
  readonly label: string;
  readonly trials: readonly TrialView[];
  readonly ended: number;
  /** Best values of the objective, best first, one a seed that has one. */
  readonly values: readonly number[];
  readonly mean: number | undefined;
  readonly spread: number | undefined;
};

/** The settings among `trials`, the best mean first; those without a value last, in the order of their numbers. */
export function toSettings(trials: readonly TrialView[], mode: Mode): readonly Setting[] {
  const groups = new Map<string, TrialView[]>();
  for (const trial of trials) {
    const key = `${trial.strategyValues}\n${trial.config}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trial]);
    else group.push(trial);
  }
  return [...groups.values()]
    .map((group) => toSetting(group, mode))
    .toSorted((a, b) => compare(toScore(mode, a.mean), toScore(mode, b.mean)));
}

/** Finite best values of trials, best first. */
export function valuesOf(trials: readonly TrialView[], mode: Mode): readonly number[] {
  return trials
    .filter(({ hasValue, bestValue }) => hasValue && Number.isFinite(bestValue))
    .map(({ bestValue }) => bestValue)
    .toSorted((a, b) => toScore(mode, a) - toScore(mode, b));
}

/** Their mean; undefined of none. */
export function meanOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Their standard deviation, with one degree of freedom less than there are; undefined of fewer than two. */
export function spreadOf(values: readonly number[]): number | undefined {
  const mean = meanOf(values);
  if (mean === undefined || values.length < 2) return undefined;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function toSetting(trials: readonly TrialView[], mode: Mode): Setting {
  const [first] = trials;
  const values = valuesOf(trials, mode);
  return {
    label: [first?.strategyValues, first?.config].filter(Boolean).join('  '),
    trials,
    ended: trials.filter(isOver).length,
    values,
    mean: meanOf(values),
    spread: spreadOf(values),
  };
}

function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
