import { expect, test } from 'vitest';
import { type Fence, isBeforeFence, lowerFence, raiseFence } from '../../../agent/core/fence.ts';

const FENCE: Fence = new Map([['a', 2]]);

function toRef(attempt: number, stageId = 'a') {
  return { stageId, attempt };
}

test('an attempt that was taken up, and all before it, are not started again', () => {
  expect([1, 2, 3].map((attempt) => isBeforeFence(FENCE, toRef(attempt)))).toEqual([
    false,
    false,
    true,
  ]);
  expect(isBeforeFence(FENCE, toRef(1, 'b'))).toBe(true);
});

test('the fence of a stage only rises as attempts are taken up', () => {
  expect(raiseFence(FENCE, toRef(3)).get('a')).toBe(3);
  expect(raiseFence(FENCE, toRef(1))).toBe(FENCE);
});

test('an attempt that was never granted may be taken up again, unless a later one was', () => {
  expect(isBeforeFence(lowerFence(FENCE, toRef(2)), toRef(2))).toBe(true);
  expect(isBeforeFence(lowerFence(FENCE, toRef(2)), toRef(1))).toBe(false);
  expect(lowerFence(FENCE, toRef(1))).toBe(FENCE);
});
