// Means over samples of what batches report. Promise: no waiting for the device while batches follow each other, and no more
// than a bounded number of scalars on it; the sums are in float64, in the order of the batches.

import type * as tf from '@tensorflow/tfjs';

const MOST_PENDING = 1024;

/** Gathers the mean of each named value over an epoch. */
export class SampleMeans {
  readonly #names: readonly string[];
  readonly #sums: number[];
  #samples = 0;
  #pending: { readonly values: readonly tf.Tensor[]; readonly samples: number }[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#sums = names.map(() => 0);
  }

  /** Takes in the means of one batch, in the order of the names; the scalars are disposed here, later. */
  add(values: readonly tf.Tensor[], samples: number): void {
    this.#pending.push({ values, samples });
  }

  /** Whether {@link settle} should be awaited before more batches are added. */
  get isFull(): boolean {
    return this.#pending.length * this.#names.length >= MOST_PENDING;
  }

  /** Reads what is pending from the device. */
  async settle(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    const read = await Promise.all(
      pending.map(({ values }) => Promise.all(values.map((value) => value.data()))),
    );
    pending.forEach(({ values, samples }, batch) => {
      this.#samples += samples;
      values.forEach((value, at) => {
        this.#sums[at] = (this.#sums[at] ?? 0) + (read[batch]?.[at]?.[0] ?? Number.NaN) * samples;
        value.dispose();
      });
    });
  }

  /** The means by name, each name after `prefix`. */
  async toMetrics(prefix: string): Promise<Record<string, number>> {
    await this.settle();
    return Object.fromEntries(
      this.#names.map((name, at) => [prefix + name, (this.#sums[at] ?? 0) / this.#samples]),
    );
  }
}
