// Which checkpoints nobody needs any more. Needed are, for each stage that has not ended, the latest one on its path, and, as
// long as that lies on an agent alone, the latest one besides that the coordinator has; and what the sweep keeps.
// Promise: what any pending stage, retry or `keep` rule would read is never released.

import type { Fact } from './fact.ts';
import { epochOfResult, findLeader } from './leader.ts';
import type { Checkpoint, CheckpointRef, State, Sweep, Trial } from './model.ts';
import { isFinal } from './model.ts';
import { checkpointAt, latestCheckpoint } from './path.ts';

/** The checkpoints of a sweep that are held and not needed. */
export function collect(state: State, sweepId: string): readonly Fact[] {
  const sweep = state.sweeps.get(sweepId);
  const held = heldBy(state, sweepId);
  if (sweep === undefined || sweep.spec.keep === 'all' || held.length === 0) return [];
  const needed = new Set([...neededByStages(state, held), ...kept(state, sweep, held)]);
  return held
    .filter((checkpoint) => !needed.has(checkpoint))
    .map(({ stageId, epoch }) => ({ kind: 'checkpoint-released', stageId, epoch }));
}

/** All checkpoints of a sweep that are held. */
export function heldBy(state: State, sweepId: string): readonly Checkpoint[] {
  return [...state.checkpoints]
    .filter(([stageId]) => state.stages.get(stageId)?.sweepId === sweepId)
    .flatMap(([, checkpoints]) => checkpoints);
}

function* neededByStages(state: State, held: readonly Checkpoint[]): Generator<Checkpoint> {
  for (const rootId of rootsOf(state, held)) {
    for (const stageId of state.openOf.get(rootId) ?? []) {
      const stage = state.stages.get(stageId);
      const latest = stage && latestCheckpoint(state, stage, () => true);
      if (stage === undefined || !latest) continue;
      yield latest;
      const stored = latestCheckpoint(state, stage, ({ isStored }) => isStored);
      if (stored !== null) yield stored;
    }
  }
}

function* kept(state: State, sweep: Sweep, held: readonly Checkpoint[]): Generator<Checkpoint> {
  for (const trial of trialsToKeep(state, sweep, held)) {
    const stage = state.stages.get(trial.stageId);
    const epoch = sweep.spec.keep === 'best' ? epochOfResult(trial, sweep) : trial.epochsDone;
    const checkpoint = stage && checkpointAt(state, stage, epoch);
    if (checkpoint) yield checkpoint;
  }
}

function trialsToKeep(state: State, sweep: Sweep, held: readonly Checkpoint[]): readonly Trial[] {
  if (sweep.spec.keep === 'none') return [];
  if (sweep.spec.keep === 'best') return leadersOf(state, sweep);
  return [...rootsOf(state, held)]
    .flatMap((rootId) => state.stages.get(rootId)?.members ?? [])
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined)
    .filter((trial) => trial.state === 'completed');
}

/** Who leads, and who leads those that have ended: a trial that still trains may lose its lead. */
function leadersOf(state: State, sweep: Sweep): readonly Trial[] {
  const ended = (state.trialsOf.get(sweep.id) ?? [])
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined)
    .filter((trial) => isFinal(trial.state));
  const leader = state.trials.get(state.leaders.get(sweep.id) ?? '');
  return [leader, findLeader(ended, sweep)].filter((trial) => trial !== undefined);
}

function rootsOf(state: State, refs: readonly CheckpointRef[]): ReadonlySet<string> {
  return new Set(refs.map(({ stageId }) => state.stages.get(stageId)?.rootId ?? ''));
}
