// The list of trials as the person wants it: filtered, sorted by a key.
// Promise: a total order (ties go by number), with trials that lack the value at the end whichever way it is sorted.

import { toScore, WORST, type Mode } from '../domain/objective.ts';
import type { TrialView } from '../wire/generated/espalier/v1/sweep.ts';
import { toFilter } from './filter.ts';
import { shownSweep, shownTrials, type Model, type Sort, type SortKey } from './model.ts';
import { goalOf } from './summary/goal.ts';

/** Keys in the order in which `s` goes through them. */
export const SORT_KEYS: readonly SortKey[] = [
  'number',
  'best',
  'last',
  'epoch',
  'rate',
  'state',
  'strategy',
];

const STATES = ['running', 'paused', 'failed', 'diverged', 'completed', 'pending', 'cancelled'];

/** The rows of `model` computed anew. */
export function arrange(model: Model): readonly TrialView[] {
  const kept = shownTrials(model).filter(toFilter(model.filter));
  return sortTrials(kept, model.sort, goalOf(shownSweep(model)).mode);
}

function sortTrials(trials: readonly TrialView[], sort: Sort, mode: Mode): readonly TrialView[] {
  const turn = sort.reversed ? -1 : 1;
  if (sort.key === 'strategy') {
    return trials.toSorted((a, b) => turn * byStrategy(a, b) || a.number - b.number);
  }
  const place = PLACE[sort.key];
  return trials
    .map((trial) => ({ trial, place: orLast(place(trial, mode)) }))
    .toSorted((a, b) => compare(a.place, b.place, turn) || a.trial.number - b.trial.number)
    .map(({ trial }) => trial);
}

function orLast(place: number): number {
  return Number.isFinite(place) ? place : WORST;
}

function compare(a: number, b: number, turn: number): number {
  if (a === b) return 0;
  return a === WORST || b === WORST ? a - b : turn * (a - b);
}

function byStrategy(a: TrialView, b: TrialView): number {
  return compareText(a.strategy, b.strategy) || compareText(a.strategyValues, b.strategyValues);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

// Lower places come first, infinity last.
const PLACE: Readonly<
  Record<Exclude<SortKey, 'strategy'>, (trial: TrialView, mode: Mode) => number>
> = {
  number: ({ number }) => number,
  best: ({ hasValue, bestValue }, mode) => toScore(mode, hasValue ? bestValue : undefined),
  last: ({ hasValue, lastValue }, mode) => toScore(mode, hasValue ? lastValue : undefined),
  epoch: ({ epoch }) => -epoch,
  rate: ({ learningRate, epoch }) => (epoch === 0 ? WORST : -learningRate),
  state: ({ state }) => STATES.indexOf(state) + (STATES.includes(state) ? 0 : STATES.length + 1),
};
