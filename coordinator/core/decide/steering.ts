// A person ends trials for good, or has failed ones tried again. What was recorded stays.

import { groupBy } from '../../../src/domain/group-by.ts';
import type { Drain, Stamped, Steering, Trust } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { Limits } from '../limits.ts';
import { openMembers } from '../members.ts';
import type { Now, State } from '../model.ts';
import { isConnected, toPlaceKey } from '../model.ts';
import { trialEnded, withdraw } from './ending.ts';
import { loseAgent } from './loss.ts';
import { byStage, wantedTrials } from './pausing.ts';
import { splitOff } from './stages.ts';

/** Nothing for trials that have ended. */
export function decideCancellation(state: State, event: Stamped<Steering>): readonly Fact[] {
  const { sweepId, trialId, now } = event;
  const wanted = wantedTrials(state, event);
  if (wanted.length === 0) return [];
  const open = new Set(wanted.map(({ id }) => id));
  return [
    ...wanted.map(({ id }) => trialEnded(id, 'cancelled', 'cancelled', now)),
    ...byStage(state, wanted)
      .filter(([stage]) => openMembers(state, stage).every((id) => open.has(id)))
      // From the end of the queue, so that none that stays has to move up.
      .toReversed()
      .flatMap(([stage]) => withdraw(stage, 'cancelled', now)),
    ...(trialId === null
      ? [{ kind: 'sweep-ended', sweepId, state: 'cancelled', wallMs: now.wallMs } as const]
      : []),
  ];
}

/** Failed trials go on after their last recorded epoch; those that failed there in one stage, together. */
export function decideRetry(state: State, event: Stamped<Steering>): readonly Fact[] {
  const { sweepId, trialId } = event;
  const ids = trialId === null ? (state.trialsOf.get(sweepId) ?? []) : [trialId];
  const failed = ids
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined)
    .filter((trial) => trial.state === 'failed');
  if (failed.length === 0) return [];
  const isOver = state.sweeps.get(sweepId)?.state !== 'running';
  return [
    ...(isOver ? [{ kind: 'sweep-reopened', sweepId } as const] : []),
    ...failed.map(({ id }) => ({ kind: 'trial-reopened', trialId: id }) as const),
    ...byStage(state, failed).flatMap(([stage, trials]) =>
      [...groupBy(trials, ({ epochsDone }) => epochsDone).values()].map((alike) =>
        splitOff(stage, alike, 'pending'),
      ),
    ),
  ];
}

/** Nothing if it is leaving already, or is not there. */
export function decideDrain(state: State, { agentId }: Drain): readonly Fact[] {
  const agent = state.agents.get(agentId);
  const isThere = agent !== undefined && isConnected(state, agentId) && !agent.isToLeave;
  return isThere ? [{ kind: 'agent-drained', agentId }] : [];
}

/** All agents that the brake holds are lost. */
export function decideGivingUp(state: State, now: Now, limits: Limits): readonly Fact[] {
  return [...state.held.keys()].flatMap((agentId) => loseAgent(state, agentId, now, limits));
}

/** Nothing for an agent that nothing is held against. */
export function decideTrust(state: State, { agentId }: Trust): readonly Fact[] {
  const agent = state.agents.get(agentId);
  const isInDoubt =
    state.strikes.has(agentId) ||
    agent?.slots.some(({ name }) => state.aside.has(toPlaceKey(agentId, name))) === true;
  return agent !== undefined && isInDoubt ? [{ kind: 'agent-trusted', agentId }] : [];
}
