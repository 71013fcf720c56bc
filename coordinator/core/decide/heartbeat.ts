// An agent says that it is there and what it offers. What it no longer offers, it no longer runs.

import type { Heartbeat, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import { findCrowd } from '../capacity.ts';
import type { Limits } from '../limits.ts';
import type { Agent, Slot, Stage, State } from '../model.ts';
import { forgetReports, isPassed, passAttempts, takeBack } from './forgotten.ts';
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
  if (findCrowd(state, agentId, limits) !== undefined) return [];
  const slots = distinct(event.slots);
  const joined: readonly Fact[] =
    before !== undefined && isSame(before, event, slots) ? [] : [toJoined(event, slots)];
  return [...joined, seen, ...decideAttempts(state, event, slots, limits)];
}

function decideAttempts(
  state: State,
  event: Stamped<Heartbeat>,
  slots: readonly Slot[],
  limits: Limits,
): readonly Fact[] {
  const { agentId, name, incarnation, running, now } = event;
  const held = stagesOf(state, agentId);
  const forgotten = forgetReports(state, agentId, event.acknowledged);
  const before = state.agents.get(agentId);
  const isRestarted = before !== undefined && before.incarnation !== incarnation;
  if (isRestarted && forgotten.length === 0)
    return loseLeases(state, agentId, `agent ${name} was restarted`, now, limits);
  const back = forgotten.length > 0 ? held : held.filter((stage) => isPassed(stage, running));
  const rest = held.filter((stage) => !back.includes(stage));
  return [
    ...forgotten,
    ...takeBack(state, back, name, now),
    ...passAttempts(state, running, back),
    ...loseGoneSlots(state, event, rest, slots, limits),
  ];
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
  { name, now }: Stamped<Heartbeat>,
  held: readonly Stage[],
  slots: readonly Slot[],
  limits: Limits,
): readonly Fact[] {
  const offered = new Set<string | undefined>(slots.map((slot) => slot.name));
  return held
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
