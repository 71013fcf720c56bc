// Values of a stretch of steps from a closed form.
// Promise: one number wherever all steps of the stretch have the same value, else one value a step; nothing is allocated per step.

import type { Run, Strategy } from './strategy.ts';

/** A value for every step of a stretch: one for all, or one a step. */
export type Stretch = number | Float64Array;

/** The value of one step, by its 0-based place in the stretch; NaN beyond the end. */
export function valueIn(stretch: Stretch, place: number): number {
  return typeof stretch === 'number' ? stretch : (stretch[place] ?? Number.NaN);
}

/** Writes a stretch of `count` steps into `values`, the first one at `from`. */
export function copyInto(
  values: Float64Array,
  from: number,
  stretch: Stretch,
  count: number,
): void {
  if (typeof stretch === 'number') values.fill(stretch, from, from + count);
  else values.set(stretch, from);
}

/**
 * Optimizer steps of a run, at least one, so that a strategy has a first step for a warm-up as long as the training to rise to.
 * Behind a warm-up `epochs` may be a fraction, whose product with the steps is whole but for rounding.
 */
export function totalSteps({ stepsPerEpoch, epochs }: Run): number {
  return Math.max(1, Math.round(stepsPerEpoch * epochs));
}

/** Evaluates `valueAt` at `count` steps, one or more, from the 0-based `fromStep`: one number if all values are equal, else `count` float64. */
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
 * and a stair costs the logarithm of its length. `stairAt` must never fall.
 */
export function toStairs(
  fromStep: number,
  count: number,
  stairAt: (step: number) => number,
  valueOf: (stair: number) => number,
): Stretch {
  const end = fromStep + count;
  let to = toStairEnd(fromStep, end, stairAt);
  const first = valueOf(stairAt(fromStep));
  if (to >= end) return first;
  const values = new Float64Array(count).fill(first, 0, to - fromStep);
  let isSame = true;
  while (to < end) {
    const from = to;
    const value = valueOf(stairAt(from));
    to = toStairEnd(from, end, stairAt);
    isSame &&= value === first;
    values.fill(isSame ? first : value, from - fromStep, to - fromStep);
  }
  return isSame ? first : values;
}

/** The first step before `end` that stands higher than `from`, or else `end`: strides double until one goes too far, then halve. */
function toStairEnd(from: number, end: number, stairAt: (step: number) => number): number {
  const stair = stairAt(from);
  let on = from;
  let stride = 1;
  while (on + stride < end && stairAt(on + stride) === stair) {
    on += stride;
    stride *= 2;
  }
  let off = Math.min(on + stride, end);
  while (off - on > 1) {
    const middle = Math.floor((on + off) / 2);
    if (stairAt(middle) === stair) on = middle;
    else off = middle;
  }
  return off;
}

/**
 * As {@link toStretch} for values that a strategy has evaluated in a loop of its own, which is faster where several series come of
 * the same numbers, or a value costs little more than to be asked for. There is at least one. Takes the array over.
 */
export function toCollapsed(values: Float64Array): Stretch {
  const first = values[0] ?? Number.NaN;
  let same = 1;
  while (same < values.length && values[same] === first) same += 1;
  return same >= values.length ? first : values.fill(first, 0, same);
}

/**
 * A strategy whose learning rate depends on the step alone. `start` gives a state, plain JSON, that holds its lengths in steps;
 * `learningRate` gives the values of `count` steps from the 0-based `fromStep`, as {@link toStretch} does.
 */
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
