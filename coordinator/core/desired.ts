// What an agent should be running now: derived from the leases, never stored, so a lost message costs one heartbeat.

import type { Stage, State, Sweep, Trial } from './model.ts';

/** One attempt that an agent should be running, with the records that it needs. */
export type DesiredAttempt = {
  readonly slot: string;
  readonly stage: Stage;
  readonly sweep: Sweep;
  readonly members: readonly Trial[];
};

/** In the order of slots. */
export function desiredFor(state: State, agentId: string): readonly DesiredAttempt[] {
  return [...(state.leasesOf.get(agentId) ?? [])]
    .map(([slot, stageId]) => toDesired(state, slot, stageId))
    .filter((desired) => desired !== undefined)
    .toSorted((a, b) => (a.slot < b.slot ? -1 : 1));
}

function toDesired(state: State, slot: string, stageId: string): DesiredAttempt | undefined {
  const stage = state.stages.get(stageId);
  const sweep = stage && state.sweeps.get(stage.sweepId);
  if (stage === undefined || sweep === undefined) return undefined;
  const members = stage.members
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined);
  return { slot, stage, sweep, members };
}
