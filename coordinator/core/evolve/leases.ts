// What becomes of attempts.

import type { FactOf } from '../fact.ts';
import { openMembers } from '../members.ts';
import { changeCheckpoint } from './checkpoints.ts';
import { clearSlot } from './strikes.ts';
import {
  addPending,
  known,
  type Mutable,
  removePending,
  setLease,
  setStage,
  setTrial,
} from './mutable.ts';

/** A stage is given to a slot. */
export function grantLease(state: Mutable, fact: FactOf['lease-granted']): void {
  const { stageId, attempt, agentId, slot, start, wallMs } = fact;
  removePending(state, known(state.stages, stageId));
  setStage(state, stageId, {
    state: 'leased',
    attempt,
    lease: { agentId, slot, start, grantedWallMs: wallMs, isOpen: false },
  });
  setLease(state, fact, stageId);
  state.waiting.delete(stageId);
  for (const trialId of openMembers(state, known(state.stages, stageId)))
    setTrial(state, trialId, { state: 'running' });
  // An agent fetches what it starts from, and then has it.
  if (start !== null)
    changeCheckpoint(state, start, (checkpoint) => ({
      ...checkpoint,
      agentIds: [...new Set([...checkpoint.agentIds, agentId])],
    }));
}

/** A slot is free again, and its stage waits. */
export function endLease(state: Mutable, fact: FactOf['lease-ended']): void {
  const stage = known(state.stages, fact.stageId);
  if (stage.lease !== null) setLease(state, stage.lease, null);
  setStage(state, stage.id, {
    state: 'pending',
    lease: null,
    failures: stage.failures + (fact.end === 'failed' ? 1 : 0),
    losses: stage.losses + (fact.end === 'lost' ? 1 : 0),
    lastFailure: fact.failure ?? stage.lastFailure,
  });
  addPending(state, known(state.stages, stage.id));
  if (fact.waitUntilMonoMs !== null) state.waiting.set(stage.id, fact.waitUntilMonoMs);
  for (const trialId of openMembers(state, stage)) setTrial(state, trialId, { state: 'pending' });
}

/** A trial stands, and says what it computes with. */
export function openStage(state: Mutable, fact: FactOf['stage-opened']): void {
  const { stageId, stepsPerEpoch, numerics } = fact;
  const stage = known(state.stages, stageId);
  const isSame = stage.numerics === null || stage.numerics === numerics;
  const reproducible = stage.reproducible && isSame;
  const lease = stage.lease && { ...stage.lease, isOpen: true };
  setStage(state, stageId, { stepsPerEpoch, numerics, reproducible, lease });
  if (lease !== null) clearSlot(state, lease.agentId, lease.slot);
}
