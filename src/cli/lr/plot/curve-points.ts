// The points of a curve of which every step has a value, with x in epochs.
// Promise: levels have two points, whatever their length; a jump between two levels is upright, not slanted.

import type { Point } from '../../../chart/chart.ts';

/**
 * The value of step `t` stands at `t / stepsPerEpoch`. Where a level (two equal steps or more) meets a level, or the end, it
 * lasts until there; with `stairs`, so does every value. Anything else is joined by lines. It can be iterated again.
 */
export function toPoints(
  values: Float64Array,
  stepsPerEpoch: number,
  stairs: boolean,
): Iterable<Point> {
  return { [Symbol.iterator]: () => pointsOf(values, stepsPerEpoch, stairs) };
}

function* pointsOf(
  values: Float64Array,
  stepsPerEpoch: number,
  stairs: boolean,
): Generator<Point, void> {
  for (let from = 0, end = 0; from < values.length; from = end) {
    const value = values[from] ?? Number.NaN;
    end = endOfLevel(values, from);
    yield [from / stepsPerEpoch, value];
    const isLevel = end - from > 1;
    const meetsLevel = end === values.length || endOfLevel(values, end) - end > 1;
    if (stairs || (isLevel && meetsLevel)) yield [end / stepsPerEpoch, value];
    else if (isLevel) yield [(end - 1) / stepsPerEpoch, value];
  }
}

/** The first step after `from` with another value. */
function endOfLevel(values: Float64Array, from: number): number {
  const value = values[from];
  let end = from + 1;
  while (end < values.length && Object.is(values[end], value)) end += 1;
  return end;
}
