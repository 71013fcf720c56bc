import { expect, test } from 'vitest';
import { leadersOf } from '../../../src/dashboard/summary/leaders.ts';
import { progressOf } from '../../../src/dashboard/summary/progress.ts';
import { summariseStrategies } from '../../../src/dashboard/summary/strategies.ts';
import { sweepView, trialView } from '../sample.ts';

const MIN = { mode: 'min', countsLast: false } as const;
const MAX = { mode: 'max', countsLast: false } as const;

const valued = (
  number: number,
  strategy: string,
  bestValue: number,
): ReturnType<typeof trialView> =>
  trialView({ number, strategy, bestValue, hasValue: true, state: 'completed' });

test('strategies come best first, with the median of all that have a value', () => {
  const trials = [
    valued(1, 'step', 4),
    valued(2, 'step', 2),
    valued(3, 'plateau', 1),
    valued(4, 'plateau', 5),
    valued(5, 'plateau', 9),
    trialView({ number: 6, strategy: 'plateau' }),
    valued(7, 'step', Number.NaN),
    trialView({ number: 8, strategy: 'cosine' }),
  ];
  expect(summariseStrategies(trials, MIN)).toEqual([
    { strategy: 'plateau', trials: 4, ended: 3, best: 1, median: 5 },
    { strategy: 'step', trials: 3, ended: 3, best: 2, median: 3 },
    { strategy: 'cosine', trials: 1, ended: 0, best: undefined, median: undefined },
  ]);
  expect(summariseStrategies(trials, MAX).map(({ best }) => best)).toEqual([9, 4, undefined]);
});

test('leaders are the best, equal ones by number, and never one without a finite value', () => {
  const trials = [
    valued(9, 'a', 1),
    valued(2, 'a', Number.NEGATIVE_INFINITY),
    valued(3, 'a', 2),
    valued(4, 'a', 1),
    trialView({ number: 5 }),
  ];
  expect(leadersOf(trials, MIN, 2).map(({ number }) => number)).toEqual([4, 9]);
  expect(leadersOf(trials, MAX, 9).map(({ number }) => number)).toEqual([3, 4, 9]);
});

test('a trial that has failed is behind us with all its epochs', () => {
  const trials = [
    trialView({ number: 1, state: 'completed', epoch: 20 }),
    trialView({ number: 2, state: 'failed', epoch: 3 }),
    trialView({ number: 3, state: 'running', epoch: 5 }),
    trialView({ number: 4 }),
  ];
  expect(progressOf(sweepView(), trials)).toEqual({
    completed: 20,
    failed: 20,
    cancelled: 0,
    trained: 5,
    left: 35,
    share: 45 / 80,
  });
});

test('a sweep that has ended needs no more work', () => {
  expect(progressOf(sweepView({ state: 'cancelled' }), [trialView({ number: 1 })]).share).toBe(1);
});
