// The points of a smoothed curve, against their definitions written out.

import { expect, test } from 'vitest';
import { rngFor } from '../../../src/domain/random.ts';
import {
  findMinimum,
  findSteepest,
  findValley,
  type Point,
} from '../../../src/lr/range-test/suggest.ts';

function toPoints(losses: readonly number[]): readonly Point[] {
  return losses.map((loss, i) => ({ learningRate: 10 ** (i / 10), loss, error: 0 }));
}

/** fastai's loops, but for its start before the first point, after the last loss that is near the greatest before the least. */
function valleyByLoops(all: readonly number[]): number {
  const least = all.indexOf(Math.min(...all));
  const top = Math.max(...all.slice(0, Math.max(1, least)));
  const near = all.map((loss, i) => i < least && loss >= top - 0.01 * (top - all[least]!));
  const from = Math.max(0, near.lastIndexOf(true));
  const losses = all.slice(from);
  const lengths = losses.map(() => 1);
  let end = 0;
  for (let i = 1; i < losses.length; i += 1) {
    for (let j = 0; j < i; j += 1)
      if (losses[i]! < losses[j]!) lengths[i] = Math.max(lengths[i]!, lengths[j]! + 1);
    if (lengths[i]! > lengths[end]!) end = i;
  }
  const start = Math.max(0, end - lengths[end]!);
  const third = (end - start) / 3;
  return from + start + Math.floor(third) + Math.floor(third / 2);
}

test('the valley is the one that comparing every pair finds', () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const random = rngFor(seed, 'curve');
    const slope = random() * 4 - 2;
    // Rounded, so that some values are equal.
    const losses = Array.from({ length: 1 + (seed % 60) }, (_, i) =>
      Math.round(10 * random() - slope * i),
    );
    expect([seed, findValley(toPoints(losses))]).toEqual([seed, valleyByLoops(losses)]);
  }
});

test('the minimum is the first of the least', () => {
  expect(findMinimum(toPoints([3, 1, 2, 1, 5]))).toBe(1);
});

test('the steepest fall is where the loss falls most for the logarithm of its rate', () => {
  expect(findSteepest(toPoints([9, 9, 8, 4, 3, 2.9, 7, 7]))).toBe(2);
});

test('a jump of noise before the fall, or after the minimum, is no steepest fall', () => {
  const losses = [9.3, 8.9, 9.2, 9.1, 9, 8.8, 8.6, 8.3, 8, 7.8, 20, 9];
  expect(findSteepest(toPoints(losses))).toBeGreaterThanOrEqual(5);
  expect(findSteepest(toPoints(losses))).toBeLessThan(9);
  const noisy = toPoints([10, 8, 9.5, 9.4, 7.5, 6, 5]).map((point) => ({ ...point, error: 0.5 }));
  expect(findSteepest(noisy)).toBe(3);
});
