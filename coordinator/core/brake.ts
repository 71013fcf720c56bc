// The brake: when most agents vanish at once, it is rather the coordinator's own network that has failed, and nothing that they run
// is given to others. Promise: it holds no agent for longer than its limit, and lets go of all when enough have come back.
// Source: Kubernetes' node controller, which stops evictions where 55 % of a zone's nodes are unhealthy.

import type { Limits } from './limits.ts';
import type { Agent, Now, State } from './model.ts';

/** How many of how many agents are silent, where that is too many at once. */
export type Brake = { readonly silent: number; readonly of: number };

/** The brake, if it is on: of the agents that have not left or been given up, at least the share has been silent long enough to be suspect. */
export function findBrake(state: State, now: Now, limits: Limits): Brake | null {
  const agents = [...state.agents.values()].filter((agent) => agent.state === 'connected');
  const silent = agents.filter((agent) => isSilent(state, agent, now, limits)).length;
  const isOn = agents.length >= limits.brakeLeast && silent >= agents.length * limits.brakeShare;
  return isOn ? { silent, of: agents.length } : null;
}

/** Agents whose leases are over unless the brake holds them, and which of them it holds. */
export function findDue(
  state: State,
  now: Now,
  limits: Limits,
): {
  readonly lost: readonly string[];
  readonly held: readonly string[];
  readonly brake: Brake | null;
} {
  const due = [...state.contacts]
    .filter(([id, { untilMonoMs }]) => isThere(state, id) && untilMonoMs <= now.monoMs)
    .map(([id]) => id);
  const brake = due.length === 0 ? null : findBrake(state, now, limits);
  const isHeld = (id: string): boolean =>
    brake !== null && (state.held.get(id) ?? Number.POSITIVE_INFINITY) > now.monoMs;
  return { lost: due.filter((id) => !isHeld(id)), held: due.filter(isHeld), brake };
}

/** What is said of an agent that is held. */
export function describeHeld({ silent, of }: Brake): string {
  return `${silent} of ${of} agents vanished at once: their trials wait for them`;
}

function isThere(state: State, agentId: string): boolean {
  return state.agents.get(agentId)?.state === 'connected';
}

function isSilent(state: State, { id }: Agent, now: Now, limits: Limits): boolean {
  const seen = state.contacts.get(id)?.seenMonoMs ?? null;
  return seen === null || now.monoMs - seen >= limits.suspectMs;
}
