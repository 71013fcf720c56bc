// The managed level: the same bits at each run, the arithmetic of the library's own loop, and nothing left behind.

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { rngFor } from '../../src/domain/random.ts';
import { gatherBatch, shuffledOrder } from '../../src/trial/batches.ts';
import type { ManagedTrial } from '../../src/trial/define-trial.ts';
import { withRandom } from '../../src/trial/seeded-random.ts';
import { startBackend } from './start-backend.ts';
import { openToy, TOY, toyContext, toyData, toyModel, toyTrial, trainToy } from './toy-trial.ts';

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => startBackend(backend));

  test('two trials with one seed report the same bits', async () => {
    const first = await trainToy(await openToy(toyTrial(), 3), 3, 0, 4);
    const second = await trainToy(await openToy(toyTrial(), 3), 3, 0, 4);
    expect(second).toEqual(first);
    expect(await trainToy(await openToy(toyTrial(), 4), 4, 0, 4)).not.toEqual(first);
  });

  test('an epoch is, bit for bit, a loop over trainOnBatch and an evaluate', async () => {
    const managed = await trainToy(await openToy(toyTrial(), 3), 3, 0, 3);
    const byHand = await trainByHand(3, 3);
    expect(managed.map(({ loss, accuracy }) => [loss, accuracy])).toEqual(
      byHand.map(({ loss, accuracy }) => [loss, accuracy]),
    );
    // `evaluate` weighs its batches in float32.
    for (const name of ['val_loss', 'val_accuracy']) {
      for (const [epoch, row] of managed.entries())
        expect(row[name]).toBeCloseTo(byHand[epoch]![name]!, 6);
    }
  });

  test('no tensor is left from one epoch to the next, and none after close but the data', async () => {
    const definition = toyTrial('adam');
    const data = toyData(rngFor(1, 'leak'));
    const before = tf.memory().numTensors;
    const trial = await openToy({ ...definition, data: () => data }, 1);
    await trainToy(trial, 1, 0, 1);
    const afterOne = tf.memory().numTensors;
    await trainToy(trial, 1, 1, 4);
    expect(tf.memory().numTensors).toBe(afterOne);
    await trial.close?.();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('metrics', () => {
  beforeAll(() => startBackend('cpu'));

  test('have the names that the user wrote, plain and with val_', async () => {
    const definition: ManagedTrial = {
      ...toyTrial(),
      compile: () => ({
        optimizer: 'sgd',
        loss: 'categoricalCrossentropy',
        metrics: ['accuracy', 'mse'],
      }),
    };
    const [row] = await trainToy(await openToy(definition, 1), 1, 0, 1);
    expect(Object.keys(row!)).toEqual([
      'loss',
      'accuracy',
      'mse',
      'val_loss',
      'val_accuracy',
      'val_mse',
    ]);
  });

  test('of several outputs are the total first, in training and in validation', async () => {
    const [row] = await trainToy(await openToy(twoOutputs(), 1), 1, 0, 1, 0);
    expect(Object.keys(row!)).toEqual([
      'loss',
      'a_loss',
      'b_loss',
      'val_loss',
      'val_a_loss',
      'val_b_loss',
    ]);
    expect(row!['loss']).toBeCloseTo(row!['a_loss']! + row!['b_loss']!, 5);
    expect(row!['val_loss']).toBeCloseTo(row!['val_a_loss']! + row!['val_b_loss']!, 5);
  });

  test('weigh a short last batch by its samples', async () => {
    const before = tf.memory().numTensors;
    const definition: ManagedTrial = {
      data: () => ({
        train: column([1, 1, 1, 4]),
        validation: column([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4]),
      }),
      model: () =>
        tf.sequential({
          layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
        }),
      compile: () => ({ optimizer: 'sgd', loss: 'meanSquaredError', batch_size: 3 }),
    };
    const trial = await openToy(definition, 1);
    const [row] = await trainToy(trial, 1, 0, 1, 0);
    expect(row).toEqual({ loss: 19 / 4, val_loss: (12 + 16) / 13 });
    await trial.close?.();
    const given = 4;
    expect(tf.memory().numTensors - before).toBe(given); // not the targets that were widened
  });

  test('may draw from Math.random: in validation it depends on seed and epoch, not on the training before', async () => {
    const draw = Object.assign(() => tf.scalar(Math.random()), { className: 'draw' });
    const validated = async (batchSize: number, epoch: number): Promise<number> => {
      const definition: ManagedTrial = {
        ...toyTrial(),
        compile: () => ({
          optimizer: 'sgd',
          loss: 'categoricalCrossentropy',
          metrics: [draw],
          batch_size: batchSize,
          validation_batch_size: 40,
        }),
      };
      const [row] = await trainToy(await openToy(definition, 1), 1, epoch, epoch + 1);
      return Object.entries(row!).find(([name]) => /^val_(?!loss)/.test(name))![1];
    };
    const first = await validated(32, 1);
    expect(await validated(8, 1)).toBe(first);
    expect(await validated(32, 2)).not.toBe(first);
  });

  test('report a training loss that is not finite as it is', async () => {
    const [row] = await trainToy(await openToy(toyTrial('sgd'), 1), 1, 0, 1, 1e38);
    expect(Number.isFinite(row!['loss'])).toBe(false);
  });
});

describe('what does not fit is refused', () => {
  beforeAll(() => startBackend('cpu'));

  test.each<[string, Partial<ManagedTrial>, RegExp]>([
    [
      'a batch size of 0',
      { compile: () => ({ optimizer: 'sgd', loss: 'meanSquaredError', batch_size: 0 }) },
      /batch_size is 0/,
    ],
    [
      'samples of different number',
      {
        data: () => ({
          train: { xs: tf.zeros([4, 6]), ys: tf.zeros([3, 3]) },
          validation: toyData(rngFor(1)).validation,
        }),
      },
      /the train data does not fit the model: .*4 input sample/,
    ],
    ['a model that is none', { model: () => 3 as never }, /model\(\) must return/],
    ['a missing loss', { compile: () => ({ optimizer: 'sgd' }) as never }, /optimizer, loss/],
    [
      'an optimizer that is none',
      { compile: () => ({ optimizer: 'adma' as never, loss: 'meanSquaredError' }) },
      /no optimizer "adma"; there are sgd/,
    ],
    [
      'a learning rate among the hyperparameters',
      {
        compile: () => ({
          optimizer: { name: 'adam', learning_rate: 1 } as never,
          loss: 'meanSquaredError',
        }),
      },
      /set by the strategy/,
    ],
  ])('%s', async (_, change, words) => {
    await expect(openToy({ ...toyTrial(), ...change }, 1)).rejects.toThrow(words);
  });
});

/** What a person would write with the library alone. */
async function trainByHand(seed: number, epochs: number): Promise<Record<string, number>[]> {
  const { train, validation } = toyData(toyContext(seed).random('data'));
  const model = await withRandom(rngFor(seed, 'build'), toyModel);
  const optimizer = tf.train.momentum(0.05, 0.9);
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const rows: Record<string, number>[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const [loss, accuracy] = await withRandom(rngFor(seed, 'epoch', epoch), () =>
      trainEpochByHand(model, train, seed, epoch),
    );
    const [valLoss, valAccuracy] = model.evaluate(one(validation.xs), one(validation.ys), {
      batchSize: 128,
    }) as tf.Scalar[];
    rows.push({
      loss: loss!,
      accuracy: accuracy!,
      val_loss: valLoss!.dataSync()[0]!,
      val_accuracy: valAccuracy!.dataSync()[0]!,
    });
  }
  return rows;
}

async function trainEpochByHand(
  model: tf.LayersModel,
  train: ReturnType<typeof toyData>['train'],
  seed: number,
  epoch: number,
): Promise<number[]> {
  const order = shuffledOrder(seed, epoch, TOY.samples);
  const sums = [0, 0];
  for (let start = 0; start < TOY.samples; start += TOY.batchSize) {
    const numbers = order.slice(start, start + TOY.batchSize);
    const [xs, ys] = gatherBatch([one(train.xs), one(train.ys)], numbers);
    const values = (await model.trainOnBatch(xs!, ys!)) as number[];
    values.forEach((value, at) => (sums[at]! += value * numbers.length));
  }
  return sums.map((sum) => sum / TOY.samples);
}

function twoOutputs(): ManagedTrial {
  const samples = { xs: tf.ones([8, 2]), ys: [tf.ones([8, 1]), tf.zeros([8, 1])] };
  return {
    data: () => ({ train: samples, validation: samples }),
    model: () => {
      const input = tf.input({ shape: [2] });
      const a = tf.layers.dense({ units: 1, name: 'a' }).apply(input) as tf.SymbolicTensor;
      const b = tf.layers.dense({ units: 1, name: 'b' }).apply(input) as tf.SymbolicTensor;
      return tf.model({ inputs: input, outputs: [a, b] });
    },
    compile: () => ({ optimizer: 'sgd', loss: 'meanSquaredError', batch_size: 4 }),
  };
}

/** Inputs 1 with these targets; targets have rank 1, which the library widens. */
function column(targets: readonly number[]): { xs: tf.Tensor; ys: tf.Tensor } {
  return { xs: tf.ones([targets.length, 1]), ys: tf.tensor1d([...targets]) };
}

function one(tensor: tf.Tensor | readonly tf.Tensor[]): tf.Tensor {
  return tensor instanceof tf.Tensor ? tensor : tensor[0]!;
}
