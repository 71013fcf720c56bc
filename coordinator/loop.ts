// The heart: stamp, decide, commit, evolve, publish. It never awaits, so nothing can interleave, and nothing is told to
// anyone before it is durable. A commit that fails ends the process: leases outlive a restart, half-told stories do not.

import type { Event, Stamped } from './core/event.ts';
import type { Fact } from './core/fact.ts';
import type { Limits } from './core/limits.ts';
import type { Now, State } from './core/model.ts';
import { nextDeadline } from './core/deadline.ts';
import { decide } from './core/decide.ts';
import { evolve } from './core/evolve.ts';
import { settle } from './core/settle.ts';
import type { Store } from './store/store.ts';

/** What the loop needs from outside. `fail` must not return to the loop: the process is over. */
export type LoopPorts = {
  readonly store: Store;
  readonly now: () => Now;
  readonly limits: Limits;
  readonly fail: (error: unknown) => void;
};

/** Told after each commit. */
export type CommitListener = (facts: readonly Fact[]) => void;

type Waiting = { readonly event: Event; readonly resolve: (facts: readonly Fact[]) => void };

/** Events of one transaction at most; more wait for the next turn. */
const BATCH_MOST = 500;

/** setTimeout counts in 32 bits. */
const TIMER_MOST_MS = 2 ** 31 - 1;

export class Loop {
  readonly #ports: LoopPorts;
  readonly #queue: Waiting[] = [];
  readonly #listeners = new Set<CommitListener>();
  #state: State;
  #timer: NodeJS.Timeout | undefined;
  #isScheduled = false;
  #isClosed = false;

  constructor(ports: LoopPorts) {
    this.#ports = ports;
    this.#state = ports.store.load(ports.now(), ports.limits.graceMs);
    this.#setTimer();
  }

  /** For reading, until the next commit. */
  get state(): State {
    return this.#state;
  }

  /** Hands in an event; resolves with its own facts once they are durable. */
  post(event: Event): Promise<readonly Fact[]> {
    return new Promise((resolve) => {
      this.#queue.push({ event, resolve });
      this.#schedule();
    });
  }

  /** Calls `listener` after each commit until the returned function is called. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Commits what was handed in and stops. */
  close(): void {
    while (this.#queue.length > 0 && !this.#isClosed) this.#turn();
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    // Everything that arrives in one turn of the event loop shares a commit.
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#isClosed) return;
      this.#turn();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #turn(): void {
    const batch = this.#queue.splice(0, BATCH_MOST);
    try {
      const facts = this.#handle(batch.map((waiting) => waiting.event));
      const all = facts.flat();
      for (const listener of this.#listeners) listener(all);
      for (const [i, waiting] of batch.entries()) waiting.resolve(facts[i] ?? []);
      this.#setTimer();
    } catch (error) {
      this.#isClosed = true;
      this.#ports.fail(error);
    }
  }

  /** One batch, one transaction. The facts of each event, and last those that follow from them. */
  #handle(events: readonly Event[]): readonly (readonly Fact[])[] {
    const { store, now, limits } = this.#ports;
    const facts: (readonly Fact[])[] = [];
    store.transaction(() => {
      for (const event of events)
        facts.push(this.#apply(decide(this.#state, this.#stamp(event), limits)));
      facts.push(this.#apply(settle(this.#state, now(), limits)));
    });
    return facts;
  }

  #apply(facts: readonly Fact[]): readonly Fact[] {
    const { wallMs } = this.#ports.now();
    for (const fact of facts) {
      this.#ports.store.write(fact, wallMs);
      this.#state = evolve(this.#state, fact);
    }
    return facts;
  }

  #stamp(event: Event): Stamped {
    const now = this.#ports.now();
    if (event.kind !== 'reported' || event.item.kind !== 'epoch') return { ...event, now };
    const recorded = this.#ports.store.epochMetrics(event.stageId, event.item.epoch);
    return recorded === undefined
      ? { ...event, now }
      : { ...event, item: { ...event.item, recorded }, now };
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const now = this.#ports.now();
    const deadline = nextDeadline(this.#state, now);
    if (deadline === null || this.#isClosed) return;
    const waitMs = Math.min(Math.max(deadline - now.monoMs, 0), TIMER_MOST_MS);
    this.#timer = setTimeout(() => void this.post({ kind: 'tick' }), waitMs);
  }
}
