// The latest data of a trial's `data()`, kept from one stage to the next. Promise: one at a time; the tensors of the one before are
// disposed, except those that the new one has too.

import * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';
import type { TrialData } from './define-trial.ts';
import { tensorsOf } from './managed.ts';

/** Holds the data that was loaded last. */
export class DataCache {
  #latest: { readonly key: string; readonly data: TrialData } | undefined;

  /** The data of `key`: what is held, or what `load` gives. */
  async get(key: string, load: () => TrialData | Promise<TrialData>): Promise<TrialData> {
    if (this.#latest?.key === key) return this.#latest.data;
    const data = await load();
    checkShape(data);
    const kept = new Set(tensorsOf(data));
    const old = this.#latest === undefined ? [] : tensorsOf(this.#latest.data);
    tf.dispose(old.filter((tensor) => !kept.has(tensor) && !tensor.isDisposed));
    this.#latest = { key, data };
    return data;
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
