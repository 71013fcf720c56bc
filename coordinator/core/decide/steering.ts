// A person ends trials for good, or has failed ones tried again. What was recorded stays.

import { groupBy } from '../../../src/domain/group-by.ts';
import type { Drain, Stamped, Steering } from '../event.ts';
import type { Fact } from '../fact.ts';
import { openMembers } from '../members.ts';
import type { Now, Stage, State } from '../model.ts';
import { isConnected } from '../model.ts';
import { leaseEnded, trialEnded } from './ending.ts';
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
      .flatMap(([stage]) => withdraw(stage, now)),
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
      [...groupBy(trials, ({ epochsDone }) => epochsDone).values()].map((equal) =>
        splitOff(stage, equal, 'pending'),
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

function withdraw(stage: Stage, now: Now): readonly Fact[] {
  const ended: Fact = { kind: 'stage-ended', stageId: stage.id };
  return stage.lease === null ? [ended] : [leaseEnded(stage, 'withdrawn', 'cancelled', now), ended];
}
