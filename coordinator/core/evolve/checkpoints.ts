// What becomes of checkpoints.

import type { Checkpoint, CheckpointRef } from '../model.ts';
import type { Mutable } from './mutable.ts';

/** Keeps a checkpoint, in place of one of the same epoch. */
export function keepCheckpoint(state: Mutable, checkpoint: Checkpoint): void {
  const others = without(state, checkpoint);
  const all = [...others, checkpoint].toSorted((a, b) => a.epoch - b.epoch);
  state.checkpoints.set(checkpoint.stageId, all);
}

/** Forgets a checkpoint. */
export function dropCheckpoint(state: Mutable, ref: CheckpointRef): void {
  const others = without(state, ref);
  if (others.length === 0) state.checkpoints.delete(ref.stageId);
  else state.checkpoints.set(ref.stageId, others);
}

/** Changes a checkpoint that is held. */
export function changeCheckpoint(
  state: Mutable,
  ref: CheckpointRef,
  change: (checkpoint: Checkpoint) => Checkpoint,
): void {
  const changed = state.checkpoints
    .get(ref.stageId)
    ?.map((checkpoint) => (checkpoint.epoch === ref.epoch ? change(checkpoint) : checkpoint));
  if (changed !== undefined) state.checkpoints.set(ref.stageId, changed);
}

function without(state: Mutable, { stageId, epoch }: CheckpointRef): readonly Checkpoint[] {
  return (state.checkpoints.get(stageId) ?? []).filter((other) => other.epoch !== epoch);
}
