// The best trials of a sweep.

import { WORST } from '../../domain/objective.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { scoreOf, type Goal } from './goal.ts';

type Scored = { readonly trial: TrialView; readonly score: number };

/** The `count` best of `trials`, best first, equal ones by number; those without a finite value are never among them. */
export function leadersOf(
  trials: readonly TrialView[],
  goal: Goal,
  count: number,
): readonly TrialView[] {
  const leaders: Scored[] = [];
  for (const trial of trials) {
    const score = scoreOf(trial, goal);
    if (score !== WORST) insert(leaders, { trial, score }, count);
  }
  return leaders.map(({ trial }) => trial);
}

function insert(leaders: Scored[], scored: Scored, count: number): void {
  const last = leaders.length >= count ? leaders.at(-1) : undefined;
  if (last !== undefined && !isBefore(scored, last)) return;
  const after = leaders.findIndex((leader) => isBefore(scored, leader));
  if (after === -1) leaders.push(scored);
  else leaders.splice(after, 0, scored);
  if (leaders.length > count) leaders.pop();
}

function isBefore(a: Scored, b: Scored): boolean {
  return a.score === b.score ? a.trial.number < b.trial.number : a.score < b.score;
}
