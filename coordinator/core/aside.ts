// Slots on which attempts keep failing before they train are given nothing for a while, so that one broken host does not fail a
// whole sweep. Promise: only while another slot has trained the same sweep, so that a trial's own fault sets nobody aside.

import type { Fact } from './fact.ts';
import type { Limits } from './limits.ts';
import type { Agent, Now, Stage, State, Strike } from './model.ts';
import { isConnected, toPlaceKey, toSlotKey } from './model.ts';
import { isLeaving, takes } from './suitability.ts';

/** What the agent has said of the attempt's end. */
type Ended = { readonly outcome: string; readonly message: string };

type Place = { readonly agentId: string; readonly slot: string };

/** An attempt has ended on a slot before its trial was open: a strike, and what follows from it. */
export function decideStrike(
  state: State,
  stage: Stage,
  { agentId, slot }: Place,
  { outcome, message }: Ended,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  const key = outcome === 'lost' ? `${stage.id}:${stage.attempt}` : stage.id;
  const strike: Strike = { slot, key, isShared: true };
  const struck: Fact = { kind: 'slot-struck', agentId, strike };
  const agent = state.agents.get(agentId);
  if (agent === undefined) return [struck];
  const row = [...(state.strikes.get(agentId) ?? []), strike];
  const slots = slotsToSetAside(state, agent, row, slot, limits);
  if (!hasTrainedElsewhere(state, stage, agentId, slots, now)) return [struck];
  return [
    struck,
    ...slots.map((name) => setAside(state, { agentId, slot: name }, message, now, limits)),
  ];
}

/** Whether a slot is to be given nothing now. */
export function isAside(state: State, { agentId, slot }: Place, now: Now): boolean {
  const aside = state.aside.get(toPlaceKey(agentId, slot));
  return aside !== undefined && aside.untilMonoMs > now.monoMs;
}

/** Which slots of an agent are set aside, for how long and why; empty for none. */
export function describeAside(state: State, agent: Agent, now: Now): string {
  return agent.slots
    .filter(({ name }) => isAside(state, { agentId: agent.id, slot: name }, now))
    .map(({ name }) => {
      const { untilMonoMs, message } = state.aside.get(toPlaceKey(agent.id, name)) ?? NEVER;
      const seconds = Math.ceil((untilMonoMs - now.monoMs) / 1000);
      return `${name} set aside for ${seconds} s, attempts keep failing there: ${message}`;
    })
    .join('; ');
}

const NEVER = { untilMonoMs: 0, message: '' };

/** The slot, or all of the agent where nothing has opened on any of them since the row began. One strike is enough after the first time. */
function slotsToSetAside(
  state: State,
  agent: Agent,
  row: readonly Strike[],
  slot: string,
  limits: Limits,
): readonly string[] {
  const shared = row.filter(({ isShared }) => isShared);
  const own = row.filter((strike) => strike.isShared || strike.slot === slot);
  const isAgain = state.aside.has(toPlaceKey(agent.id, slot));
  if (count(own) < limits.strikes && !isAgain) return [];
  const isHost =
    count(shared) >= limits.strikes && new Set(shared.map((strike) => strike.slot)).size > 1;
  return isHost ? agent.slots.map(({ name }) => name) : [slot];
}

function count(strikes: readonly Strike[]): number {
  return new Set(strikes.map(({ key }) => key)).size;
}

function setAside(
  state: State,
  { agentId, slot }: Place,
  message: string,
  now: Now,
  limits: Limits,
): Fact {
  const times = state.aside.get(toPlaceKey(agentId, slot))?.times ?? 0;
  const ms = Math.min(limits.asideMs * 2 ** times, limits.asideMostMs);
  return {
    kind: 'slot-set-aside',
    agentId,
    slot,
    untilMonoMs: now.monoMs + ms,
    message: message.split('\n')[0]?.slice(0, MESSAGE_MOST) ?? '',
  };
}

const MESSAGE_MOST = 200;

/** On a slot that can go on doing so. */
function hasTrainedElsewhere(
  state: State,
  { sweepId }: Stage,
  agentId: string,
  slots: readonly string[],
  now: Now,
): boolean {
  const sweep = state.sweeps.get(sweepId);
  return [...state.agents.values()]
    .filter((agent) => isConnected(state, agent.id) && !isLeaving(agent))
    .some((agent) =>
      agent.slots
        .filter(({ name }) => agent.id !== agentId || !slots.includes(name))
        .filter((slot) => sweep !== undefined && takes(sweep, slot))
        .filter(({ name }) => !isAside(state, { agentId: agent.id, slot: name }, now))
        .some(({ name }) => state.numericsOf.has(toSlotKey(sweepId, agent.id, name))),
    );
}
