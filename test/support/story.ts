// The coordinator's decisions as a story: events in, the state to look at, time in hand. No store, no network.

import type { Event, ReportItem } from '../../coordinator/core/event.ts';
import type { Fact } from '../../coordinator/core/fact.ts';
import type { Limits } from '../../coordinator/core/limits.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import type { Now, Slot, State } from '../../coordinator/core/model.ts';
import { emptyState } from '../../coordinator/core/model.ts';
import type { TurnPorts } from '../../coordinator/turn.ts';
import { takeEvents } from '../../coordinator/turn.ts';
import type { Metrics } from '../../src/domain/objective.ts';

/** Keeps nothing: an event that repeats an epoch brings the record along. */
const NO_STORE: TurnPorts['store'] = {
  transaction: (body) => body(),
  write: () => undefined,
  epochMetrics: () => undefined,
};

/** One story from an empty coordinator on. */
export class Story {
  state: State = emptyState();
  readonly #limits: Limits;
  #monoMs = 0;
  #sequence = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Applies an event and what follows from it; all facts of both. */
  tell(event: Event): readonly Fact[] {
    const turn = takeEvents(this.state, [event], {
      store: NO_STORE,
      now: () => this.now(),
      limits: this.#limits,
    });
    this.state = turn.state;
    return turn.facts.flat();
  }

  /** The time in the story; it starts at 0. */
  now(): Now {
    return { monoMs: this.#monoMs, wallMs: this.#monoMs };
  }

  /** An agent says that it is there. */
  beat(
    agentId: string,
    slots: readonly Slot['kind'][] = ['cpu'],
    change: { incarnation?: string; draining?: boolean; leaving?: boolean } = {},
  ): readonly Fact[] {
    const offered = slots.map((kind, i) => ({ name: `${kind}${i}`, kind, description: '' }));
    return this.tell({
      kind: 'heartbeat',
      agentId,
      incarnation: '1',
      name: agentId,
      version: '1',
      slots: offered,
      draining: false,
      leaving: false,
      ...change,
    });
  }

  /** The agent that holds a stage reports something of its current attempt. */
  report(stageId: string, item: ReportItem): readonly Fact[] {
    const stage = this.state.stages.get(stageId);
    this.#sequence += 1;
    return this.tell({
      kind: 'reported',
      agentId: stage?.lease?.agentId ?? '',
      sequence: this.#sequence,
      stageId,
      attempt: stage?.attempt ?? 0,
      item,
    });
  }

  /** Time passes. */
  pass(ms: number): readonly Fact[] {
    this.#monoMs += ms;
    return this.tell({ kind: 'tick' });
  }

  /** Stage by `agent:slot`. */
  leases(): Readonly<Record<string, string>> {
    const entries = [...this.state.leasesOf].flatMap(([agentId, leases]) =>
      [...leases].map(([slot, stageId]) => [`${agentId}:${slot}`, stageId]),
    );
    return Object.fromEntries(entries);
  }
}

/** The attempt failed of itself. */
export function failed(message: string): ReportItem {
  return { kind: 'ended', outcome: 'failed', message };
}

/** One epoch, from 0, trained with a constant learning rate. */
export function epoch(n: number, metrics: Metrics, recorded?: Metrics): ReportItem {
  const rates = { steps: 1, first: 1, last: 1, least: 1, greatest: 1, applied: 1 };
  const item = { kind: 'epoch', epoch: n, metrics, rates, seconds: 1 } as const;
  return recorded === undefined ? item : { ...item, recorded };
}
