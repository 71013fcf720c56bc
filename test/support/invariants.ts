// What must hold of the coordinator's state after every event, in words for what does not.

import type { State, TrialState } from '../../coordinator/core/model.ts';
import { isFinal } from '../../coordinator/core/model.ts';

/** Violations of the invariants; none in a sound state. */
export function violations(state: State): readonly string[] {
  return [
    ...leaseViolations(state),
    ...queueViolations(state),
    ...countViolations(state),
    ...endingViolations(state),
  ];
}

/** What a step from `before` to `after` must not do. */
export function stepViolations(
  before: ReadonlyMap<string, Frozen>,
  state: State,
): readonly string[] {
  return [...before].flatMap(([id, was]) => {
    const trial = state.trials.get(id);
    const stage = state.stages.get(trial?.stageId ?? '');
    if (trial === undefined || stage === undefined) return [`trial ${id} is gone`];
    const found: string[] = [];
    if (isFinal(was.state) && trial.state !== was.state)
      found.push(`trial ${id} was ${was.state} and is ${trial.state}`);
    if (stage.attempt < was.attempt)
      found.push(`attempt of ${stage.id} fell from ${was.attempt} to ${stage.attempt}`);
    if (trial.epochsDone < was.epochsDone) found.push(`trial ${id} lost epochs`);
    return found;
  });
}

export type Frozen = {
  readonly state: TrialState;
  readonly attempt: number;
  readonly epochsDone: number;
};

/** The parts of a state that a later one is compared with. */
export function freeze(state: State): ReadonlyMap<string, Frozen> {
  return new Map(
    [...state.trials.values()].map((trial) => [
      trial.id,
      {
        state: trial.state,
        attempt: state.stages.get(trial.stageId)?.attempt ?? 0,
        epochsDone: trial.epochsDone,
      },
    ]),
  );
}

function leaseViolations(state: State): readonly string[] {
  const found: string[] = [];
  for (const stage of state.stages.values()) {
    if ((stage.lease !== null) !== (stage.state === 'leased'))
      found.push(`${stage.id} is ${stage.state} with lease ${JSON.stringify(stage.lease)}`);
    if (
      stage.lease !== null &&
      state.leasesOf.get(stage.lease.agentId)?.get(stage.lease.slot) !== stage.id
    )
      found.push(`${stage.id} is not on the slot that its lease names`);
  }
  for (const [agentId, leases] of state.leasesOf) {
    const slots = state.agents.get(agentId)?.slots.map((slot) => slot.name) ?? [];
    for (const [slot, stageId] of leases) {
      if (state.stages.get(stageId)?.lease?.slot !== slot)
        found.push(`slot ${agentId}:${slot} is leased to ${stageId}, which does not know`);
      if (!slots.includes(slot)) found.push(`agent ${agentId} does not offer ${slot}`);
    }
    if (leases.size > 0 && state.agents.get(agentId)?.state !== 'connected')
      found.push(`agent ${agentId} is not connected and holds leases`);
  }
  return found;
}

function queueViolations(state: State): readonly string[] {
  const queued = [...state.pendingOf.values()].flat();
  const pending = [...state.stages.values()]
    .filter((stage) => stage.state === 'pending')
    .map((stage) => stage.id);
  const isSame =
    queued.length === pending.length &&
    new Set(queued).size === queued.length &&
    pending.every((id) => queued.includes(id));
  return isSame ? [] : [`queued ${queued.join()} but pending ${pending.join()}`];
}

function countViolations(state: State): readonly string[] {
  return [...state.counts].flatMap(([sweepId, counts]) => {
    const trials = [...state.trials.values()].filter((trial) => trial.sweepId === sweepId);
    return Object.entries(counts)
      .filter(([name, count]) => trials.filter((trial) => trial.state === name).length !== count)
      .map(([name, count]) => `sweep ${sweepId} counts ${count} ${name}`);
  });
}

function endingViolations(state: State): readonly string[] {
  return [...state.sweeps.values()].flatMap((sweep) => {
    const open = (state.trialsOf.get(sweep.id) ?? []).filter(
      (id) => !isFinal(state.trials.get(id)?.state ?? 'pending'),
    );
    if ((open.length === 0) !== (sweep.state !== 'running'))
      return [`sweep ${sweep.id} is ${sweep.state} with ${open.length} open trials`];
    return [];
  });
}
