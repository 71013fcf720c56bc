// The order of samples, and the batches that come of it.

import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';

import { gatherBatch, shuffledOrder, sliceBatch } from '../../src/trial/batches.ts';
import { withRandom } from '../../src/trial/seeded-random.ts';
import { startBackend } from './start-backend.ts';

beforeAll(() => startBackend('cpu'));

test('the order depends on seed and epoch alone', async () => {
  const order = shuffledOrder(1, 4, 100);
  shuffledOrder(1, 3, 100);
  Math.random();
  expect(
    await withRandom(
      () => 0,
      () => shuffledOrder(1, 4, 100),
    ),
  ).toEqual(order);
  expect(shuffledOrder(1, 5, 100)).not.toEqual(order);
  expect(shuffledOrder(2, 4, 100)).not.toEqual(order);
});

test('the order holds every sample once', () => {
  expect([...shuffledOrder(1, 0, 257)].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 257 }, (_, at) => at),
  );
});

test('every sample is as likely to come first as any other', () => {
  const firsts = Array.from({ length: 8 }, () => 0);
  for (let epoch = 0; epoch < 4000; epoch += 1) firsts[shuffledOrder(1, epoch, 8)[0]!]! += 1;
  for (const count of firsts) expect(Math.abs(count - 500)).toBeLessThan(100);
});

test('a batch holds the samples of its numbers, of each tensor', () => {
  const tensors = [
    tf.tensor2d([
      [0, 0],
      [1, 10],
      [2, 20],
    ]),
    tf.tensor1d([0, 1, 2]),
  ];
  const [xs, ys] = gatherBatch(tensors, Int32Array.of(2, 0));
  expect(xs!.arraySync()).toEqual([
    [2, 20],
    [0, 0],
  ]);
  expect(ys!.arraySync()).toEqual([2, 0]);
  expect(sliceBatch(tensors, 1, 2).map((tensor) => tensor.arraySync())).toEqual([
    [
      [1, 10],
      [2, 20],
    ],
    [1, 2],
  ]);
});

test('Math.random is back when seeded work has failed', async () => {
  const before = Math.random;
  const failing = withRandom(
    () => 0,
    () => Promise.reject(new Error('no')),
  );
  expect(Math.random()).toBe(0);
  await expect(failing).rejects.toThrow('no');
  expect(Math.random).toBe(before);
});
