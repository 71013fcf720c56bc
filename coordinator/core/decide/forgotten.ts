// A coordinator whose database is an older copy: agents know more than it does. What it granted and has forgotten is taken from
// them, and is trained again from what is on record.
// Promise: an agent whose reports are not on record holds no lease that they were about, and no attempt number that an agent
// still runs is given a second time.

import type { AttemptRef } from '../event.ts';
import type { Fact, FactOf } from '../fact.ts';
import { openMembers } from '../members.ts';
import type { Now, Stage, State } from '../model.ts';
import { endToGoOn } from './ending.ts';

/** Reports that were acknowledged to an agent and are not on record, taken as told; nothing where all are. */
export function forgetReports(
  state: State,
  agentId: string,
  acknowledged: number,
): readonly FactOf['reports-forgotten'][] {
  const last = state.agents.get(agentId)?.lastSequence ?? 0;
  if (acknowledged <= last) return [];
  const [fromSequence, toSequence] = [last + 1, acknowledged];
  return [{ kind: 'reports-forgotten', agentId, fromSequence, toSequence }];
}

/** Takes leases from an agent; as nobody's failure. */
export function takeBack(
  state: State,
  stages: readonly Stage[],
  agentName: string,
  now: Now,
): readonly Fact[] {
  const message = `agent ${agentName} knows more of it than is on record here: the database is an older copy`;
  return stages.flatMap((stage) => endToGoOn(state, stage, 'released', message, now));
}

/** Whether an agent runs a later attempt of a stage than the latest on record. Numbers only rise. */
export function isPassed({ id, attempt }: Stage, running: readonly AttemptRef[]): boolean {
  return running.some((ref) => ref.stageId === id && ref.attempt > attempt);
}

/** Stages without a lease, or whose lease has just been taken back, go on after the attempts that an agent runs. */
export function passAttempts(
  state: State,
  running: readonly AttemptRef[],
  takenBack: readonly Stage[],
): readonly Fact[] {
  const latest = new Map<string, number>();
  for (const { stageId, attempt } of running)
    latest.set(stageId, Math.max(attempt, latest.get(stageId) ?? 0));
  return [...latest]
    .filter(([stageId, attempt]) => {
      const stage = state.stages.get(stageId);
      if (stage === undefined || attempt <= stage.attempt || stage.state === 'ended') return false;
      const isFree = stage.lease === null || takenBack.includes(stage);
      return isFree && openMembers(state, stage).length > 0;
    })
    .map(([stageId, attempt]) => ({ kind: 'attempt-passed', stageId, attempt }));
}
