// The control vector of an epoch as one number. Promise: vectors that are equal bit for bit after `Math.fround` have the same
// number, however a strategy writes them (one value for all steps, or one a step); unequal ones have different numbers but for
// a chance of 2^-53 for each pair. No vector is kept, no more than 65,536 steps are held at once, and work is bounded.

import type { Strategy } from '../lr/strategy.ts';

const MOST_STEPS = 65_536;

/** What asking a strategy costs besides its steps, in steps. */
const WORK_OF_ASKING = 16;

/** Hashes epochs one after another. */
export class EpochHasher {
  /** Whether any epoch so far had more than one value. */
  hasMoved = false;
  /** Whether the last epoch had only one value. */
  isStill = true;
  #work = 0;
  readonly #stepsPerEpoch: number;
  readonly #mostWork: number;
  readonly #rates = new RunHash();
  readonly #momenta = new RunHash();

  /** Evaluates about `mostWork` steps and no more; asking for an epoch counts as some. */
  constructor(stepsPerEpoch: number, mostWork: number) {
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#mostWork = mostWork;
  }

  /** Whether all work has been done: what `hash` has returned since is of no use. */
  get isExhausted(): boolean {
    return this.#work > this.#mostWork;
  }

  /** Counts work that was done elsewhere. */
  count(work: number): void {
    this.#work += work;
  }

  /** The number of the 0-based `epoch`'s vector, for a strategy in `state`. */
  hash<S>(strategy: Strategy<S>, state: S, epoch: number): number {
    this.#rates.reset();
    this.#momenta.reset();
    const end = (epoch + 1) * this.#stepsPerEpoch;
    for (
      let from = epoch * this.#stepsPerEpoch;
      from < end && !this.isExhausted;
      from += MOST_STEPS
    ) {
      const count = Math.min(MOST_STEPS, end - from);
      const { learningRate, momentum } = strategy.controls(state, from, count);
      this.#take(this.#rates, learningRate, count);
      if (momentum !== undefined) this.#take(this.#momenta, momentum, count);
    }
    return this.#finish();
  }

  #take(into: RunHash, values: number | Float64Array, count: number): void {
    // one value for all is mostly a stair, known at once, and sometimes steps that were compared one by one
    const isOne = typeof values === 'number';
    this.#work += WORK_OF_ASKING + (isOne ? count / 8 : count);
    if (isOne) return into.add(values, count);
    into.addAll(values);
  }

  #finish(): number {
    this.#rates.end();
    this.#momenta.end();
    this.isStill = this.#rates.runs <= 1 && this.#momenta.runs <= 1;
    this.hasMoved ||= !this.isStill;
    this.#rates.mix(this.#momenta.low, this.#momenta.high);
    return this.#rates.high * 2 ** 21 + (this.#rates.low >>> 11);
  }
}

/** A hash of a series as runs of equal float32 values: where it was cut into pieces cannot be seen. */
class RunHash {
  low = 0;
  high = 0;
  runs = 0;
  #value = 0;
  #length = 0;
  readonly #float = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#float.buffer);

  reset(): void {
    this.low = 0x9e3779b9;
    this.high = 0x7f4a7c15;
    this.runs = 0;
    this.#length = 0;
  }

  add(value: number, count: number): void {
    const rounded = Math.fround(value);
    if (this.#length > 0 && !Object.is(rounded, this.#value)) this.end();
    this.#value = rounded;
    this.#length += count;
  }

  addAll(values: Float64Array): void {
    for (let i = 0; i < values.length; i += 1) this.add(values[i] ?? 0, 1);
  }

  end(): void {
    if (this.#length === 0) return;
    this.#float[0] = this.#value;
    const bits = this.#bits[0] ?? 0;
    this.mix(bits, bits);
    // a run's length looks like a NaN to one lane, so that it is never taken for the next run's value
    if (this.#length > 1) this.mix(0xffc00000 | (this.#length & 0x3fffff), this.#length);
    this.runs += 1;
    this.#length = 0;
  }

  /** Two lanes of 32 bits, each a bijection of what it held and of what it takes in (the finaliser of MurmurHash3). */
  mix(low: number, high: number): void {
    this.low = stir(this.low ^ low, 0x85ebca6b, 0xc2b2ae35);
    this.high = stir(this.high ^ Math.imul(high, 0x9e3779b1), 0xcc9e2d51, 0x1b873593);
  }
}

function stir(word: number, first: number, second: number): number {
  let stirred = Math.imul(word ^ (word >>> 16), first);
  stirred = Math.imul(stirred ^ (stirred >>> 13), second);
  return (stirred ^ (stirred >>> 16)) >>> 0;
}
