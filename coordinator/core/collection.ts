// Which checkpoints nobody needs any more. Needed are, for each stage that has not ended, and for each that failed and may be
// retried: the latest one on its path, and besides it the latest that can be had and the latest that the coordinator has, as long as
// the latest may be lost with an agent; and what the sweep keeps.
// Promise: what any pending stage, retry or `keep` rule would read is never released.

import type { Fact } from './fact.ts';
import { epochOfResult, findLeader } from './leader.ts';
import type { Checkpoint, CheckpointRef, Stage, State, Sweep, Trial } from './model.ts';
import { checkpointAt, isWithinReach, latestCheckpoint } from './path.ts';

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

/** Those that a stage may resume from, among the trees that these checkpoints are of. */
export function* neededByStages(state: State, held: readonly Checkpoint[]): Generator<Checkpoint> {
  for (const rootId of rootsOf(state, held))
    for (const stage of stagesToResume(state, rootId)) yield* startsOf(state, stage);
}

function* stagesToResume(state: State, rootId: string): Generator<Stage> {
  const failed = (state.stages.get(rootId)?.members ?? [])
    .map((id) => state.trials.get(id))
    .filter((trial) => trial?.state === 'failed')
    .map((trial) => trial?.stageId ?? '');
  for (const stageId of new Set([...(state.openOf.get(rootId) ?? []), ...failed])) {
    const stage = state.stages.get(stageId);
    if (stage !== undefined) yield stage;
  }
}

function startsOf(state: State, stage: Stage): readonly Checkpoint[] {
  return [
    latestCheckpoint(state, stage, () => true),
    latestCheckpoint(state, stage, (checkpoint) => isWithinReach(state, checkpoint)),
    latestCheckpoint(state, stage, ({ isStored }) => isStored),
  ].filter((checkpoint) => checkpoint !== null);
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

/** Who leads, and who leads the leaderboard: a trial that still trains may lose its lead, and one that was cancelled is not on it. */
function leadersOf(state: State, sweep: Sweep): readonly Trial[] {
  const completed = (state.trialsOf.get(sweep.id) ?? [])
    .map((id) => state.trials.get(id))
    .filter((trial) => trial?.state === 'completed')
    .filter((trial) => trial !== undefined);
  const leader = state.trials.get(state.leaders.get(sweep.id) ?? '');
  return [leader, findLeader(completed, sweep)].filter((trial) => trial !== undefined);
}

function rootsOf(state: State, refs: readonly CheckpointRef[]): ReadonlySet<string> {
  return new Set(refs.map(({ stageId }) => state.stages.get(stageId)?.rootId ?? ''));
}
