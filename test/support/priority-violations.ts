// Who is given a slot before whom: no grant may pass over what is more urgent and could have had the slot. Written down without the
// placement's own order, so that it can be wrong.

import type { Fact, FactOf } from '../../coordinator/core/fact.ts';
import type { Stage, State } from '../../coordinator/core/model.ts';
import { isWithinReach, latestCheckpoint } from '../../coordinator/core/path.ts';
import { testOf, testsUnderWay } from '../../coordinator/core/range-tests.ts';
import { isSuited } from '../../coordinator/core/suitability.ts';

/** Of the grants of one event, in words. */
export function priorityViolations(
  after: State,
  facts: readonly Fact[],
  monoMs: number,
): readonly string[] {
  const inPlace = new Set(
    facts.flatMap((fact) => (fact.kind === 'stage-forked' ? fact.inPlace : [])),
  );
  const grants = facts.filter((fact) => fact.kind === 'lease-granted');
  return grants
    .filter(({ stageId }) => !inPlace.has(stageId))
    .flatMap((grant) =>
      [...after.stages.values()]
        .filter((stage) => stage.state === 'pending' && couldHave(after, stage, grant, monoMs))
        .filter((stage) => isMoreUrgent(after, stage, grant))
        .map(
          ({ id }) =>
            `${grant.stageId} was given a slot that ${id} could have had, which is more urgent`,
        ),
    );
}

function isMoreUrgent(state: State, waiting: Stage, { stageId }: FactOf['lease-granted']): boolean {
  const granted = state.stages.get(stageId);
  if (granted === undefined) return false;
  if (granted.sweepId === waiting.sweepId) return rankOf(state, waiting) > rankOf(state, granted);
  const [a, b] = [waiting, granted].map(({ sweepId }) => state.sweeps.get(sweepId)?.priority ?? 0);
  return (a ?? 0) > (b ?? 0);
}

function rankOf(state: State, stage: Stage): number {
  const trials = [...state.trials.values()].filter(({ stageId }) => stageId === stage.id);
  const open = trials.filter((trial) => ['pending', 'running', 'paused'].includes(trial.state));
  return open.reduce((most, { priority }) => Math.max(most, priority), -Infinity);
}

function couldHave(
  state: State,
  stage: Stage,
  { agentId, slot: name }: FactOf['lease-granted'],
  monoMs: number,
): boolean {
  const sweep = state.sweeps.get(stage.sweepId);
  const slot = state.agents.get(agentId)?.slots.find((other) => other.name === name);
  if (sweep?.state !== 'running' || slot === undefined) return false;
  if (sweep.spec.slots.kind !== 'any' && sweep.spec.slots.kind !== slot.kind) return false;
  if ((state.waiting.get(stage.id) ?? 0) > monoMs) return false;
  const test = testOf(state, stage);
  if (test !== undefined && testsUnderWay(state, sweep.id, new Set()).has(test)) return false;
  const start = latestCheckpoint(state, stage, (held) => isWithinReach(state, held));
  const isHere = start === null || start.isStored || start.agentIds.includes(agentId);
  return isHere && isSuited(state, stage, { agentId, slot: name });
}
