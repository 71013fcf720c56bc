// Everything that takes time in a simulated world waits at a gate, until somebody opens it. Promise: nothing else decides the order.

/** Something that waits, and whose it is. */
export type Gate = {
  readonly owner: object;
  readonly what: string;
  /** Whether it can go on now. */
  readonly isOpenable: () => boolean;
  /** Carries it out. */
  readonly open: () => void;
};

type Options = {
  readonly owner: object;
  readonly what: string;
  /** Rejects at once when aborted, whether it has begun or not. */
  readonly signal?: AbortSignal;
  readonly isOpenable?: () => boolean;
};

/** The gates of one world. */
export class Gates {
  #closed: Gate[] = [];

  /** Resolves with what `work` gives, once its gate was opened. */
  async pass<T>(options: Options, work: () => T | Promise<T>): Promise<T> {
    const { owner, what, signal, isOpenable = () => true } = options;
    if (signal?.aborted === true) throw new Error('withdrawn');
    let abort: (() => void) | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        const open = (): void => {
          this.#remove(gate);
          new Promise<T>((begun) => begun(work())).then(resolve, reject);
        };
        const gate: Gate = { owner, what, isOpenable, open };
        abort = () => {
          this.#remove(gate);
          reject(new Error('withdrawn'));
        };
        signal?.addEventListener('abort', abort);
        this.#closed.push(gate);
      });
    } finally {
      if (abort !== undefined) signal?.removeEventListener('abort', abort);
    }
  }

  /** Those that can be opened now, the oldest first. */
  openable(): readonly Gate[] {
    return this.#closed.filter((gate) => gate.isOpenable());
  }

  /** What belongs to somebody who is no more never goes on. */
  drop(owner: object): void {
    this.#closed = this.#closed.filter((gate) => gate.owner !== owner);
  }

  #remove(gate: Gate): void {
    this.#closed = this.#closed.filter((other) => other !== gate);
  }
}

/** Lets everything happen that needs no gate. */
export async function settle(): Promise<void> {
  // A report that is handed in is committed in one turn of the event loop, told in the next, and may be answered in a third.
  for (let turn = 0; turn < 4; turn += 1)
    await new Promise<void>((resolve) => void setImmediate(resolve));
}
