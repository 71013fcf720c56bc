// When something will change by time alone: the one timer is set to this.

import { findDue } from './brake.ts';
import type { Limits } from './limits.ts';
import type { Contact, Now, State } from './model.ts';
import { isConnected } from './model.ts';

/** Monotonic milliseconds at which the next agent becomes suspect or lost, or the next wait or slot's time aside ends, or nothing. */
export function nextDeadline(state: State, now: Now, limits: Limits): number | null {
  const held = new Set(findDue(state, now, limits).held);
  const contacts = [...state.contacts]
    .filter(([agentId]) => isConnected(state, agentId))
    .flatMap(([agentId, contact]) => [
      ...suspectsAt(contact, now, limits),
      held.has(agentId) ? (state.held.get(agentId) ?? now.monoMs) : contact.untilMonoMs,
    ]);
  const waits = [...state.waiting.values()].filter((until) => until > now.monoMs);
  const asides = [...state.aside.values()]
    .map(({ untilMonoMs }) => untilMonoMs)
    .filter((until) => until > now.monoMs);
  const deadlines = [...contacts, ...waits, ...asides];
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

/** Nothing once it has passed: that an agent is suspect needs no further turn. */
function suspectsAt({ seenMonoMs }: Contact, now: Now, limits: Limits): readonly number[] {
  if (seenMonoMs === null) return [];
  const at = seenMonoMs + limits.suspectMs;
  return at > now.monoMs ? [at] : [];
}
