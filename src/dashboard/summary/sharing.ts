// Which trials a trial shares its training with.
// Promise: said of trials that train in one stage now, and of ended ones that have the same training behind them from
// beginning to end; of nothing in between.

import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { numbersIn } from '../frame/trial-numbers.ts';
import { isOver } from './strategies.ts';

/** `shares its stage with #3 #9 and 4 more`, `equal to #3: trained once`, or nothing, in about `width` columns. */
export function sharingText(trials: Iterable<TrialView>, shown: TrialView, width: number): string {
  const numbers = [...trials]
    .filter((other) => other.trialId !== shown.trialId && isTogether(other, shown))
    .map(({ number }) => number)
    .toSorted((a, b) => a - b);
  if (numbers.length === 0) return '';
  const named = numbersIn(numbers, numbers.length, Math.max(8, width - 24));
  return isOver(shown) ? `equal to ${named}: trained once` : `shares its stage with ${named}`;
}

function isTogether(a: TrialView, b: TrialView): boolean {
  if (b.stageId === '' || a.stageId !== b.stageId || isOver(a) !== isOver(b)) return false;
  return !isOver(b) || (a.epoch === b.epoch && b.epoch > 0);
}
