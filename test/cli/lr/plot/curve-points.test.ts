// The points of a curve of which every step has a value.

import { expect, test } from 'vitest';
import { toPoints } from '../../../../src/cli/lr/plot/curve-points.ts';

function points(values: readonly number[], stairs = false): readonly (readonly number[])[] {
  return Array.from(toPoints(Float64Array.from(values), 2, stairs));
}

test('a jump between levels is upright, and the last level lasts to the end', () => {
  expect(points([5, 5, 5, 1, 1])).toEqual([
    [0, 5],
    [1.5, 5],
    [1.5, 1],
    [2.5, 1],
  ]);
});

test('a moving curve is joined by lines', () => {
  expect(points([1, 2, 3])).toEqual([
    [0, 1],
    [0.5, 2],
    [1, 3],
  ]);
});

test('a level that meets a ramp ends at its last step', () => {
  expect(points([5, 5, 4, 3])).toEqual([
    [0, 5],
    [0.5, 5],
    [1, 4],
    [1.5, 3],
  ]);
});

test('on stairs every value lasts until the next', () => {
  expect(points([3, 2, 1], true)).toEqual([
    [0, 3],
    [0.5, 3],
    [0.5, 2],
    [1, 2],
    [1, 1],
    [1.5, 1],
  ]);
});

test('it can be iterated again', () => {
  const one = toPoints(Float64Array.of(1, 1), 1, false);
  expect(Array.from(one)).toEqual(Array.from(one));
  expect(Array.from(one)).toHaveLength(2);
});

test('a level of NaN is a level', () => {
  expect(points([Number.NaN, Number.NaN, Number.NaN])).toHaveLength(2);
});
