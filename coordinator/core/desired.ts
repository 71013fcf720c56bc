// What an agent should be running now: derived from the leases, never stored, so a lost message costs one heartbeat.

import { groupBy } from '../../src/domain/group-by.ts';
import { neededByStages } from './collection.ts';
import { isFinal } from './model.ts';
import type { Checkpoint, Stage, State, Sweep, Trial } from './model.ts';
import { findCheckpoint } from './path.ts';

/** One attempt that an agent should be running, with the records that it needs. */
export type DesiredAttempt = {
  readonly slot: string;
  readonly stage: Stage;
  readonly sweep: Sweep;
  /** The first trial of the stage: its config and seed are those of all. */
  readonly leading: Trial;
  /** Numbers of trials that began the stage and train no further in it, and of those that pause at the next boundary. */
  readonly absent: readonly number[];
  readonly pausing: readonly number[];
  /** What the attempt resumes from, unless it has gone on so far that nobody needs that any more. */
  readonly start: Checkpoint | undefined;
  /** The best value of the sweep so far. */
  readonly bestValue: number | undefined;
};

/** In the order of slots. */
export function desiredFor(state: State, agentId: string): readonly DesiredAttempt[] {
  return [...(state.leasesOf.get(agentId) ?? [])]
    .map(([slot, stageId]) => toDesired(state, slot, stageId))
    .filter((desired) => desired !== undefined)
    .toSorted((a, b) => (a.slot < b.slot ? -1 : 1));
}

/**
 * The checkpoints that an agent should have on its disk: those that are not yet stored, and those that a sweep may still resume from.
 * What is kept besides lies with the coordinator, so that the list stays short.
 */
export function checkpointsOn(state: State, agentId: string): readonly Checkpoint[] {
  const here = [...state.checkpoints.values()]
    .flat()
    .filter(({ agentIds }) => agentIds.includes(agentId));
  const bySweep = groupBy(here, ({ stageId }) => state.stages.get(stageId)?.sweepId ?? '');
  return [...bySweep].flatMap(([sweepId, held]) => wantedOf(state, sweepId, held));
}

function wantedOf(
  state: State,
  sweepId: string,
  held: readonly Checkpoint[],
): readonly Checkpoint[] {
  const isRunning = state.sweeps.get(sweepId)?.state === 'running';
  const needed = isRunning ? new Set(neededByStages(state, held)) : new Set<Checkpoint>();
  return held.filter((checkpoint) => !checkpoint.isStored || needed.has(checkpoint));
}

function toDesired(state: State, slot: string, stageId: string): DesiredAttempt | undefined {
  const stage = state.stages.get(stageId);
  const sweep = stage && state.sweeps.get(stage.sweepId);
  const leading = state.trials.get(stage?.members[0] ?? '');
  if (stage === undefined || sweep === undefined || leading === undefined) return undefined;
  const members = stage.members
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined);
  const start = stage.lease?.start;
  return {
    slot,
    stage,
    sweep,
    leading,
    absent: members.filter((trial) => isAbsent(trial, stage)).map(({ number }) => number),
    pausing: members.filter(({ isPausing }) => isPausing).map(({ number }) => number),
    start: start ? findCheckpoint(state, start) : undefined,
    bestValue: bestOf(state, sweep),
  };
}

/** The value that a checkpoint must beat to be kept as the best; nobody has to beat a trial that was cancelled. */
function bestOf(state: State, { id }: Sweep): number | undefined {
  const leader = state.trials.get(state.leaders.get(id) ?? '');
  return leader?.state === 'cancelled' ? undefined : leader?.best?.value;
}

/** Trials that have reached their last epoch leave by themselves. */
function isAbsent(trial: Trial, stage: Stage): boolean {
  return trial.stageId !== stage.id || (isFinal(trial.state) && trial.state !== 'completed');
}
