// The rows of the agents: each agent, and below it its slots.

import type { AgentView, SlotView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { Model } from '../model.ts';

/** A row, known by its key. */
export type Place =
  | { readonly kind: 'agent'; readonly key: string; readonly agent: AgentView }
  | {
      readonly kind: 'slot';
      readonly key: string;
      readonly agent: AgentView;
      readonly slot: SlotView;
    };

/** Those that train first, those that are gone last. */
const ORDER: Readonly<Record<string, number>> = { lost: 1, gone: 2 };

/** All rows. Agents that are gone have no slots any more. */
export function toPlaces({ agents }: Pick<Model, 'agents'>): readonly Place[] {
  const sorted = agents.toSorted(
    (a, b) => orderOf(a) - orderOf(b) || compare(a.name, b.name) || compare(a.agentId, b.agentId),
  );
  return sorted.flatMap((agent): readonly Place[] => {
    const own: Place = { kind: 'agent', key: agent.agentId, agent };
    if (agent.state === 'gone') return [own];
    return [
      own,
      ...agent.slots.map((slot): Place => ({
        kind: 'slot',
        key: `${agent.agentId} ${slot.name}`,
        agent,
        slot,
      })),
    ];
  });
}

/** The index of the selected row; the first where it is not there any more. */
export function selectedPlace(places: readonly Place[], key: string): number {
  return Math.max(
    0,
    places.findIndex((place) => place.key === key),
  );
}

function orderOf({ state }: AgentView): number {
  return Object.hasOwn(ORDER, state) ? (ORDER[state] ?? 0) : 0;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
