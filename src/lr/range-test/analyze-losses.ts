// What a curve of losses over rising learning rates suggests, by fastai's rules (fastai 2, callback/schedule.py).
// Promise: a learning rate is suggested only where the loss fell by more than its noise; otherwise there are words that say why.
// Deviations: the steepest fall is looked for within the fall only, where noise cannot pass for it; a valley starts where
// a hundredth of the fall is behind, never before the first point; and what is not fastai's, that a flat curve suggests nothing.

import { findStop, STOP_FACTOR } from './divergence.ts';
import { noiseOf } from './noise.ts';
import { errorOf, meanOf, smooth } from './smoothing.ts';
import { findMinimum, findSteepest, findValley } from './suggest.ts';
import type { Point } from './suggest.ts';

/** What a range test has measured: a learning rate for each of its steps, and the losses of as many first steps as were trained. */
export type LossCurve = {
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
};

/** A learning rate, or why there is none. */
export type Suggestion =
  | { readonly kind: 'found'; readonly learningRate: number }
  | { readonly kind: 'none'; readonly why: string };

/** The ways to read a curve: a point within the longest descent, the steepest fall, a tenth of where the loss is least. */
export const METHODS = ['valley', 'steepest', 'minimum'] as const;

/** One of {@link METHODS}. */
export type Method = (typeof METHODS)[number];

/** What a curve says. */
export type LossAnalysis = Readonly<Record<Method, Suggestion>> & {
  /** Smoothed losses, one for each loss until the test was to stop. */
  readonly smoothed: readonly number[];
  /** The learning rate at which the test was to stop, and why; nothing where it reached its end. */
  readonly diverged: { readonly learningRate: number; readonly why: string } | undefined;
};

/** fastai drops the first tenth of the steps and the last five. */
const DROPPED = { firstShare: 10, last: 5 } as const;
/** Points that a descent needs to have a middle. */
const POINTS_LEAST = 3;
/** A fall counts from so many standard errors on (of 2,000 curves of 300 steps of noise, none falls so far), and from this share on. */
const FALL_LEAST = { errors: 4, share: 0.01 } as const;

/**
 * Reads a curve of losses by fastai's rules (fastai 2, callback/schedule.py); docs/deviations.md says where it differs. Losses after the
 * one that stops the test, by `stopFactor` as in `findStop`, are not looked at. Never throws.
 */
export function analyzeLosses(curve: LossCurve, stopFactor = STOP_FACTOR): LossAnalysis {
  const stop = findStop(curve.losses, stopFactor);
  const losses = curve.losses.slice(0, stop?.steps);
  const noise = noiseOf(losses);
  const rate = curve.learningRates[losses.length - 1] ?? Number.NaN;
  const diverged = stop && { learningRate: rate, why: stop.why };
  const all = smooth(losses).map((smoothing, step): Point => ({
    learningRate: curve.learningRates[step] ?? Number.NaN,
    loss: meanOf(smoothing),
    error: errorOf(smoothing) * noise,
  }));
  const start = Math.floor(curve.learningRates.length / DROPPED.firstShare);
  const points = all
    .slice(start, Math.max(start, all.length - DROPPED.last))
    .filter(({ learningRate, loss }) => learningRate > 0 && Number.isFinite(loss));
  const why = findObstacle(points, diverged);
  return { smoothed: all.map(({ loss }) => loss), diverged, ...suggest(points, why, diverged) };
}

function suggest(
  points: readonly Point[],
  why: string | undefined,
  diverged: LossAnalysis['diverged'],
): Readonly<Record<Method, Suggestion>> {
  if (why !== undefined) return toNone(why);
  const least = findMinimum(points);
  const isOpen = least === points.length - 1 && diverged === undefined;
  return {
    valley: toFound(rateAt(points, findValley(points))),
    steepest: toFound(rateAt(points, findSteepest(points))),
    minimum: isOpen
      ? {
          kind: 'none',
          why: 'the smoothed loss still falls at the highest learning rate: test higher ones',
        }
      : toFound(rateAt(points, least) / 10),
  };
}

function toFound(learningRate: number): Suggestion {
  return { kind: 'found', learningRate };
}

function toNone(why: string): Readonly<Record<Method, Suggestion>> {
  const none = { kind: 'none', why } as const;
  return { valley: none, steepest: none, minimum: none };
}

function rateAt(points: readonly Point[], index: number): number {
  return points[index]?.learningRate ?? Number.NaN;
}

/** Why nothing can be suggested, if so. */
function findObstacle(
  points: readonly Point[],
  diverged: LossAnalysis['diverged'],
): string | undefined {
  const [first] = points;
  const least = points[findMinimum(points)];
  if (first === undefined || least === undefined || points.length < POINTS_LEAST) {
    return diverged === undefined
      ? 'too few steps were trained to see the loss fall: test more steps'
      : `the loss diverges too early, at learning rate ${toShort(diverged.learningRate)}, to see it fall before: test lower ones`;
  }
  const fall = first.loss - least.loss;
  const noise = FALL_LEAST.errors * Math.hypot(first.error, least.error);
  if (fall > noise && fall > FALL_LEAST.share * Math.abs(first.loss)) return undefined;
  if (diverged !== undefined)
    return `the loss does not fall before it diverges at learning rate ${toShort(diverged.learningRate)}: test lower ones`;
  const measured = `from ${toShort(first.loss)} to ${toShort(least.loss)} at best`;
  return fall > noise
    ? `the loss hardly falls, ${measured}: test higher learning rates or more steps`
    : `the loss does not fall by more than its noise, ${measured}: test more steps, or higher learning rates`;
}

function toShort(value: number): string {
  return String(Number(value.toPrecision(3)));
}
