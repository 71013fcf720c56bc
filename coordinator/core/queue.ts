// The order in which pending stages wait: those with the most epochs from their first one on first, so that the whole sweep ends soonest, then by leading trial.
// Promise: total, and made of what never changes of a stage, so that a queue keeps its order while stages wait in it.

import type { Stage, State } from './model.ts';

/** Below zero if `a` waits before `b`. */
export function compareStages(trials: State['trials'], a: Stage, b: Stage): number {
  return (
    lengthOf(b) - lengthOf(a) ||
    numberOf(trials, a) - numberOf(trials, b) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

function lengthOf({ untilEpoch, fromEpoch }: Stage): number {
  return untilEpoch - fromEpoch;
}

function numberOf(trials: State['trials'], stage: Stage): number {
  return trials.get(stage.members[0] ?? '')?.number ?? 0;
}
