// Wakes a watcher some time after the first change, so that many changes make one message.

import type { Loop } from '../loop.ts';

/** What happens at one loop, for one who waits for it. */
export class ChangeSignal {
  readonly #unsubscribe: () => void;
  #hasChanged = false;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(loop: Loop) {
    this.#unsubscribe = loop.onCommit(() => {
      this.#hasChanged = true;
      this.#wake?.();
    });
  }

  /** Resolves true at the next change, but not before `leastMs` have passed; false once closed. */
  async wait(leastMs: number): Promise<boolean> {
    await this.#sleep(leastMs);
    while (!this.#hasChanged && !this.#isClosed)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#hasChanged = false;
    return !this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#wake?.();
  }

  #sleep(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  }
}
