// What becomes of the trust in an agent's slots.

import type { FactOf } from '../fact.ts';
import { toPlaceKey } from '../model.ts';
import { known, type Mutable } from './mutable.ts';

/** An attempt failed on a slot before it could train. */
export function strikeSlot(state: Mutable, { agentId, strike }: FactOf['slot-struck']): void {
  state.strikes.set(agentId, [...(state.strikes.get(agentId) ?? []), strike].slice(-STRIKES_MOST));
}

const STRIKES_MOST = 64;

/** Its slot is given nothing for a while. */
export function setSlotAside(state: Mutable, fact: FactOf['slot-set-aside']): void {
  const { agentId, slot, untilMonoMs, message } = fact;
  const key = toPlaceKey(agentId, slot);
  const times = (state.aside.get(key)?.times ?? 0) + 1;
  state.aside.set(key, { untilMonoMs, message, times });
}

/** A trial has opened on a slot: it works, and so does what it has in common with the agent's others. */
export function clearSlot(state: Mutable, agentId: string, slot: string): void {
  state.aside.delete(toPlaceKey(agentId, slot));
  const strikes = state.strikes.get(agentId);
  if (strikes === undefined) return;
  const others = strikes.filter((strike) => strike.slot !== slot);
  if (others.length === 0) state.strikes.delete(agentId);
  else
    state.strikes.set(
      agentId,
      others.map((strike) => ({ ...strike, isShared: false })),
    );
}

/** Whatever was held against an agent is forgotten. */
export function clearAgent(state: Mutable, agentId: string): void {
  state.strikes.delete(agentId);
  for (const { name } of known(state.agents, agentId).slots)
    state.aside.delete(toPlaceKey(agentId, name));
}
