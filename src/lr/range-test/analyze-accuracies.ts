// What a curve of accuracies over rising learning rates says, as Smith reads it (arXiv 1506.01186, section 3.3): base_lr is where
// the accuracy starts to rise, max_lr where it slows, becomes ragged or falls. Promise: noise is not taken for a rise.

import { noiseOf } from './noise.ts';

/** What a range test has measured; the learning rates rise. */
export type AccuracyCurve = {
  readonly learningRates: readonly number[];
  readonly accuracies: readonly number[];
};

/** Learning rates between which to cycle, or why there are none. */
export type AccuracyAnalysis =
  | {
      readonly kind: 'found';
      /** The last learning rate before the rise has made a tenth of its way. */
      readonly base_lr: number;
      /** The first at which the accuracy is within its noise of the best: from there on it slows, gets ragged or falls. */
      readonly max_lr: number;
      /** Where the smoothed accuracy is best. */
      readonly peak_lr: number;
      /** Where, beyond the peak, half of the rise is lost; nothing where the curve ends before. */
      readonly collapse_lr: number | undefined;
    }
  | { readonly kind: 'none'; readonly why: string };

/** The share of the curve over which the mean is taken, and the least width of it. */
const WINDOW = { share: 10, least: 3 } as const;
/** A rise counts from so many standard errors on. */
const ERRORS_LEAST = 3;
const [STARTED, LOST] = [0.1, 0.5];

/** Reads a curve. Points whose learning rate is 0, or whose accuracy is not finite, are passed over. */
export function analyzeAccuracies(curve: AccuracyCurve): AccuracyAnalysis {
  const points = curve.learningRates
    .map((rate, i) => ({ rate, accuracy: curve.accuracies[i] ?? Number.NaN }))
    .filter(({ rate, accuracy }) => rate > 0 && Number.isFinite(accuracy));
  const raw = points.map(({ accuracy }) => accuracy);
  const half = Math.max(WINDOW.least, Math.floor(raw.length / WINDOW.share)) >> 1;
  const smoothed = raw.map((_, i) => mean(raw.slice(Math.max(0, i - half), i + half + 1)));
  const error = noiseOf(raw) / Math.sqrt(2 * half + 1);
  const top = Math.max(...smoothed);
  const peak = smoothed.indexOf(top);
  const bottom = Math.min(...smoothed.slice(0, peak + 1));
  const rise = top - bottom;
  if (points.length < WINDOW.least || !(rise > ERRORS_LEAST * Math.SQRT2 * error))
    return { kind: 'none', why: 'the accuracy does not rise by more than its noise' };
  const slow = smoothed.findIndex(
    (value, i) => value >= top - error && i >= smoothed.indexOf(bottom),
  );
  const start = smoothed.findLastIndex((value, i) => i <= slow && value <= bottom + STARTED * rise);
  const collapse = smoothed.findIndex((value, i) => i > peak && value <= top - LOST * rise);
  const rateAt = (i: number): number => points[i]?.rate ?? Number.NaN;
  return {
    kind: 'found',
    base_lr: rateAt(Math.max(0, start)),
    max_lr: rateAt(slow),
    peak_lr: rateAt(peak),
    collapse_lr: collapse === -1 ? undefined : rateAt(collapse),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
