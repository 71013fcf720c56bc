// When to draw: at once after a key, and at most four times a second for everything else.
// Promise: the last request is always drawn, and never more than one drawing waits.

const INTERVAL_MS = 250;

/** Calls `draw`, no more often than it should. */
export class Pace {
  readonly #draw: () => void;
  readonly #now: () => number;
  #last = Number.NEGATIVE_INFINITY;
  #waiting: NodeJS.Timeout | undefined;

  constructor(draw: () => void, now: () => number) {
    this.#draw = draw;
    this.#now = now;
  }

  /** Draws now. */
  now(): void {
    this.stop();
    this.#last = this.#now();
    this.#draw();
  }

  /** Draws as soon as the pace allows it. */
  soon(): void {
    const wait = this.#last + INTERVAL_MS - this.#now();
    if (wait <= 0) this.now();
    else this.#waiting ??= setTimeout(() => this.now(), wait);
  }

  /** Forgets what waits. */
  stop(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }
}
