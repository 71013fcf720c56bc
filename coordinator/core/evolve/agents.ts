// What becomes of agents.

import type { FactOf } from '../fact.ts';
import { known, type Mutable, setAgent } from './mutable.ts';

/** An agent is there, new or changed. */
export function joinAgent(state: Mutable, fact: FactOf['agent-joined']): void {
  const before = state.agents.get(fact.agentId);
  const { kind: _, agentId, ...rest } = fact;
  state.agents.set(agentId, {
    id: agentId,
    ...rest,
    state: 'connected',
    isToLeave: before?.incarnation === fact.incarnation && before.isToLeave,
    lastSequence: before?.lastSequence ?? 0,
  });
  if (!state.leasesOf.has(agentId)) state.leasesOf.set(agentId, new Map());
}

/** A person wants it to leave. */
export function drainAgent(state: Mutable, agentId: string): void {
  setAgent(state, agentId, { isToLeave: true });
  state.leasesOf.set(agentId, new Map(known(state.leasesOf, agentId)));
}
