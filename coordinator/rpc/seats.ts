// So many calls of a kind at once, and no more.
// Promise: a call that finds no seat is refused before anything is done for it.

import { EspalierError } from '../../src/domain/errors.ts';

/** The seats for one kind of call. */
export class Seats {
  readonly #most: number;
  readonly #words: string;
  readonly #takenBy = new Map<string, number>();
  #taken = 0;

  /** @param words what is too many, with the name of the limit: such as "watchers (watchersMost)" */
  constructor(most: number, words: string) {
    this.#most = most;
    this.#words = words;
  }

  /**
   * Carries out `body` on a seat. Somebody who is known, by `who`, has half of the seats at most: the other half is for others.
   * @throws EspalierError `busy` where all are taken
   */
  async during<R>(body: () => Promise<R>, who?: string): Promise<R> {
    if (this.#taken >= this.#most) throw this.#full(this.#most, 'already');
    const own = this.#takenBy.get(who ?? '') ?? 0;
    const share = Math.ceil(this.#most / 2);
    if (who !== undefined && own >= share) throw this.#full(share, 'of yours already');
    this.#count(who, 1);
    try {
      return await body();
    } finally {
      this.#count(who, -1);
    }
  }

  #count(who: string | undefined, change: 1 | -1): void {
    this.#taken += change;
    if (who === undefined) return;
    const own = (this.#takenBy.get(who) ?? 0) + change;
    if (own === 0) this.#takenBy.delete(who);
    else this.#takenBy.set(who, own);
  }

  #full(most: number, whose: string): EspalierError {
    const words = `there are ${most} ${this.#words} ${whose}, the most that may be: try again later`;
    return new EspalierError('busy', words);
  }
}
