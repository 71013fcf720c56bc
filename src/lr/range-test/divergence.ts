// When a range test has seen enough: fastai's rule, a loss at a time.
// Promise: pure, so that the process that trains and whoever looks at its losses later stop at the same step.

import { addTo, meanOf, NOTHING, type Smoothing } from './smoothing.ts';

/** Stops when the smoothed loss is more than this many times its best; fastai's. */
export const STOP_FACTOR = 4;

/** What is known after some losses. */
export type Watch = {
  readonly smoothing: Smoothing;
  /** The first smoothed loss, and the least one. */
  readonly first: number;
  readonly best: number;
  /** Why the last loss was one too many. */
  readonly stopped: string | undefined;
};

/** Before the first loss. */
export const UNSEEN: Watch = {
  smoothing: NOTHING,
  first: Number.NaN,
  best: Number.POSITIVE_INFINITY,
  stopped: undefined,
};

/**
 * Looks at the next loss. A loss that is not finite stops the test too; fastai trains on through NaN.
 * A best loss of 0 or less cannot be multiplied into a limit: there the room is counted in the best loss's size, or in how far the
 * loss has fallen, whichever is more.
 */
export function watchLoss(watch: Watch, loss: number, factor = STOP_FACTOR): Watch {
  const smoothing = addTo(watch.smoothing, loss);
  const mean = meanOf(smoothing);
  const first = Number.isNaN(watch.first) ? mean : watch.first;
  const best = Math.min(watch.best, mean);
  const seen = { smoothing, first, best };
  if (!Number.isFinite(loss)) return { ...seen, stopped: `the loss is ${loss}` };
  const room = best > 0 ? best : Math.max(-best, first - best);
  if (mean - best <= (factor - 1) * room) return { ...seen, stopped: undefined };
  const [high, low] = [mean, best].map((value) => value.toPrecision(4));
  const stopped =
    best > 0
      ? `the smoothed loss, ${high}, is more than ${factor} times its best, ${low}`
      : `the smoothed loss, ${high}, has risen too far above its best, ${low}`;
  return { ...seen, stopped };
}

/**
 * How many of the losses were looked at until the test was to stop, that loss with them, and why; nothing if it was never to stop. It is
 * when the smoothed loss is more than `factor` times its best (fastai's rule), or a loss is not finite.
 */
export function findStop(
  losses: readonly number[],
  factor = STOP_FACTOR,
): { readonly steps: number; readonly why: string } | undefined {
  let watch = UNSEEN;
  for (const [step, loss] of losses.entries()) {
    watch = watchLoss(watch, loss, factor);
    if (watch.stopped !== undefined) return { steps: step + 1, why: watch.stopped };
  }
  return undefined;
}
