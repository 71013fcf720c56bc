// Time has passed: agents that were silent too long lose their leases.

import type { Fact } from '../fact.ts';
import type { Limits } from '../limits.ts';
import type { Now, State } from '../model.ts';
import { isConnected } from '../model.ts';
import { loseLeases } from './loss.ts';

/** What the mere passing of time has made true. */
export function decideTick(state: State, now: Now, limits: Limits): readonly Fact[] {
  return [...state.contacts]
    .filter(
      ([agentId, contact]) => isConnected(state, agentId) && contact.untilMonoMs <= now.monoMs,
    )
    .flatMap(([agentId]) => loseAgent(state, agentId, now, limits));
}

function loseAgent(state: State, agentId: string, now: Now, limits: Limits): readonly Fact[] {
  const name = state.agents.get(agentId)?.name ?? agentId;
  const why = `agent ${name} was not heard from for ${Math.round(limits.lostMs / 1000)} s`;
  return [{ kind: 'agent-lost', agentId }, ...loseLeases(state, agentId, why, now, limits)];
}
