// For how long this process was not running: stopped by a signal, or on a host that slept or was overloaded.
// Promise: a time in which nobody could be heard is told of once, as soon as anybody asks.

import type { Now } from './core/model.ts';

/** It looks at the clock this often, so that being late tells how long it could not. */
const PULSE_MS = 1_000;
/** What is late by less is the ordinary work of a busy coordinator. */
const STANDSTILL_MS = 1_000;

/** Looks at the clock again and again. */
export class Standstill {
  readonly #now: () => Now;
  /** When the next look is due, in monotonic milliseconds. */
  #dueMonoMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** From now on; `now` is the loop's clock. */
  constructor(now: () => Now) {
    this.#now = now;
    this.#dueMonoMs = now().monoMs + PULSE_MS;
  }

  /** Calls back whenever a look is too late, until {@link stop}. */
  start(onLate: () => void): void {
    this.#timer = setInterval(() => {
      if (this.#lateMs() > 0) onLate();
      else this.take();
    }, PULSE_MS);
  }

  /** Looks: whole milliseconds that it stood still since the last look, 0 for what is ordinary. */
  take(): number {
    const lateMs = this.#lateMs();
    this.#dueMonoMs = this.#now().monoMs + PULSE_MS;
    return lateMs;
  }

  /** Looks no more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #lateMs(): number {
    const lateMs = Math.floor(this.#now().monoMs - this.#dueMonoMs);
    return lateMs < STANDSTILL_MS ? 0 : lateMs;
  }
}
