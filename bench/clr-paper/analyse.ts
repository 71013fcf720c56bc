// How many iterations a cyclical learning rate needs for what the best fixed one ends with: Smith's table 1 (arXiv:1506.01186) with
// seeds and a spread. Promise: a function of the curves alone, which chooses among fixed and among cyclical settings by one rule.

import { groupBy } from '../../src/domain/group-by.ts';
import type { Curve } from './curves.ts';

/** Looks that a smoothed curve averages: a pass over the training images. */
const WINDOW = 5;

/** Median, least and greatest over the seeds; infinite where a seed never gets there. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number };

/** All seeds of one setting. */
export type Outcome = {
  readonly setting: string;
  readonly seeds: number;
  /** Mean over seeds of the accuracy at the last look, and the least and the greatest of them. */
  readonly final: { readonly mean: number; readonly least: number; readonly most: number };
  /** Iterations until the first look at or above the level. */
  readonly touched: Spread;
  /** Iterations until the mean of a pass's looks is first at or above the level. */
  readonly held: Spread;
};

/** What the sweep says. */
export type Analysis = {
  /** Iterations of every trial. */
  readonly iterations: number;
  /** The fixed setting with the best mean final accuracy; that mean is the level that all are measured by. */
  readonly fixed: Outcome;
  readonly level: number;
  /** The `triangular2` setting with the best mean final accuracy. */
  readonly triangular2: Outcome;
  /** All settings, the best mean final accuracy first. */
  readonly outcomes: readonly Outcome[];
};

/**
 * Analyses the trials of a sweep, all equally long.
 * @throws Error without a fixed learning rate or without `triangular2`, or if lengths differ
 */
export function analyse(curves: readonly Curve[]): Analysis {
  const iterations = toIterations(curves);
  const groups = [...groupBy(curves, ({ setting }) => setting).values()];
  const fixed = bestOf(
    groups.filter(([first]) => first?.strategy === 'fixed'),
    'fixed',
  );
  const level = meanFinal(fixed);
  const triangular2 = bestOf(
    groups.filter(([first]) => first?.mode === 'triangular2'),
    'triangular2',
  );
  const byFinal = groups.toSorted((a, b) => meanFinal(b) - meanFinal(a));
  return {
    iterations,
    fixed: toOutcome(fixed, level),
    level,
    triangular2: toOutcome(triangular2, level),
    outcomes: byFinal.map((group) => toOutcome(group, level)),
  };
}

function toIterations(curves: readonly Curve[]): number {
  const lengths = new Set(
    curves.map(({ accuracies, stepsPerLook }) => accuracies.length * stepsPerLook),
  );
  const [only, ...others] = lengths;
  if (only !== undefined && others.length === 0) return only;
  throw new Error(`trials of ${[...lengths].join(', ')} iterations cannot be compared`);
}

function bestOf(groups: readonly (readonly Curve[])[], what: string): readonly Curve[] {
  const [best] = groups.toSorted((a, b) => meanFinal(b) - meanFinal(a));
  if (best === undefined) throw new Error(`the sweep has no ${what}`);
  return best;
}

function toOutcome(curves: readonly Curve[], level: number): Outcome {
  const finals = curves.map(toFinal);
  const [first] = curves;
  return {
    setting: first?.setting ?? '',
    seeds: curves.length,
    final: { mean: toMean(finals), least: Math.min(...finals), most: Math.max(...finals) },
    touched: toSpread(curves.map((curve) => iterationsTo(curve, level, 1))),
    held: toSpread(curves.map((curve) => iterationsTo(curve, level, WINDOW))),
  };
}

/** Iterations until the mean of so many looks in a row is at or above the level. */
function iterationsTo({ accuracies, stepsPerLook }: Curve, level: number, window: number): number {
  for (let looks = window; looks <= accuracies.length; looks += 1)
    if (toMean(accuracies.slice(looks - window, looks)) >= level) return looks * stepsPerLook;
  return Number.POSITIVE_INFINITY;
}

/** With an even number of seeds the median is the greater of the two in the middle. */
function toSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) };
}

function meanFinal(curves: readonly Curve[]): number {
  return toMean(curves.map(toFinal));
}

function toFinal({ accuracies }: Curve): number {
  return accuracies.at(-1) ?? Number.NaN;
}

function toMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
