// What becomes of stages, and of the trials in them.

import type { FactOf } from '../fact.ts';
import { openMembers } from '../members.ts';
import type { Stage } from '../model.ts';
import {
  addPending,
  known,
  type Mutable,
  rank,
  removePending,
  setLease,
  setStage,
  setTrial,
} from './mutable.ts';

/** How much of a sweep's pace stays when an epoch is averaged in; the epoch's own time is the rest. */
const PACE_KEPT = 0.9;

/** Its members go on in it. */
export function createStage(state: Mutable, stage: Stage): void {
  state.stages.set(stage.id, stage);
  const tree = state.openOf.get(stage.rootId) ?? new Set();
  state.openOf.set(stage.rootId, tree.add(stage.id));
  const change =
    stage.state === 'paused'
      ? ({ state: 'paused', isPausing: false } as const)
      : ({ state: 'pending' } as const);
  // The trials of a root were made for it.
  if (stage.parentId !== null)
    for (const trialId of stage.members) setTrial(state, trialId, { stageId: stage.id, ...change });
  if (stage.state === 'pending') addPending(state, stage);
}

/** An epoch was trained, for all members at once. */
export function recordEpoch(state: Mutable, fact: FactOf['epoch-recorded']): void {
  const stage = known(state.stages, fact.stageId);
  const pace = state.paces.get(stage.sweepId) ?? fact.seconds;
  state.paces.set(stage.sweepId, PACE_KEPT * pace + (1 - PACE_KEPT) * fact.seconds);
  setStage(state, stage.id, { recordedEpochs: fact.epoch - stage.fromEpoch + 1 });
  const members = openMembers(state, stage);
  for (const trialId of members) {
    setTrial(state, trialId, {
      epochsDone: fact.epoch + 1,
      last: fact.value,
      learningRate: fact.rates.last,
      ...(fact.isBest ? { best: { epoch: fact.epoch, value: fact.value } } : {}),
    });
  }
  // All of them have the same values: the first one goes before the others.
  const leader = state.leaders.get(stage.sweepId);
  const ranked = leader !== undefined && members.includes(leader) ? leader : members[0];
  if (ranked !== undefined) rank(state, ranked);
}

/** An epoch was trained that is on record. */
export function repeatEpoch(state: Mutable, fact: FactOf['epoch-repeated']): void {
  const stage = known(state.stages, fact.stageId);
  setStage(state, stage.id, {
    repeatedEpochs: stage.repeatedEpochs + 1,
    reproducible: stage.reproducible && fact.isSame,
  });
}

/** It waits no longer. */
export function pauseStage(state: Mutable, stageId: string): void {
  const stage = known(state.stages, stageId);
  removePending(state, stage);
  state.waiting.delete(stageId);
  setStage(state, stageId, { state: 'paused' });
  for (const trialId of openMembers(state, stage))
    setTrial(state, trialId, { state: 'paused', isPausing: false });
}

/** It waits again. */
export function resumeStage(state: Mutable, stageId: string): void {
  setStage(state, stageId, { state: 'pending' });
  const stage = known(state.stages, stageId);
  addPending(state, stage);
  for (const trialId of openMembers(state, stage)) setTrial(state, trialId, { state: 'pending' });
}

/** It is trained no further. */
export function endStage(state: Mutable, stageId: string): void {
  const stage = known(state.stages, stageId);
  if (stage.lease !== null) setLease(state, stage.lease, null);
  removePending(state, stage);
  state.waiting.delete(stageId);
  setStage(state, stageId, { state: 'ended', lease: null });
  const tree = known(state.openOf, stage.rootId);
  tree.delete(stageId);
  if (tree.size === 0) state.openOf.delete(stage.rootId);
}
