// Curves in columns.

import { expect, test } from 'vitest';
import type { Point, Series } from '../../src/chart/chart.ts';
import { toStrokes } from '../../src/chart/strokes.ts';

const UNIT = { from: 0, to: 1, log: false } as const;

function strokesOf(series: Partial<Series>, columns: number): ReturnType<typeof toStrokes> {
  return toStrokes({ label: '', points: [], ...series }, { x: UNIT, y: UNIT, columns });
}

const MILLION = 1_000_000;

/** A million equal values with another one in the middle. */
function* spike(height: number): Generator<Point, void> {
  for (let i = 0; i < MILLION; i += 1) yield [i / (MILLION - 1), i === 333_333 ? height : 0.5];
}

test.each([
  [0.9, 'greatest'],
  [0.1, 'least'],
] as const)('a spike of one step in a million is kept: %d', (height, end) => {
  const [stroke = [], ...others] = strokesOf(
    { points: { [Symbol.iterator]: () => spike(height) } },
    100,
  );
  expect(others).toEqual([]);
  expect(stroke.length).toBe(100);
  expect(stroke.filter((column) => column[end] !== 0.5)).toEqual([
    expect.objectContaining({ x: 33, first: 0.5, last: 0.5, [end]: height }),
  ]);
});

test('a column knows its first, last, least and greatest, and their order', () => {
  const points: Point[] = [0.5, 0.2, 0.9, 0.4].map((y) => [0, y]);
  expect(strokesOf({ points }, 2)).toEqual([
    [{ x: 0, first: 0.5, last: 0.4, least: 0.2, greatest: 0.9, rising: true }],
  ]);
  expect(strokesOf({ points: points.toReversed() }, 2)[0]?.[0]?.rising).toBe(false);
});

test('what has no place interrupts a curve', () => {
  const points: Point[] = [
    [0, 0.1],
    [0.25, Number.NaN],
    [0.5, 0.3],
    [0.75, Number.POSITIVE_INFINITY],
    [1, 0.5],
    [2, 0.5],
  ];
  expect(strokesOf({ points }, 5).map((stroke) => stroke.map(({ x }) => x))).toEqual([
    [0],
    [2],
    [4],
  ]);
});

test('values beyond the scale run along its edge', () => {
  const [stroke] = strokesOf(
    {
      points: [
        [0, -4],
        [1, 7],
      ],
    },
    2,
  );
  expect(stroke?.map(({ first }) => first)).toEqual([0, 1]);
});

test('a held value lasts until the next point', () => {
  const [stroke] = strokesOf(
    {
      points: [
        [0, 0.2],
        [0.5, 0.8],
        [1, 0.8],
      ],
      held: true,
    },
    3,
  );
  expect(stroke?.map(({ x, first, last }) => [x, first, last])).toEqual([
    [0, 0.2, 0.2],
    [1, 0.2, 0.8],
    [2, 0.8, 0.8],
  ]);
});
