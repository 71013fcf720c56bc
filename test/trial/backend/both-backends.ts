// The same computation on cpu, which is the reference, and on wasm with the training kernels.
// Promise: inputs are made from seeds, nothing is left behind, and a difference is measured against the largest value.

import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { rngFor } from '../../../src/domain/random.ts';
import { registerTrainingKernels } from '../../../src/trial/backend/register-training-kernels.ts';

/** Starts both backends; the current one is wasm afterwards. */
export async function startBoth(): Promise<void> {
  registerTrainingKernels();
  await tf.setBackend('cpu');
  Reflect.set(tf.backend(), 'firstUse', false);
  await tf.setBackend('wasm');
}

/** `count` numbers between -1 and 1 from a seed. */
export function numbers(seed: number, count: number): Float32Array {
  const random = rngFor(seed, 'numbers');
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

/** A tensor of such numbers. */
export function randomTensor(seed: number, shape: readonly number[]): tf.Tensor {
  return tf.tensor(numbers(seed, tf.util.sizeFromShape([...shape])), [...shape]);
}

/** What `compute` gives on the backend `name`, which keeps no tensor and no memory of it. */
export async function runOn(
  name: 'cpu' | 'wasm',
  compute: () => readonly tf.Tensor[],
): Promise<Float32Array[]> {
  await tf.setBackend(name);
  const backend = tf.engine().backend;
  const [tensors, dataIds] = [tf.memory().numTensors, backend.numDataIds()];
  const results = tf.tidy(() => compute().map((tensor) => Float32Array.from(tensor.dataSync())));
  expect(tf.memory().numTensors).toBe(tensors);
  expect(backend.numDataIds()).toBe(dataIds);
  return results;
}

/** Expects wasm to agree with cpu to `tolerance` of the largest value of each tensor. */
export async function expectAgreement(
  compute: () => readonly tf.Tensor[],
  tolerance = 1e-5,
): Promise<void> {
  const cpu = await runOn('cpu', compute);
  const wasm = await runOn('wasm', compute);
  expect(wasm.map((values) => values.length)).toEqual(cpu.map((values) => values.length));
  cpu.forEach((expected, index) => expectClose(wasm[index]!, expected, tolerance));
}

const SCALE = 0.1; // inputs are of size 1; a smaller result is what is left of larger terms, and rounding is measured against those

/** Expects `actual` to lie within `tolerance` of `expected`, measured against the largest of `expected`. */
export function expectClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), SCALE);
  const worst = expected.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - actual[i]!)),
    0,
  );
  expect(worst / largest).toBeLessThanOrEqual(tolerance);
}
