// What is said to a trial's process, and what is made of its answers.

import { expect, test } from 'vitest';
import { findLossMismatch, toRangeTestMs } from '../../../agent/trial/messages.ts';

test('a range test has the time of every epoch that its steps reach into', () => {
  expect(toRangeTestMs(100, 40, 1000)).toBe(3000);
  expect(toRangeTestMs(80, 40, 1000)).toBe(2000);
});

test('a range test without a limit on epochs has none, and no limit is more than a timer can wait', () => {
  expect(toRangeTestMs(100, 40, undefined)).toBeUndefined();
  expect(toRangeTestMs(20_000, 1, 2_000_000_000)).toBe(2 ** 31 - 1);
});

test('losses may be fewer than the steps of a range test, but neither none nor more', () => {
  expect(findLossMismatch(0, 100)).toBe('0 losses came for the 100 steps of the range test');
  expect(findLossMismatch(1, 100)).toBeUndefined();
  expect(findLossMismatch(100, 100)).toBeUndefined();
  expect(findLossMismatch(101, 100)).toBe('101 losses came for the 100 steps of the range test');
});
