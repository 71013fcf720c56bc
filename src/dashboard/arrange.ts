// The list of trials as the person wants it: filtered by words, sorted by a key.
// Promise: a total order (ties go by number), with trials that lack the value at the end whichever way it is sorted.

import { toScore, WORST, type Mode } from '../domain/objective.ts';
import type { TrialView } from '../wire/generated/espalier/v1/sweep.ts';
import { stateOf } from './frame/state.ts';
import { shownSweep, shownTrials, type Model, type Sort, type SortKey } from './model.ts';

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

/** Which way an objective is better; a view that does not say so minimises. */
export function modeOf(mode: string | undefined): Mode {
  return mode === 'max' ? 'max' : 'min';
}

/** The rows of `model` computed anew. */
export function arrange(model: Model): readonly TrialView[] {
  const words = model.filter.toLowerCase().split(' ').filter(Boolean);
  const kept = shownTrials(model).filter((trial) => passes(trial, words));
  return sortTrials(kept, model.sort, modeOf(shownSweep(model)?.objective?.mode));
}

function passes(trial: TrialView, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { number, strategy, strategyValues, config, seed, slot, message } = trial;
  const text =
    `#${number} ${stateOf(trial)} ${strategy} ${strategyValues} ${config} seed ${seed} ${slot} ${message}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function sortTrials(trials: TrialView[], sort: Sort, mode: Mode): readonly TrialView[] {
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
