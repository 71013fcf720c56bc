// How far apart two settings are over the seeds that both have: the mean of the differences and its t interval.
// Source: the paired t interval, mean ± t(1 − α/2, n − 1) · s/√n (Student 1908). Pairing by seed takes out what a seed does to both:
// data order and initial weights.

import { studentQuantile } from './student.ts';

/** Differences of pairs; `low` and `high` bound their mean at the asked level, and are undefined for a single pair. */
export type PairedInterval = {
  readonly pairs: number;
  readonly mean: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** True where no pair differs at all. */
  readonly identical: boolean;
};

/**
 * The interval of the mean of `differences` at `level` (0.95: nineteen times of twenty, if they are normally distributed).
 * Undefined without a pair.
 */
export function pairedInterval(
  differences: readonly number[],
  level: number,
): PairedInterval | undefined {
  const pairs = differences.length;
  if (pairs === 0) return undefined;
  const mean = differences.reduce((sum, value) => sum + value, 0) / pairs;
  const identical = differences.every((value) => value === 0);
  if (pairs === 1) return { pairs, mean, low: undefined, high: undefined, identical };
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (pairs - 1) / pairs);
  const reach = error * studentQuantile(1 - (1 - level) / 2, pairs - 1);
  return { pairs, mean, low: mean - reach, high: mean + reach, identical };
}
