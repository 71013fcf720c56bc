// So many calls of a kind at once, and no more.
// Promise: a call that finds no seat is refused before anything is done for it.

import { EspalierError } from '../../src/domain/errors.ts';

/** The seats for one kind of call. */
export class Seats {
  readonly #most: number;
  readonly #words: string;
  #taken = 0;

  /** @param words what is too many, with the name of the limit: such as "watchers (watchersMost)" */
  constructor(most: number, words: string) {
    this.#most = most;
    this.#words = words;
  }

  /** Carries out `body` on a seat. @throws EspalierError `busy` where all are taken */
  async during<R>(body: () => Promise<R>): Promise<R> {
    if (this.#taken >= this.#most)
      throw new EspalierError(
        'busy',
        `there are ${this.#most} ${this.#words} already, the most that may be: try again later`,
      );
    this.#taken += 1;
    try {
      return await body();
    } finally {
      this.#taken -= 1;
    }
  }
}
