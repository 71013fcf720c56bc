// Random choices that follow from a seed.

import { rngFor } from '../../src/domain/random.ts';

/** Dice with a name of their own. */
export class Dice {
  readonly #rng: () => number;

  constructor(seed: number, ...name: readonly (string | number)[]) {
    this.#rng = rngFor(seed, ...name);
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.#rng();
  }

  /** True in this share of all cases. */
  is(share: number): boolean {
    return this.#rng() < share;
  }

  /** A whole number from 0, below `end`. */
  below(end: number): number {
    return Math.floor(this.#rng() * end);
  }

  /** One of some things. */
  pick<T>(from: readonly T[]): T {
    const at = this.below(from.length);
    if (from.length === 0) throw new Error('nothing to pick from');
    return from[at] as T;
  }

  /** Does one of some things, each as often as its weight says; returns what that returns. */
  choose(actions: readonly (readonly [number, () => unknown])[]): unknown {
    let left = this.#rng() * actions.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, act] of actions) {
      left -= weight;
      if (left < 0) return act();
    }
    return undefined;
  }

  /** In random order. */
  shuffle<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: this.#rng() }));
    return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
  }
}
