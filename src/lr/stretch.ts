// Values of a stretch of steps from a closed form.
// Promise: one number wherever all steps of the stretch have the same value, else one value a step; nothing is allocated per step.

import type { Run, Strategy } from './strategy.ts';

/** A value for every step of a stretch: one for all, or one a step. */
export type Stretch = number | Float64Array;

/**
 * Optimizer steps of a run, at least one, so that a strategy has a first step for a warm-up as long as the training to rise to.
 * Behind a warm-up `epochs` may be a fraction, whose product with the steps is whole but for rounding.
 */
export function totalSteps({ stepsPerEpoch, epochs }: Run): number {
  return Math.max(1, Math.round(stepsPerEpoch * epochs));
}

/** Evaluates `valueAt` at `count` steps from the 0-based `fromStep`. */
export function toStretch(
  fromStep: number,
  count: number,
  valueAt: (step: number) => number,
): Stretch {
  const first = valueAt(fromStep);
  let same = 1;
  let next = first;
  while (same < count && (next = valueAt(fromStep + same)) === first) same += 1;
  if (same >= count) return first;
  const values = new Float64Array(count).fill(first, 0, same);
  values[same] = next;
  for (let i = same + 1; i < count; i += 1) values[i] = valueAt(fromStep + i);
  return values;
}

/**
 * As {@link toStretch} for a value that depends only on which stair a step stands on: `valueOf` is asked once a stair,
 * and a stretch within one stair costs the same whatever its length. `stairAt` must never fall.
 */
export function toStairs(
  fromStep: number,
  count: number,
  stairAt: (step: number) => number,
  valueOf: (stair: number) => number,
): Stretch {
  let stair = stairAt(fromStep);
  let value = valueOf(stair);
  if (count <= 1 || stairAt(fromStep + count - 1) === stair) return value;
  return toStretch(fromStep, count, (step) => {
    const here = stairAt(step);
    if (here !== stair) {
      stair = here;
      value = valueOf(here);
    }
    return value;
  });
}

/** A strategy whose learning rate depends on the step alone; `S` holds its lengths in steps. */
export function openLoop<S>(
  start: (run: Run) => S,
  learningRate: (state: S, fromStep: number, count: number) => Stretch,
): Strategy<S> {
  return {
    start,
    controls: (state, fromStep, count) => ({ learningRate: learningRate(state, fromStep, count) }),
    observe: (state) => state,
  };
}
