// What becomes of a trial that has epochs from others, and of the stages that it has them from.

import type { FactOf } from '../fact.ts';
import {
  addPending,
  known,
  type Mutable,
  rank,
  removePending,
  setStage,
  setTrial,
} from './mutable.ts';

/** It is among those that the stages of its path are of. */
export function cloneTrial(state: Mutable, fact: FactOf['trial-cloned']): void {
  const { trialId, fromTrialId: clonedFrom, path, untilEpoch } = fact;
  setTrial(state, trialId, { clonedFrom });
  for (const { stageId, toEpoch } of path)
    if (toEpoch === null) joinStage(state, stageId, trialId, untilEpoch);
    else addMember(state, stageId, trialId);
  rank(state, trialId);
}

/** It may wait longer, or shorter, now that it has longer to go. */
function joinStage(state: Mutable, stageId: string, trialId: string, untilEpoch: number): void {
  const before = known(state.stages, stageId);
  removePending(state, before);
  addMember(state, stageId, trialId);
  setStage(state, stageId, { untilEpoch: Math.max(before.untilEpoch, untilEpoch) });
  addPending(state, known(state.stages, stageId));
}

function addMember(state: Mutable, stageId: string, trialId: string): void {
  const { members } = known(state.stages, stageId);
  setStage(state, stageId, { members: [...members, trialId] });
}
