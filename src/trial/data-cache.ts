// What a trial's `data()` gave, kept from one stage to the next: neighbours in a grid often differ in their seed alone and take turns.
// Promise: the data in use is always held, what is held besides it is bounded in number and in bytes, and tensors that leave are
// disposed, except those that held data has too.

import * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';
import type { TrialData } from './define-trial.ts';
import { tensorsOf } from './managed.ts';

/** Data sets held at most, and bytes of all of them; the one in use may be larger. */
const HELD_MOST = 4;
const HELD_MOST_BYTES = 256 * 1024 * 1024;

/** Holds the data that was used last. */
export class DataCache {
  /** In the order of their latest use. */
  readonly #held = new Map<string, TrialData>();

  /** The data of `key`: what is held, or what `load` gives. */
  async get(key: string, load: () => TrialData | Promise<TrialData>): Promise<TrialData> {
    const data = this.#held.get(key) ?? (await load());
    checkShape(data);
    this.#held.delete(key);
    this.#held.set(key, data);
    this.#evict();
    return data;
  }

  #evict(): void {
    for (const [key, data] of this.#held) {
      const held = new Set([...this.#held.values()].flatMap(tensorsOf));
      const bytes = [...held].reduce(
        (sum, tensor) => sum + tensor.size * tf.util.bytesPerElement(tensor.dtype),
        0,
      );
      if (this.#held.size === 1 || (this.#held.size <= HELD_MOST && bytes <= HELD_MOST_BYTES))
        return;
      this.#held.delete(key);
      const kept = new Set([...this.#held.values()].flatMap(tensorsOf));
      tf.dispose(tensorsOf(data).filter((tensor) => !kept.has(tensor) && !tensor.isDisposed));
    }
  }
}

/** The module may be plain JavaScript, which no type has checked. */
function checkShape(data: TrialData): void {
  const parts: unknown[] = [
    data?.train?.xs,
    data?.train?.ys,
    data?.validation?.xs,
    data?.validation?.ys,
  ];
  const tensors = parts.flat();
  if (!tensors.every((tensor) => tensor instanceof tf.Tensor)) {
    throw new EspalierError(
      'invalid',
      'data() must return { train: { xs, ys }, validation: { xs, ys } } with tensors or lists of tensors',
    );
  }
  if (tensors.some((tensor) => tensor.isDisposed)) {
    throw new EspalierError(
      'invalid',
      'data() returned tensors that are disposed: make them anew at each call, since Espalier disposes them',
    );
  }
}
