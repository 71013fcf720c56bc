// Which trials of a sweep are worth the most room.

import type { Mode } from '../domain/objective.ts';
import { toScore } from '../domain/objective.ts';
import type { TrialRecord } from '../results/sweep-rows.ts';

/** Trials with the best value so far first, equal ones by number, those without a finite value last. */
export function byMerit(trials: readonly TrialRecord[], mode: Mode): readonly TrialRecord[] {
  const score = ({ best_value: best }: TrialRecord): number => toScore(mode, best ?? undefined);
  return trials.toSorted((a, b) => {
    const [first, second] = [score(a), score(b)];
    return first === second ? a.number - b.number : first - second;
  });
}
