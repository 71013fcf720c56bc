// Round numbers on scales.

import { expect, test } from 'vitest';
import { ticksAround, toLabels, toShort, toTicks } from '../../src/chart/ticks.ts';

function linear(from: number, to: number, most: number): readonly number[] {
  return toTicks({ from, to, log: false }, most);
}

function log(from: number, to: number, most: number): readonly number[] {
  return toTicks({ from, to, log: true }, most);
}

test('linear ticks are multiples of 1, 2, 2.5 or 5, as many as fit', () => {
  expect(linear(0, 20, 9)).toEqual([0, 5, 10, 15, 20]);
  expect(linear(0, 20, 11)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  expect(linear(0, 0.006, 7)).toEqual([0, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006]);
  expect(linear(0.3, 1, 4)).toEqual([0.4, 0.6, 0.8, 1]);
  expect(linear(0, 100, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(linear(-1, 1, 3)).toEqual([-1, 0, 1]);
});

test('epochs are not counted in halves: there is no step of 2.5', () => {
  expect(linear(0, 20, 10)).toEqual([0, 5, 10, 15, 20]);
});

test('logarithmic ticks are all digits, some of them, or powers of ten, as many as fit', () => {
  expect(log(1, 10, 20)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(log(0.001, 0.1, 7)).toEqual([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1]);
  expect(log(0.001, 0.1, 5)).toEqual([0.001, 0.003, 0.01, 0.03, 0.1]);
  expect(log(0.001, 0.1, 4)).toEqual([0.001, 0.01, 0.1]);
  expect(log(5e-4, 0.1, 3)).toEqual([0.001, 0.01, 0.1]);
  expect(log(1e-12, 1, 5)).toEqual([1e-12, 1e-9, 1e-6, 1e-3, 1]);
});

test('a logarithmic scale too short for any digit has linear ticks', () => {
  expect(log(1.1, 1.9, 4)).toEqual([1.2, 1.4, 1.6, 1.8]);
});

test.each([
  [0, 1e-300, 5],
  [1e300, 1.7e308, 5],
  [0, 1, 2],
  [-3.7e-5, 12, 2],
  [0.1, 0.1 + 1e-12, 6],
])('there are at most as many as asked for: %d to %d, %d', (from, to, most) => {
  const ticks = linear(from, to, most);
  expect(ticks.length).toBeLessThanOrEqual(most);
  for (const tick of ticks) expect(tick >= from - 1e-9 * to && tick <= to * (1 + 1e-9)).toBe(true);
});

test('a scale is widened to round numbers', () => {
  expect(ticksAround({ from: 0, to: 0.0957, log: false }, 6)).toEqual({ from: 0, to: 0.1 });
  expect(ticksAround({ from: 0.85, to: 0.95, log: false }, 4)).toEqual({ from: 0.85, to: 0.95 });
  expect(ticksAround({ from: 3e-4, to: 0.08, log: true }, 4)).toEqual({ from: 2e-4, to: 0.1 });
  expect(ticksAround({ from: 1e-3, to: 1e-1, log: true }, 4)).toEqual({ from: 1e-3, to: 1e-1 });
});

test('labels say their ticks exactly', () => {
  expect(toLabels([0, 0.0005, 0.001], false)).toEqual(['0', '0.0005', '0.001']);
  expect(toLabels([0, 2e-5, 4e-5], false)).toEqual(['0', '2e-5', '4e-5']);
  expect(toLabels([1e-4, 1e-3, 1e-2], true)).toEqual(['1e-4', '0.001', '0.01']);
  expect(toLabels([0, 1.5e6], false)).toEqual(['0', '1.5e6']);
  expect([0.05, 2.5e-7, 1e9, -3].map(toShort)).toEqual(['0.05', '2.5e-7', '1e9', '-3']);
});
