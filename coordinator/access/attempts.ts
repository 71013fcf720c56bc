// How often one address may try to join.
// Promise: guessing secrets is slow, costs next to nothing, and the book about it does not grow with those who try.

import { BOUNDS } from '../../src/domain/bounds.ts';

/** Attempts at once, and how long until there is one more. */
const BURST = BOUNDS.joinAttempts;
const REFILL_MS = 1_000;
const ADDRESSES_MOST = 1_000;

type Bucket = { tokens: number; filledMs: number };

/** Counts attempts by address. */
export class Attempts {
  readonly #buckets = new Map<string, Bucket>();

  /** Counts one more attempt; false if there have been too many. `monoMs` only ever rises. */
  take(address: string, monoMs: number): boolean {
    const bucket = this.#buckets.get(address) ?? { tokens: BURST, filledMs: monoMs };
    // The address that has not tried for longest is forgotten first.
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > ADDRESSES_MOST && oldest !== undefined) this.#buckets.delete(oldest);
    bucket.tokens = Math.min(BURST, bucket.tokens + (monoMs - bucket.filledMs) / REFILL_MS);
    bucket.filledMs = monoMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
