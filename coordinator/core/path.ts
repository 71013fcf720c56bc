// The path of a stage through the tree, back to its root, and the checkpoints on it.
// Promise: a checkpoint that is found has seen nothing but epochs of the path.

import { nextEpoch } from './members.ts';
import type { Checkpoint, CheckpointRef, Stage, State } from './model.ts';
import { isConnected } from './model.ts';

/** The stages of a path, the latest first, each with the epoch up to which (exclusive) the path goes along it. */
export function* pathOf(
  state: State,
  stage: Stage,
): Generator<{ readonly stage: Stage; readonly until: number }> {
  let until = nextEpoch(stage);
  for (let at: Stage | undefined = stage; at !== undefined;) {
    yield { stage: at, until };
    until = at.fromEpoch;
    at = at.parentId === null ? undefined : state.stages.get(at.parentId);
  }
}

/** The latest checkpoint on a stage's path that `isUsable` accepts; null if there is none: then it begins from scratch. */
export function latestCheckpoint(
  state: State,
  stage: Stage,
  isUsable: (checkpoint: Checkpoint) => boolean,
): Checkpoint | null {
  for (const { stage: at, until } of pathOf(state, stage)) {
    const found = state.checkpoints
      .get(at.id)
      ?.findLast((checkpoint) => checkpoint.epoch <= until && isUsable(checkpoint));
    if (found !== undefined) return found;
  }
  return null;
}

/** The checkpoint with exactly so many epochs behind it on a stage's path. */
export function checkpointAt(state: State, stage: Stage, epoch: number): Checkpoint | null {
  const found = latestCheckpoint(state, stage, (checkpoint) => checkpoint.epoch <= epoch);
  return found?.epoch === epoch ? found : null;
}

/** A checkpoint by its name. */
export function findCheckpoint(state: State, ref: CheckpointRef): Checkpoint | undefined {
  return state.checkpoints.get(ref.stageId)?.find(({ epoch }) => epoch === ref.epoch);
}

/** Whether a checkpoint can be had, now or once it has been uploaded. One that only a lost agent has cannot. */
export function isWithinReach(state: State, { isStored, agentIds }: Checkpoint): boolean {
  return isStored || agentIds.some((agentId) => isConnected(state, agentId));
}
