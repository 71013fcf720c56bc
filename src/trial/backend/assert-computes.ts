// The check that a backend computes: a library that loads may still fail at its first operation.
// Promise: one product of matrices and one gradient through a product, compared with their values; no tensor is left behind.

import * as tf from '@tensorflow/tfjs';

/** Throws unless tfjs's current backend multiplies two matrices and takes a gradient correctly. */
export async function assertComputes(): Promise<void> {
  const results = tf.tidy(() => {
    const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const gradient = tf.grad((w) => tf.sum(tf.square(tf.matMul(a, w))));
    return {
      product: tf.matMul(a, tf.tensor2d([5, 6, 7, 8], [2, 2])),
      gradient: gradient(tf.ones([2, 1])),
    };
  });
  try {
    assertClose('a product of matrices', await results.product.data(), [19, 22, 43, 50]);
    assertClose('a gradient', await results.gradient.data(), [48, 68]);
  } finally {
    tf.dispose(results);
  }
}

function assertClose(what: string, actual: ArrayLike<number>, expected: readonly number[]): void {
  const isClose = expected.every(
    (value, index) => Math.abs((actual[index] ?? Number.NaN) - value) <= 1e-3,
  );
  if (!isClose)
    throw new Error(
      `${what} came out as ${Array.from(actual).join(', ')}, not ${expected.join(', ')}`,
    );
}
