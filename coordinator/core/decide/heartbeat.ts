// An agent says that it is there and what it offers.

import type { Heartbeat, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { Limits } from '../limits.ts';
import type { Agent, State } from '../model.ts';
import { endLeases } from './loss.ts';

/** A new incarnation has lost what the old one ran; a leaving agent has stopped it. */
export function decideHeartbeat(
  state: State,
  event: Stamped<Heartbeat>,
  limits: Limits,
): readonly Fact[] {
  const { agentId, now } = event;
  const before = state.agents.get(agentId);
  const seen: Fact = {
    kind: 'agent-seen',
    agentId,
    monoMs: now.monoMs,
    untilMonoMs: now.monoMs + limits.lostMs,
  };
  if (event.leaving) return decideLeaving(state, event, seen, limits);
  const joined: readonly Fact[] =
    before !== undefined && isSame(before, event) ? [] : [toJoined(event)];
  if (before === undefined || before.incarnation === event.incarnation) return [...joined, seen];
  const why = `agent ${event.name} was restarted`;
  return [...joined, seen, ...endLeases(state, agentId, 'lost', why, now, limits)];
}

function decideLeaving(
  state: State,
  event: Stamped<Heartbeat>,
  seen: Fact,
  limits: Limits,
): readonly Fact[] {
  if (state.agents.get(event.agentId)?.incarnation !== event.incarnation) return [];
  const why = `agent ${event.name} left`;
  return [
    seen,
    ...endLeases(state, event.agentId, 'released', why, event.now, limits),
    { kind: 'agent-left', agentId: event.agentId },
  ];
}

function toJoined(event: Heartbeat): Fact {
  const { agentId, incarnation, name, version, slots, draining } = event;
  return { kind: 'agent-joined', agentId, incarnation, name, version, slots, draining };
}

function isSame(agent: Agent, event: Heartbeat): boolean {
  return (
    agent.state === 'connected' &&
    agent.incarnation === event.incarnation &&
    agent.name === event.name &&
    agent.version === event.version &&
    agent.draining === event.draining &&
    JSON.stringify(agent.slots) === JSON.stringify(event.slots)
  );
}
