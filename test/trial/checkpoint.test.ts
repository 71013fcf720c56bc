// A trial that is saved, and restored into a new model, goes on as if nothing had happened.

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import type { OptimizerSpec } from '../../src/trial/optimizer.ts';
import { startBackend } from './start-backend.ts';
import { openToy, toyContext, toyTrial, trainToy } from './toy-trial.ts';

const ALL: readonly OptimizerSpec[] = [
  { name: 'sgd' },
  { name: 'momentum' },
  { name: 'adam' },
  { name: 'adamax' },
  { name: 'rmsprop', momentum: 0.5 },
  { name: 'adagrad' },
  { name: 'adadelta' },
];

beforeAll(() => startBackend('wasm'));

describe.each(ALL)('with $name', (optimizer) => {
  test('a restored trial trains the same bits as one that never stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'espalier-checkpoint-'));
    const whole = await openToy(toyTrial(optimizer), 5);
    await trainToy(whole, 5, 0, 3);
    await whole.save!(folder);
    const expected = await trainToy(whole, 5, 3, 5);
    expect(Number.isFinite(expected.at(-1)!['loss'])).toBe(true);

    const resumed = await openToy(toyTrial(optimizer), 5);
    await resumed.restore!(folder);
    expect(await trainToy(resumed, 5, 3, 5)).toEqual(expected);
  });

  test('saving and restoring leave no tensor behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'espalier-checkpoint-'));
    const trial = await openToy(toyTrial(optimizer), 5);
    await trainToy(trial, 5, 0, 1);
    const before = tf.memory().numTensors;
    await trial.save!(folder);
    await trial.restore!(folder);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('the model is one that the library loads by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-checkpoint-'));
  const trial = await openToy(toyTrial(), 5);
  const [row] = await trainToy(trial, 5, 0, 1);
  await trial.save!(folder);
  expect(readdirSync(folder).sort()).toEqual([
    'model.json',
    'optimizer.bin',
    'optimizer.json',
    'weights.bin',
  ]);

  const { weightsManifest, ...artifacts } = JSON.parse(
    readFileSync(join(folder, 'model.json'), 'utf8'),
  ) as {
    modelTopology: object;
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  };
  const weightData = Uint8Array.from(readFileSync(join(folder, 'weights.bin'))).buffer;
  const loaded = await tf.loadLayersModel(
    tf.io.fromMemory({ ...artifacts, weightSpecs: weightsManifest[0]!.weights, weightData }),
  );
  loaded.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const { validation } = await toyTrial().data(toyContext(5));
  const loss = loaded.evaluate(validation.xs as tf.Tensor, validation.ys as tf.Tensor, {
    batchSize: 40,
  }) as tf.Scalar;
  expect(loss.dataSync()[0]).toBeCloseTo(row!['val_loss']!, 6);
});

test('a checkpoint of another optimizer is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-checkpoint-'));
  await (
    await openToy(toyTrial('adam'), 5)
  ).save!(folder);
  await expect((await openToy(toyTrial('sgd'), 5)).restore!(folder)).rejects.toThrow(
    /is of Adam, not of SGD/,
  );
});

test("a trial with an optimizer of the user's own making cannot be saved, and says so beforehand", async () => {
  class Own extends tf.SGDOptimizer {
    override getClassName(): string {
      return 'Own';
    }
  }
  const trial = await openToy(
    { ...toyTrial(), compile: () => ({ optimizer: new Own(1), loss: 'meanSquaredError' }) },
    5,
  );
  expect(trial.save).toBeUndefined();
});
