// Whether a slot computes what a stage was begun with: a trial that changed its backend half-way would not be the same training.
// What a slot computes with is learnt when a trial opens on it. Promise: no stage waits for numerics that nobody offers.

import type { Agent, Slot, Stage, State, Sweep } from './model.ts';
import { isConnected, toSlotKey } from './model.ts';

/** A slot of an agent. */
type Place = { readonly agentId: string; readonly slot: string };

/** True unless the slot is known to compute otherwise and another one may do better. */
export function isSuited(state: State, stage: Stage, place: Place): boolean {
  const known = state.numericsOf.get(toSlotKey(stage.sweepId, place.agentId, place.slot));
  return known === undefined || !isOfferedElsewhere(state, stage, place, known);
}

/** True if a slot with these numerics should not train the stage, since another one computes, or may compute, as it was begun. */
export function isOfferedElsewhere(
  state: State,
  stage: Stage,
  place: Place,
  numerics: string,
): boolean {
  if (stage.numerics === null || stage.numerics === numerics) return false;
  const sweep = state.sweeps.get(stage.sweepId);
  return [...state.agents.values()]
    .filter((agent) => isConnected(state, agent.id) && !isLeaving(agent))
    .some((agent) =>
      agent.slots
        .filter(({ name }) => agent.id !== place.agentId || name !== place.slot)
        .filter((slot) => sweep !== undefined && takes(sweep, slot))
        .some(({ name }) => mayCompute(state, stage, { agentId: agent.id, slot: name })),
    );
}

/** Whether a sweep trains on slots of this kind. */
export function takes(sweep: Sweep, slot: Slot): boolean {
  return sweep.spec.slots.kind === 'any' || sweep.spec.slots.kind === slot.kind;
}

/** Whether an agent is given nothing new. */
export function isLeaving(agent: Agent): boolean {
  return agent.draining || agent.isToLeave;
}

function mayCompute(state: State, stage: Stage, { agentId, slot }: Place): boolean {
  const known = state.numericsOf.get(toSlotKey(stage.sweepId, agentId, slot));
  return known === undefined || known === stage.numerics;
}
