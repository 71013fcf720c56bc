// The fused optimizer steps against tfjs's own on cpu: the same bits, state included, and the usual interface.

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { numbers, startBoth } from './both-backends.ts';

beforeAll(startBoth);

const OPTIMIZERS: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7, 0.01),
  adagrad: () => tf.train.adagrad(0.1, 0.2),
  adadelta: () => tf.train.adadelta(1, 0.95, 1e-6),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  'centered rmsprop': () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-3, true),
};

const SIZES = [1, 3, 4, 103];

let made = 0;

/** Variables of several sizes, and a step that gives each the gradient of that step's number. */
function weights(): {
  all: tf.Variable[];
  step: (optimizer: tf.Optimizer, number: number) => void;
} {
  const all = SIZES.map((size, index) =>
    tf.variable(tf.tensor1d(numbers(index, size)), true, `w${made++}`),
  );
  const step = (optimizer: tf.Optimizer, number: number): void => {
    const gradients = all.map(({ name }, index) => ({
      name,
      tensor: tf.tensor1d(numbers(100 * number + index, SIZES[index]!)),
    }));
    optimizer.applyGradients(gradients);
    tf.dispose(gradients.map(({ tensor }) => tensor));
  };
  return { all, step };
}

/** Values of the weights and of everything the optimizer keeps, after `steps` steps. */
async function run(
  backend: 'cpu' | 'wasm',
  create: () => tf.Optimizer,
  steps: number,
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const optimizer = create();
  const { all, step } = weights();
  for (let number = 1; number <= steps; number++) step(optimizer, number);
  const kept = optimizer instanceof tf.AdamaxOptimizer ? [] : await optimizer.getWeights();
  const values = [...all, ...kept.map(({ tensor }) => tensor)].map((t) =>
    Float32Array.from(t.dataSync()),
  );
  tf.dispose(all);
  optimizer.dispose();
  return values;
}

describe.each(Object.entries(OPTIMIZERS))('the step of %s', (_, create) => {
  test('gives, bit for bit, the weights and the state of the step of tfjs', async () => {
    expect(await run('wasm', create, 7)).toEqual(await run('cpu', create, 7));
  });

  test('keeps the number of tensors and of allocations', async () => {
    await tf.setBackend('wasm');
    const optimizer = create();
    const { all, step } = weights();
    step(optimizer, 1);
    const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    step(optimizer, 2);
    expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
    tf.dispose(all);
    optimizer.dispose();
  });
});

/** Adam's state as a checkpoint holds it. */
async function saved(optimizer: tf.Optimizer): Promise<tf.NamedTensorMap> {
  const entries = await optimizer.getWeights();
  return Object.fromEntries(entries.map(({ name, tensor }) => [name, tensor.clone()]));
}

describe('the fused step beside the rest of tfjs', () => {
  test('goes on from setWeights as if it had never stopped', async () => {
    await tf.setBackend('wasm');
    const [first, second] = [tf.train.momentum(0.1, 0.9), tf.train.momentum(0.1, 0.9)];
    const { all, step } = weights();
    step(first, 1);
    const state = await saved(first);
    const start = all.map((variable) => variable.clone());
    step(first, 2);
    const expected = all.map((variable) => variable.dataSync());
    all.forEach((variable, index) => variable.assign(start[index]!));
    await second.setWeights(Object.entries(state).map(([name, tensor]) => ({ name, tensor })));
    step(second, 2);
    expect(all.map((variable) => variable.dataSync())).toEqual(expected);
    expect(second.iterations).toBe(2);
  });

  test('leaves tensors alone that share memory with its state', async () => {
    await tf.setBackend('wasm');
    const optimizer = tf.train.momentum(0.1, 0.9);
    const { step } = weights();
    step(optimizer, 1);
    const [, slot] = await optimizer.getWeights();
    const alias = slot!.tensor.reshape(slot!.tensor.shape);
    const before = alias.dataSync();
    step(optimizer, 2);
    expect(alias.dataSync()).toEqual(before);
    step(optimizer, 3);
    expect(alias.dataSync()).toEqual(before);
  });

  test('is seen by the next product, which packs weights once for a tensor', async () => {
    await tf.setBackend('wasm');
    const w = tf.variable(tf.ones([2, 2]), true, 'packed');
    const x = tf.eye(2);
    const read = (): number[] =>
      tf.tidy(() => Array.from(tf.matMul(x, w as tf.Tensor2D).dataSync()));
    expect(read()).toEqual([1, 1, 1, 1]);
    const optimizer = tf.train.sgd(1);
    optimizer.applyGradients([{ name: 'packed', tensor: tf.tensor2d([1, 0, 0, 1], [2, 2]) }]);
    expect(read()).toEqual([0, 1, 1, 0]);
  });

  test('takes the gradients as a map, and skips a weight without one', async () => {
    await tf.setBackend('wasm');
    const [a, b] = [
      tf.variable(tf.ones([2]), true, 'map-a'),
      tf.variable(tf.ones([2]), true, 'map-b'),
    ];
    const optimizer = tf.train.adam(0.1);
    optimizer.applyGradients([
      { name: 'map-a', tensor: null as unknown as tf.Tensor },
      { name: 'map-b', tensor: tf.ones([2]) },
    ]);
    expect(Array.from(a.dataSync())).toEqual([1, 1]);
    expect(b.dataSync()[0]).toBeCloseTo(0.9, 5);
    tf.train.sgd(0.5).applyGradients({ 'map-a': tf.ones([2]) });
    expect(Array.from(a.dataSync())).toEqual([0.5, 0.5]);
    expect(optimizer.iterations).toBe(1);
  });
});
