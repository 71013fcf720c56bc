// A part of a coordinator's state: some of its sweeps, with all that belongs to them, and nothing that belongs to others.

import type { State } from '../../../coordinator/core/model.ts';

/** The state with these sweeps alone; what belongs to no sweep that is known stays, so that it is found. */
export function viewOf(state: State, sweepIds: ReadonlySet<string>): State {
  const isOf = (sweepId: string | undefined): boolean =>
    sweepId === undefined || sweepIds.has(sweepId);
  const isStageOf = (stageId: string): boolean => isOf(state.stages.get(stageId)?.sweepId);
  return {
    ...state,
    sweeps: only(state.sweeps, isOf),
    trials: only(state.trials, (_, { sweepId }) => isOf(sweepId)),
    stages: only(state.stages, (_, { sweepId }) => isOf(sweepId)),
    openOf: only(state.openOf, isStageOf),
    checkpoints: only(state.checkpoints, isStageOf),
    waiting: only(state.waiting, isStageOf),
    leasesOf: new Map(
      [...state.leasesOf].map(([agentId, leases]) => [
        agentId,
        only(leases, (_, stageId) => isStageOf(stageId)),
      ]),
    ),
  };
}

function only<V>(
  all: ReadonlyMap<string, V>,
  isWanted: (key: string, value: V) => boolean,
): ReadonlyMap<string, V> {
  const found = new Map<string, V>();
  for (const [key, value] of all) if (isWanted(key, value)) found.set(key, value);
  return found;
}
