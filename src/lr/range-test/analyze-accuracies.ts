// What a curve of accuracies over rising learning rates says, as Smith reads it (arXiv 1506.01186, section 3.3): base_lr is where
// the accuracy starts to rise, max_lr where it slows, becomes ragged or falls. Promise: noise is not taken for a rise.

import { noiseOf } from './noise.ts';

/** What a range test has measured: for each learning rate, which rise, the accuracy with it, from 0 to 1 or in percent. */
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
/** A rise counts from so many standard errors on: the least and the best of many means of noise are far apart. */
const ERRORS_LEAST = 6;
const [STARTED, LOST] = [0.1, 0.5];

/**
 * Reads a curve of accuracies as Smith does (arXiv 1506.01186, section 3.3). Points whose learning rate is 0, or whose accuracy is not
 * finite or missing, are passed over. Never throws.
 */
export function analyzeAccuracies(curve: AccuracyCurve): AccuracyAnalysis {
  const points = smooth(curve);
  const top = Math.max(...points.map(({ accuracy }) => accuracy));
  const peak = points.findIndex(({ accuracy }) => accuracy === top);
  const bottom = Math.min(...points.slice(0, peak + 1).map(({ accuracy }) => accuracy));
  const lowest = points.findIndex(({ accuracy }) => accuracy === bottom);
  const [best, worst] = [points[peak], points[lowest]];
  const rise = top - bottom;
  if (
    best === undefined ||
    worst === undefined ||
    points.length < WINDOW.least ||
    rise <= ERRORS_LEAST * Math.hypot(best.error, worst.error)
  )
    return { kind: 'none', why: 'the accuracy does not rise by more than its noise' };
  const slow = points.findIndex(({ accuracy }, i) => i >= lowest && accuracy >= top - best.error);
  const start = points
    .slice(0, slow + 1)
    .findLast(({ accuracy }) => accuracy <= bottom + STARTED * rise);
  const lost = points.slice(peak).find(({ accuracy }) => accuracy <= top - LOST * rise);
  return {
    kind: 'found',
    base_lr: (start ?? worst).rate,
    max_lr: (points[slow] ?? best).rate,
    peak_lr: best.rate,
    collapse_lr: lost?.rate,
  };
}

/** A mean of accuracies around a learning rate, and its standard error. */
type Point = { readonly rate: number; readonly accuracy: number; readonly error: number };

/** Means over windows, which are narrower at both ends of the curve. */
function smooth({ learningRates, accuracies }: AccuracyCurve): readonly Point[] {
  const points = learningRates
    .map((rate, i) => ({ rate, accuracy: accuracies[i] ?? Number.NaN }))
    .filter(({ rate, accuracy }) => rate > 0 && Number.isFinite(accuracy));
  const raw = points.map(({ accuracy }) => accuracy);
  const noise = noiseOf(raw);
  const half = Math.max(WINDOW.least, Math.floor(raw.length / WINDOW.share)) >> 1;
  return points.map(({ rate }, i) => {
    const window = raw.slice(Math.max(0, i - half), i + half + 1);
    return { rate, accuracy: mean(window), error: noise / Math.sqrt(window.length) };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
