// A strategy's settings: trials that differ in their seed alone, what they come to together, and how far the seeds differ.
// Promise: only trials that have completed count, by their median, as in the leaderboard that a run ends with.

import { toScore } from '../../domain/objective.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { medianOf } from '../../domain/median.ts';
import { resultsOf, type Goal } from '../summary/goal.ts';
import { isOver } from '../summary/strategies.ts';

/** One setting; `median` is undefined until a seed has completed with a finite value. */
export type Setting = {
  readonly strategy: string;
  readonly label: string;
  readonly trials: readonly TrialView[];
  readonly ended: number;
  /** Results of the completed trials, best first, one a seed. */
  readonly values: readonly number[];
  readonly median: number | undefined;
};

/** The settings among `trials`, the best median first; those without a value last, in the order of their numbers. */
export function toSettings(trials: readonly TrialView[], goal: Goal): readonly Setting[] {
  const groups = new Map<string, TrialView[]>();
  for (const trial of trials) {
    const key = keyOf(trial);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trial]);
    else group.push(trial);
  }
  return [...groups.values()]
    .map((group) => toSetting(group, goal))
    .toSorted((a, b) => compare(toScore(goal.mode, a.median), toScore(goal.mode, b.median)));
}

// Of ten thousand trials few are new at a time.
const keys = new WeakMap<TrialView, string>();

function keyOf(trial: TrialView): string {
  const known = keys.get(trial);
  if (known !== undefined) return known;
  const { strategy, strategyValues, config, epochs } = trial;
  const key = [strategy, strategyValues, config, epochs].join('\n');
  keys.set(trial, key);
  return key;
}

function toSetting(trials: readonly TrialView[], goal: Goal): Setting {
  const [first] = trials;
  const completed = trials.filter(({ state }) => state === 'completed');
  const values = resultsOf(completed, goal);
  return {
    strategy: first?.strategy ?? '',
    label: [first?.strategyValues, first?.config].filter(Boolean).join('  '),
    trials,
    ended: trials.filter(isOver).length,
    values,
    median: medianOf(values),
  };
}

function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
