// Attempts that end because their agent does: lost without a word, or released in good order.

import type { Fact } from '../fact.ts';
import type { Limits } from '../limits.ts';
import type { Now, Stage, State } from '../model.ts';
import { decideOnLoss } from '../retry.ts';
import { endOrRetry, endToGoOn } from './ending.ts';

/** Stages that an agent holds a lease of, in the order of their grants. */
export function stagesOf(state: State, agentId: string): readonly Stage[] {
  return [...(state.leasesOf.get(agentId)?.values() ?? [])]
    .map((id) => state.stages.get(id))
    .filter((stage) => stage !== undefined);
}

/** An agent was silent for too long. */
export function loseAgent(
  state: State,
  agentId: string,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  const name = state.agents.get(agentId)?.name ?? agentId;
  const why = `agent ${name} was not heard from for ${Math.round(limits.lostMs / 1000)} s`;
  return [{ kind: 'agent-lost', agentId }, ...loseLeases(state, agentId, why, now, limits)];
}

/** Ends all leases of an agent as lost, so that the stages run elsewhere; one that lost too many hosts is given up. */
export function loseLeases(
  state: State,
  agentId: string,
  message: string,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  return stagesOf(state, agentId).flatMap((stage) => loseStage(state, stage, message, now, limits));
}

/** Ends all leases of an agent that has stopped in good order: nobody's failure, and no wait. */
export function releaseLeases(
  state: State,
  agentId: string,
  message: string,
  now: Now,
): readonly Fact[] {
  return stagesOf(state, agentId).flatMap((stage) =>
    endToGoOn(state, stage, 'released', message, now),
  );
}

/** An attempt that was lost with its host. */
export function loseStage(
  state: State,
  stage: Stage,
  message: string,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  return endOrRetry(state, stage, 'lost', message, decideOnLoss(stage, message, limits), now);
}
