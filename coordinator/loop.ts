// The heart: gathers events, takes them in turns, and tells. Nothing is told to anyone before it is durable. A turn that
// fails ends the loop for good: leases outlive a restart, half-told stories do not.

import { EspalierError } from '../src/domain/errors.ts';
import type { Event } from './core/event.ts';
import type { Fact } from './core/fact.ts';
import type { Limits } from './core/limits.ts';
import type { Now, State } from './core/model.ts';
import { nextDeadline } from './core/deadline.ts';
import type { Store } from './store/store.ts';
import { takeEvents } from './turn.ts';

/** What the loop needs from outside. */
export type LoopPorts = {
  readonly store: Pick<Store, 'load' | 'transaction' | 'write' | 'epochMetrics'>;
  readonly now: () => Now;
  readonly limits: Limits;
};

/** Told after each commit, also after one without facts: time alone changes what people are shown. */
export type CommitListener = (facts: readonly Fact[]) => void;

type Waiting = {
  readonly event: Event;
  readonly resolve: (facts: readonly Fact[]) => void;
  readonly reject: (error: unknown) => void;
};

/** Events of one transaction at most; more wait for the next turn. */
const BATCH_MOST = 500;
/** The timer is never set for longer, so that a timer which is late tells for how long the process stood still. */
const PULSE_MS = 1_000;
/** What is late by less is the ordinary work of a busy coordinator. */
const STANDSTILL_MS = 1_000;

/** The state of one coordinator, and the only way to change it. */
export class Loop {
  /** Resolves with the error that ended the loop, if one does; once, and the loop cannot be used from then on. */
  readonly broken: Promise<unknown>;
  readonly #ports: LoopPorts;
  readonly #queue: Waiting[] = [];
  readonly #listeners = new Set<CommitListener>();
  #break: (error: unknown) => void = () => undefined;
  #state: State;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is due, in monotonic milliseconds. */
  #dueMonoMs = Number.POSITIVE_INFINITY;
  #phase: 'open' | 'closed' | 'broken' = 'open';
  #isScheduled = false;

  constructor(ports: LoopPorts) {
    this.#ports = ports;
    this.broken = new Promise((resolve) => {
      this.#break = resolve;
    });
    this.#state = ports.store.load(ports.now(), ports.limits.graceMs);
    this.#setTimer();
  }

  /**
   * What is committed; for reading, until the next commit.
   * @throws EspalierError `unavailable` once broken: what is there then was never committed
   */
  get state(): State {
    if (this.#phase === 'broken') throw stopping();
    return this.#state;
  }

  /**
   * Hands in an event; resolves with its own facts once they are durable.
   * @throws EspalierError `unavailable` if that cannot be, or if the loop is closed
   */
  post(event: Event): Promise<readonly Fact[]> {
    if (this.#phase !== 'open') return Promise.reject(stopping());
    return new Promise((resolve, reject) => {
      this.#queue.push({ event, resolve, reject });
      this.#schedule();
    });
  }

  /** Calls `listener` after each commit until the returned function is called. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Commits what was handed in and stops. A failure of that shows in {@link broken}. */
  close(): void {
    while (this.#queue.length > 0 && this.#phase === 'open') this.#turn();
    if (this.#phase === 'open') this.#phase = 'closed';
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Everything that arrives in one turn of the event loop shares a commit.
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#phase === 'open' && this.#queue.length > 0) this.#turn();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #turn(): void {
    this.#noteStandstill();
    const batch = this.#queue.splice(0, BATCH_MOST);
    try {
      const events = batch.map((waiting) => waiting.event);
      const { state, facts } = takeEvents(this.#state, events, this.#ports);
      this.#state = state;
      const all = facts.flat();
      for (const listener of this.#listeners) listener(all);
      for (const [i, waiting] of batch.entries()) waiting.resolve(facts[i] ?? []);
      this.#setTimer();
    } catch (error) {
      this.#fail(error, batch);
    }
  }

  #fail(error: unknown, batch: readonly Waiting[]): void {
    this.#phase = 'broken';
    clearTimeout(this.#timer);
    for (const waiting of [...batch, ...this.#queue.splice(0)]) waiting.reject(stopping());
    this.#break(error);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const { monoMs } = this.#ports.now();
    this.#dueMonoMs = Math.min(Math.max(this.#deadline, monoMs), monoMs + PULSE_MS);
    this.#timer = setTimeout(() => this.#wake(), this.#dueMonoMs - monoMs);
  }

  get #deadline(): number {
    const { limits, now } = this.#ports;
    return nextDeadline(this.#state, now(), limits) ?? Number.POSITIVE_INFINITY;
  }

  #wake(): void {
    const { monoMs } = this.#ports.now();
    if (monoMs < this.#deadline && this.#standstillMs() === 0) this.#setTimer();
    // Whether it fails is the loop's to know, and shows in `broken`.
    else this.post({ kind: 'tick' }).catch(() => undefined);
  }

  /** Before anything else is decided: whoever was not listened to was not silent. */
  #noteStandstill(): void {
    const ms = this.#standstillMs();
    if (ms === 0) return;
    const event = { kind: 'stood-still', ms } as const;
    this.#queue.unshift({ event, resolve: () => undefined, reject: () => undefined });
  }

  #standstillMs(): number {
    const lateMs = Math.floor(this.#ports.now().monoMs - this.#dueMonoMs);
    return lateMs < STANDSTILL_MS ? 0 : lateMs;
  }
}

function stopping(): EspalierError {
  return new EspalierError('unavailable', 'the coordinator is stopping');
}
