// The smoothed loss and the rule that ends a range test.

import { expect, test } from 'vitest';
import { findStop } from '../../../src/lr/range-test/divergence.ts';
import { meanOf, smooth } from '../../../src/lr/range-test/smoothing.ts';

test('the smoothed loss is the mean with weights that shrink by 0.98 a step', () => {
  const losses = [2, 5, 1, 7, 3];
  const means = smooth(losses).map(meanOf);
  for (const [last, mean] of means.entries()) {
    const weights = losses.slice(0, last + 1).map((_, i) => 0.98 ** (last - i));
    const sum = weights.reduce((total, weight, i) => total + weight * (losses[i] ?? 0), 0);
    expect(mean).toBeCloseTo(sum / weights.reduce((a, b) => a + b), 12);
  }
});

test('a test stops with the first loss at which the smoothed one is more than 4 times its best', () => {
  // Smoothed: 1, then just above and below 4 by the second loss's weight of 1 / 1.98.
  const limit = 1.98 * 4 - 0.98;
  expect(findStop([1, limit + 0.01, 1])).toMatchObject({ steps: 2 });
  expect(findStop([1, limit - 0.01, 1])).toBeUndefined();
  expect(findStop([1, limit + 0.01])?.why).toContain('more than 4 times its best, 1.000');
  expect(findStop([1, limit + 0.01], 5)).toBeUndefined();
});

test.each([Number.NaN, Infinity, -Infinity])('a test stops with a loss that is %s', (loss) => {
  expect(findStop([1, 0.9, loss, 1])).toEqual({ steps: 3, why: `the loss is ${loss}` });
});

test('a loss below 0, or one that falls through 0, does not stop a test by itself', () => {
  const likelihoods = Array.from({ length: 60 }, (_, i) => 1 - i / 10);
  expect(findStop(likelihoods)).toBeUndefined();
  expect(findStop([-1, -1.1, -1, -1.2])).toBeUndefined();
  expect(findStop([...likelihoods, 900])?.why).toContain('has risen too far above its best');
});
