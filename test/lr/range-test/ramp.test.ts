// The learning rates of a range test.

import { expect, test } from 'vitest';
import { toLearningRates } from '../../../src/lr/range-test/ramp.ts';

const RAMP = { min_lr: 1e-4, max_lr: 10, steps: 6, scale: 'exponential' } as const;

test('an exponential ramp multiplies by the same factor at each step and reaches both ends exactly', () => {
  const rates = toLearningRates(RAMP);
  expect(rates[0]).toBe(1e-4);
  expect(rates.at(-1)).toBe(10);
  for (const [i, exact] of [1e-4, 1e-3, 1e-2, 0.1, 1, 10].entries())
    expect(Math.abs((rates[i] ?? 0) / exact - 1)).toBeLessThan(1e-14);
});

test("a linear ramp may start at 0, as Smith's do", () => {
  expect(toLearningRates({ min_lr: 0, max_lr: 3, steps: 7, scale: 'linear' })).toEqual([
    0, 0.5, 1, 1.5, 2, 2.5, 3,
  ]);
});

test.each([
  ['an exponential ramp from 0', { min_lr: 0 }, /min_lr: received 0; it must be above 0/],
  ['a negative rate', { min_lr: -1, scale: 'linear' as const }, /min_lr: received -1/],
  ['ends that are the same', { max_lr: 1e-4 }, /max_lr: received 0.0001; it must be above min_lr/],
  ['an end that is none', { max_lr: Number.NaN }, /max_lr: received NaN/],
  ['five steps', { steps: 5 }, /steps: received 5; it must be a whole number from 6/],
  ['half a step', { steps: 7.5 }, /steps: received 7.5/],
])('%s is refused in words', (_, change, words) => {
  expect(() => toLearningRates({ ...RAMP, ...change })).toThrow(words);
});
