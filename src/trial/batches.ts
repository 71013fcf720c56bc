// The order in which an epoch sees its samples, and the batches that come of it.
// Promise: the order depends on seed and epoch alone, so that an epoch is the same whoever trains it, and after whatever.

import * as tf from '@tensorflow/tfjs';

import { rngFor } from '../domain/random.ts';

/** Sample numbers of an epoch in training order: a Fisher-Yates shuffle of `0 … count - 1`. */
export function shuffledOrder(seed: number, epoch: number, count: number): Int32Array {
  const random = rngFor(seed, 'shuffle', epoch);
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    const moved = order[last] ?? 0;
    order[last] = order[chosen] ?? 0;
    order[chosen] = moved;
  }
  return order;
}

/** The samples with these numbers, out of every tensor; the caller disposes them. */
export function gatherBatch(tensors: readonly tf.Tensor[], numbers: Int32Array): tf.Tensor[] {
  return tf.tidy(() => {
    const indices = tf.tensor1d(numbers, 'int32');
    return tensors.map((tensor) => tf.gather(tensor, indices));
  });
}

/** `size` samples from `start`, out of every tensor; the caller disposes them. */
export function sliceBatch(
  tensors: readonly tf.Tensor[],
  start: number,
  size: number,
): tf.Tensor[] {
  return tensors.map((tensor) => tf.slice(tensor, [start], [size]));
}
