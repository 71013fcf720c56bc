// An agent says that it is there and what it offers. What it no longer offers, it no longer runs.

import type { Heartbeat, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { Limits } from '../limits.ts';
import type { Agent, Slot, State } from '../model.ts';
import { loseLeases, loseStage, releaseLeases, stagesOf } from './loss.ts';

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
  if (event.leaving) return decideLeaving(state, event, seen);
  const slots = distinct(event.slots);
  const joined: readonly Fact[] =
    before !== undefined && isSame(before, event, slots) ? [] : [toJoined(event, slots)];
  if (before === undefined) return [...joined, seen];
  const ended =
    before.incarnation === event.incarnation
      ? loseGoneSlots(state, event, slots, limits)
      : loseLeases(state, agentId, `agent ${event.name} was restarted`, now, limits);
  return [...joined, seen, ...ended];
}

function decideLeaving(state: State, event: Stamped<Heartbeat>, seen: Fact): readonly Fact[] {
  const { agentId, incarnation, name, now } = event;
  if (state.agents.get(agentId)?.incarnation !== incarnation) return [];
  return [
    seen,
    ...releaseLeases(state, agentId, `agent ${name} left`, now),
    { kind: 'agent-left', agentId },
  ];
}

/** A slot can be leased once: of several with one name, the first is the one. */
function distinct(slots: readonly Slot[]): readonly Slot[] {
  return slots.filter(({ name }, i) => slots.findIndex((slot) => slot.name === name) === i);
}

function loseGoneSlots(
  state: State,
  { agentId, name, now }: Stamped<Heartbeat>,
  slots: readonly Slot[],
  limits: Limits,
): readonly Fact[] {
  const offered = new Set<string | undefined>(slots.map((slot) => slot.name));
  return stagesOf(state, agentId)
    .filter((stage) => !offered.has(stage.lease?.slot))
    .flatMap((stage) => {
      const why = `agent ${name} no longer offers slot ${stage.lease?.slot}: the slot is gone`;
      return loseStage(state, stage, why, now, limits);
    });
}

function toJoined(event: Heartbeat, slots: readonly Slot[]): Fact {
  const { agentId, incarnation, name, version, draining } = event;
  return { kind: 'agent-joined', agentId, incarnation, name, version, slots, draining };
}

function isSame(agent: Agent, event: Heartbeat, slots: readonly Slot[]): boolean {
  return (
    agent.state === 'connected' &&
    agent.incarnation === event.incarnation &&
    agent.name === event.name &&
    agent.version === event.version &&
    agent.draining === event.draining &&
    JSON.stringify(agent.slots) === JSON.stringify(slots)
  );
}
