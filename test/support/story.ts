// The coordinator's decisions as a story: events in, the state to look at, time in hand. No store, no network.

import { decide } from '../../coordinator/core/decide.ts';
import type { Event, ReportItem } from '../../coordinator/core/event.ts';
import { evolve } from '../../coordinator/core/evolve.ts';
import type { Fact } from '../../coordinator/core/fact.ts';
import type { Limits } from '../../coordinator/core/limits.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import type { Slot, State } from '../../coordinator/core/model.ts';
import { emptyState } from '../../coordinator/core/model.ts';
import { settle } from '../../coordinator/core/settle.ts';

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
    const now = { monoMs: this.#monoMs, wallMs: this.#monoMs };
    const own = this.#take(decide(this.state, { ...event, now }, this.#limits));
    return [...own, ...this.#take(settle(this.state, now, this.#limits))];
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

  #take(facts: readonly Fact[]): readonly Fact[] {
    for (const fact of facts) this.state = evolve(this.state, fact);
    return facts;
  }
}

/** The attempt failed of itself. */
export function failed(message: string): ReportItem {
  return { kind: 'ended', outcome: 'failed', message };
}
