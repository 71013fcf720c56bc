// How often one address may try to join, and one member renew its certificate.
// Promise: guessing secrets is slow, costs next to nothing, and the book about it does not grow with those who try.

const ADDRESSES_MOST = 1_000;

type Bucket = { tokens: number; filledMs: number };

/** Counts attempts by address, or by whoever makes them. */
export class Attempts {
  readonly #burst: number;
  readonly #refillMs: number;
  readonly #buckets = new Map<string, Bucket>();

  /** So many attempts at once, and one more each `refillMs` milliseconds. */
  constructor(burst: number, refillMs: number) {
    this.#burst = burst;
    this.#refillMs = refillMs;
  }

  /** Counts one more attempt; false if there have been too many. `monoMs` only ever rises. */
  take(address: string, monoMs: number): boolean {
    const bucket = this.#buckets.get(address) ?? { tokens: this.#burst, filledMs: monoMs };
    // The address that has not tried for longest is forgotten first.
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > ADDRESSES_MOST && oldest !== undefined) this.#buckets.delete(oldest);
    bucket.tokens = Math.min(
      this.#burst,
      bucket.tokens + (monoMs - bucket.filledMs) / this.#refillMs,
    );
    bucket.filledMs = monoMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
