import { expect, test } from 'vitest';
import { axisOf, placeOn, ticksTo, valueAt } from '../../../../src/dashboard/frame/chart/axis.ts';
import { chartLines, epochLines } from '../../../../src/dashboard/frame/chart/chart.ts';
import { lineWidth, toAnsi } from '../../../../src/dashboard/frame/line.ts';

test('an axis ignores what has no place on it', () => {
  expect(axisOf([1, Number.NaN, 3, Number.POSITIVE_INFINITY], false)).toEqual({
    least: 1,
    greatest: 3,
    log: false,
  });
  expect(axisOf([-1, 0, 0.1, 10], true)).toEqual({ least: 0.1, greatest: 10, log: true });
  expect(axisOf([0, -1], true)).toBeUndefined();
  expect(axisOf([], false)).toBeUndefined();
});

test('one value alone gets room around it', () => {
  expect(axisOf([2], false)).toEqual({ least: 1.8, greatest: 2.2, log: false });
  expect(axisOf([0], false)).toEqual({ least: -1, greatest: 1, log: false });
  expect(axisOf([2], true)).toEqual({ least: 1, greatest: 4, log: true });
});

test('on a logarithmic axis the middle is the geometric mean', () => {
  const axis = { least: 0.01, greatest: 1, log: true };
  expect(placeOn(axis, 0.1)).toBeCloseTo(0.5, 12);
  expect(valueAt(axis, 0.5)).toBeCloseTo(0.1, 12);
  expect(placeOn(axis, 0)).toBeUndefined();
});

test('ticks are round, begin at 0 and do not pass the end', () => {
  expect(ticksTo(50, 6)).toEqual([0, 10, 20, 30, 40, 50]);
  expect(ticksTo(7, 4)).toEqual([0, 5]);
  expect(ticksTo(3, 10)).toEqual([0, 1, 2, 3]);
});

test('a curve falls from the upper left to the lower right, beside its values', () => {
  const axis = { least: 0, greatest: 1, log: false };
  const points = [
    { x: 0, y: 1 },
    { x: 10, y: 0 },
  ];
  const chart = {
    curves: [{ points, axis, tone: 'live', dotted: false }],
    epochs: 10,
    left: axis,
    right: undefined,
    label: String,
  } as const;
  const lines = chartLines(chart, 15, 2).map((line) => toAnsi(line, 'none'));
  expect(lines).toEqual(['       1 ┤⠑⢄  ', '       0 ┤  ⠑⢄']);
});

test('a value without a place interrupts its curve', () => {
  const axis = { least: 0, greatest: 1, log: false };
  const points = [0, 1, 2, 3].map((x) => ({ x, y: x === 1 ? Number.NaN : 1 }));
  const chart = {
    curves: [{ points, axis, tone: 'live', dotted: false }],
    epochs: 3,
    left: axis,
    right: undefined,
    label: String,
  } as const;
  expect(chartLines(chart, 15, 1).map((line) => toAnsi(line, 'none'))).toEqual(['       1 ┤⠁ ⠈⠉']);
});

test('the epochs below are as wide as the chart and name its ends', () => {
  const [axis, labels] = epochLines(20, 60);
  expect(lineWidth(axis ?? [])).toBe(70);
  expect(toAnsi(labels ?? [], 'none')).toMatch(/^ {3}epoch {2}0 .* 20$/);
});
