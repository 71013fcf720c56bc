// One turn: stamp, decide, write, evolve, for a batch of events in one transaction. It never awaits, so nothing can
// interleave. If it throws, nothing is stored, and the state that it was given is spoilt and must not be read again.

import type { Event, Report, ReportItem, Stamped } from './core/event.ts';
import type { Fact } from './core/fact.ts';
import type { Limits } from './core/limits.ts';
import type { Now, State } from './core/model.ts';
import { decide } from './core/decide.ts';
import { evolve } from './core/evolve.ts';
import { nextEpoch } from './core/members.ts';
import { settle, stirs } from './core/settle.ts';
import type { Store } from './store/store.ts';

/** What a turn needs from outside. */
export type TurnPorts = {
  readonly store: Pick<
    Store,
    'transaction' | 'write' | 'epochMetrics' | 'logBytes' | 'seriesSteps'
  >;
  /** Read once for each event. */
  readonly now: () => Now;
  readonly limits: Limits;
};

/** The state after a turn, and what has become true: the facts of each event, and last those that follow from all. */
export type Turn = { readonly state: State; readonly facts: readonly (readonly Fact[])[] };

/** Takes a batch of events; durable when it returns. The given state must not be used afterwards. */
export function takeEvents(given: State, events: readonly Event[], ports: TurnPorts): Turn {
  const { store, now, limits } = ports;
  const facts: (readonly Fact[])[] = [];
  const stirred = new Set<string>();
  let state = given;
  const take = (decided: readonly Fact[], { wallMs }: Now): void => {
    for (const fact of decided) {
      store.write(fact, wallMs);
      state = evolve(state, fact);
      const sweepId = stirs(state, fact);
      if (sweepId !== undefined) stirred.add(sweepId);
    }
    facts.push(decided);
  };
  store.transaction(() => {
    for (const event of events) {
      const at = now();
      take(decide(state, stamp(event, at, state, store), limits), at);
    }
    const at = now();
    take(settle(state, at, limits, stirred), at);
  });
  return { state, facts };
}

/** With the time, and with what is on record already of the same. */
function stamp(event: Event, now: Now, state: State, store: TurnPorts['store']): Stamped {
  return event.kind === 'reported'
    ? { ...event, item: lookUp(event, state, store), now }
    : { ...event, now };
}

function lookUp(
  { stageId, attempt, item }: Report,
  { stages }: State,
  store: TurnPorts['store'],
): ReportItem {
  if (item.kind === 'log') return { ...item, keptBytes: store.logBytes(stageId) };
  if (item.kind === 'series')
    return { ...item, keptSteps: store.seriesSteps(stageId, item.epoch, attempt) };
  const stage = stages.get(stageId);
  // What comes next is on no record: nothing is looked up for it.
  if (item.kind !== 'epoch' || stage === undefined || item.epoch >= nextEpoch(stage)) return item;
  const recorded = store.epochMetrics(stageId, item.epoch);
  return recorded === undefined ? item : { ...item, recorded };
}
