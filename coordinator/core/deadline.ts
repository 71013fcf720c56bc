// When something will change by time alone: the one timer is set to this.

import type { Now, State } from './model.ts';

/** Monotonic milliseconds of the next lost agent or ended wait, or nothing. */
export function nextDeadline(state: State, now: Now): number | null {
  const contacts = [...state.contacts]
    .filter(([agentId]) => state.agents.get(agentId)?.state === 'connected')
    .map(([, contact]) => contact.untilMonoMs);
  const waits = [...state.waiting.values()].filter((until) => until > now.monoMs);
  const deadlines = [...contacts, ...waits];
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}
