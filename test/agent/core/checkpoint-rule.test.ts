import { expect, test } from 'vitest';
import { isBetter, isToSave, type TrainedEpoch } from '../../../agent/core/checkpoint-rule.ts';
import { join, toFixed } from './member.ts';

const BEST = { every: 5, keep: 'best', mode: 'min' } as const;
const NONE = { ...BEST, keep: 'none' };

/** An epoch of trials that train 10 and 20 in all. */
function toEpoch(changes: Partial<TrainedEpoch>): TrainedEpoch {
  const members = join(toFixed(1, 0.1, 10), toFixed(2, 0.1, 20));
  return {
    done: 3,
    saved: 0,
    members,
    value: undefined,
    best: undefined,
    sweepBest: undefined,
    ...changes,
  };
}

test('a checkpoint is saved as soon as so many epochs are behind the last one', () => {
  expect([4, 5, 6].map((done) => isToSave(NONE, toEpoch({ done })))).toEqual([false, true, true]);
  expect([8, 9].map((done) => isToSave(NONE, toEpoch({ done, saved: 4 })))).toEqual([false, true]);
});

test('nothing is saved for recovery once nobody trains on', () => {
  expect(isToSave(NONE, toEpoch({ done: 10 }))).toBe(true);
  expect(isToSave(NONE, toEpoch({ done: 20 }))).toBe(false);
});

test.each([
  ['none', [false, false, false]],
  ['best', [false, false, false]],
  ['last', [false, true, true]],
  ['all', [false, true, true]],
])('of a sweep that keeps %s, the ends of trials are saved: %j', (keep, expected) => {
  const rule = { ...BEST, keep, every: 100 };
  expect([9, 10, 20].map((done) => isToSave(rule, toEpoch({ done })))).toEqual(expected);
});

test('where the best is kept, a value is saved that beats the best one known', () => {
  const isSaved = (value: number | undefined, best: number | undefined): boolean =>
    isToSave(BEST, toEpoch({ value, best }));
  expect(isSaved(0.5, undefined)).toBe(true);
  expect(isSaved(0.4, 0.5)).toBe(true);
  expect(isSaved(0.6, 0.5)).toBe(false);
  expect(isSaved(Number.NaN, undefined)).toBe(false);
  expect(isSaved(undefined, undefined)).toBe(false);
  expect(isToSave(NONE, toEpoch({ value: 0.4, best: 0.5 }))).toBe(false);
  expect(isToSave({ ...BEST, keep: 'last' }, toEpoch({ value: 0.4, best: 0.5 }))).toBe(false);
});

test('what is as good as the best of the sweep is saved, since by its number the trial may lead; what is worse is not', () => {
  const epochs = [
    { value: 0.4, best: 0.5 },
    { value: 0.3, best: 0.5 },
    { value: 0.2, best: 0.5 },
    // Of its own values the first of equal ones counts.
    { value: 0.3, best: 0.3 },
  ];
  const isSaved = epochs.map((epoch) => isToSave(BEST, toEpoch({ ...epoch, sweepBest: 0.3 })));
  expect(isSaved).toEqual([false, true, true, false]);
});

test('better is lower or higher as the objective says, and a value that is not finite beats nothing', () => {
  expect(isBetter('min', 1, 2)).toBe(true);
  expect(isBetter('max', 1, 2)).toBe(false);
  expect(isBetter('max', 3, 2)).toBe(true);
  expect(isBetter('min', 2, 2)).toBe(false);
  expect(isBetter('max', Number.POSITIVE_INFINITY, 2)).toBe(false);
  expect(isBetter('min', 2, Number.NaN)).toBe(true);
});
