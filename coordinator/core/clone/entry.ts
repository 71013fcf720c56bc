// Where a new trial comes into the tree. Promise: it never waits for a checkpoint that nobody has.

import { nextEpoch } from '../members.ts';
import type { Checkpoint, Stage, State } from '../model.ts';
import { isWithinReach } from '../path.ts';
import type { Prefix } from './prefix.ts';

/** It joins a stage that waits, or goes on from a checkpoint that `stage` has saved; `epoch` are the epochs behind it. */
export type Entry = {
  readonly kind: 'joins' | 'goes-on';
  readonly stage: Stage;
  readonly epoch: number;
};

/** A stage of a path, and how far a trial went along it; exclusive. */
export type PathStage = { readonly stage: Stage; readonly until: number };

/** Null where it has to begin by itself. */
export function toEntry(state: State, { stageId, epochs }: Prefix): Entry | null {
  const stage = state.stages.get(stageId);
  if (stage === undefined) return null;
  // What has failed may fail again, and would take the new trial with it.
  const isSound = stage.state === 'pending' && stage.failures === 0;
  const isWaiting = isSound && nextEpoch(stage) === epochs.length;
  if (isWaiting) return { kind: 'joins', stage, epoch: epochs.length };
  for (const { stage: at, until } of pathTo(state, stage, epochs.length)) {
    const found = latest(state.checkpoints.get(at.id) ?? [], state, until);
    if (found !== undefined) return { kind: 'goes-on', stage: at, epoch: found.epoch };
  }
  return null;
}

/** The stages up to an epoch, the latest first. */
export function pathTo(state: State, stage: Stage, epoch: number): readonly PathStage[] {
  const path: PathStage[] = [];
  let until = epoch;
  for (let at: Stage | undefined = stage; at !== undefined;) {
    path.push({ stage: at, until });
    until = Math.min(until, at.fromEpoch);
    at = at.parentId === null ? undefined : state.stages.get(at.parentId);
  }
  return path;
}

function latest(held: readonly Checkpoint[], state: State, until: number): Checkpoint | undefined {
  return held.findLast(
    (checkpoint) =>
      checkpoint.epoch > 0 && checkpoint.epoch <= until && isWithinReach(state, checkpoint),
  );
}
