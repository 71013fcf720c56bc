// What becomes of agents.

import type { FactOf } from '../fact.ts';
import type { Agent } from '../model.ts';
import { known, type Mutable, setAgent } from './mutable.ts';
import { clearAgent } from './strikes.ts';

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
  if (before !== undefined && before.incarnation !== fact.incarnation) clearAgent(state, agentId);
  if (!state.leasesOf.has(agentId)) state.leasesOf.set(agentId, new Map());
}

/** It was heard. */
export function seeAgent(state: Mutable, fact: FactOf['agent-seen']): void {
  const { agentId, monoMs, untilMonoMs } = fact;
  state.contacts.set(agentId, { seenMonoMs: monoMs, untilMonoMs });
  state.held.delete(agentId);
}

/** Nobody listened to it for a while. */
export function excuseAgent(state: Mutable, { agentId, ms }: FactOf['agent-excused']): void {
  const { seenMonoMs, untilMonoMs } = known(state.contacts, agentId);
  const seen = seenMonoMs === null ? null : seenMonoMs + ms;
  state.contacts.set(agentId, { seenMonoMs: seen, untilMonoMs: untilMonoMs + ms });
}

/** It is not there any more. */
export function endContact(state: Mutable, agentId: string, as: Agent['state']): void {
  setAgent(state, agentId, { state: as });
  state.held.delete(agentId);
}

/** A person wants it to leave. */
export function drainAgent(state: Mutable, agentId: string): void {
  setAgent(state, agentId, { isToLeave: true });
  state.leasesOf.set(agentId, new Map(known(state.leasesOf, agentId)));
}
