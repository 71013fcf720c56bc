// A trial that is saved, and restored into a new model, goes on as if nothing had happened.

import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import type { ManagedTrial, OpenTrial } from '../../src/trial/define-trial.ts';
import type { OptimizerSpec } from '../../src/trial/optimizer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startBackend } from './start-backend.ts';
import { openToy, TOY, toyContext, toyTrial, trainToy } from './toy-trial.ts';

const ALL: readonly OptimizerSpec[] = [
  { name: 'sgd' },
  { name: 'momentum' },
  { name: 'adam' },
  { name: 'adamax' },
  { name: 'rmsprop', momentum: 0.5 },
  { name: 'adagrad' },
  { name: 'adadelta' },
];

const FILES = ['model.json', 'optimizer.bin', 'optimizer.json', 'weights.bin'];

type Row = Record<string, number>;

beforeAll(() => startBackend('wasm'));

describe.each(ALL)('with $name', (optimizer) => {
  test('a restored trial trains the same bits as one that never stopped', async () => {
    const { folder, expected } = await saveThenTrain(toyTrial(optimizer));
    const resumed = await openToy(toyTrial(optimizer), 5);
    await resumed.restore!(folder);
    expect(await trainToy(resumed, 5, 3, 5)).toEqual(expected);
  });

  test('so does one that had trained something else before', async () => {
    const { folder, expected } = await saveThenTrain(toyTrial(optimizer));
    const used = await openToy(toyTrial(optimizer), 5);
    await trainToy(used, 5, 0, 2, 0.2);
    await used.restore!(folder);
    expect(await trainToy(used, 5, 3, 5)).toEqual(expected);
  });

  test('so does one that is saved before its first step', async () => {
    const folder = temporaryFolder();
    const fresh = await openToy(toyTrial(optimizer), 5);
    await fresh.save!(folder);
    const expected = await trainToy(fresh, 5, 0, 1);
    const used = await openToy(toyTrial(optimizer), 5);
    await trainToy(used, 5, 0, 2, 0.2);
    await used.restore!(folder);
    expect(await trainToy(used, 5, 0, 1)).toEqual(expected);
  });

  test('saving, restoring and closing leave no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const folder = temporaryFolder();
    const trial = await openToy(toyTrial(optimizer), 5);
    await trial.save!(temporaryFolder());
    await trainToy(trial, 5, 0, 1);
    const trained = tf.memory().numTensors;
    await trial.save!(folder);
    await trial.restore!(folder);
    expect(tf.memory().numTensors).toBe(trained);
    await trial.close!();
    const ofData = 4;
    expect(tf.memory().numTensors).toBe(before + ofData);
  });
});

/** Trains three epochs, saves, and says what two more come to. */
async function saveThenTrain(
  definition: ManagedTrial,
): Promise<{ folder: string; expected: Row[] }> {
  const folder = temporaryFolder();
  const whole = await openToy(definition, 5);
  await trainToy(whole, 5, 0, 3);
  await whole.save!(folder);
  const expected = await trainToy(whole, 5, 3, 5);
  expect(Number.isFinite(expected.at(-1)!['loss'])).toBe(true);
  return { folder, expected };
}

describe.each(ALL.filter(({ name }) => /momentum|adam|rmsprop/.test(name)))(
  'the momentum of $name',
  (optimizer) => {
    test('that a strategy has moved is restored, and can be moved from there', async () => {
      const folder = temporaryFolder();
      const whole = await openToy(toyTrial(optimizer), 5);
      await trainToy(whole, 5, 0, 1, 0.05, 0.7);
      await whole.save!(folder);
      const [left] = await trainToy(whole, 5, 1, 2);
      const used = await openToy(toyTrial(optimizer), 5);
      await trainToy(used, 5, 0, 1, 0.05, 0.3);
      await used.restore!(folder);
      expect(await trainToy(used, 5, 1, 2)).toEqual([left]);

      await used.restore!(folder);
      // The value that was set last before the restore: it must be set again.
      const [moved] = await trainToy(used, 5, 1, 2, 0.05, 0.3);
      expect(moved).not.toEqual(left);
      const fresh = await openToy(toyTrial(optimizer), 5);
      await fresh.restore!(folder);
      expect(await trainToy(fresh, 5, 1, 2, 0.05, 0.3)).toEqual([moved]);
    });
  },
);

test('the number of steps is restored', async () => {
  const optimizers = [tf.train.adam(0), tf.train.adam(0)];
  const [first, second] = await Promise.all(
    optimizers.map((optimizer) =>
      openToy({ ...toyTrial(), compile: () => ({ optimizer, loss: 'meanSquaredError' }) }, 5),
    ),
  );
  const folder = temporaryFolder();
  await trainToy(first!, 5, 0, 2);
  await first!.save!(folder);
  await second!.restore!(folder);
  expect(optimizers.map(({ iterations }) => iterations)).toEqual([6, 6]);
});

async function saveToBytes(trial: OpenTrial): Promise<string[]> {
  const folder = temporaryFolder();
  await trial.save!(folder);
  return FILES.map((name) => readFileSync(join(folder, name), 'latin1'));
}

test('equal states give equal bytes, whatever the process has made before', async () => {
  const [one, other] = [await openToy(toyTrial('adam'), 5), await openToy(toyTrial('adam'), 5)];
  await trainToy(one, 5, 0, 1);
  await trainToy(other, 5, 0, 1);
  const saved = await saveToBytes(one);
  expect(await saveToBytes(one)).toEqual(saved);
  expect(await saveToBytes(other)).toEqual(saved);
});

test('the model is one that the library loads by itself', async () => {
  const folder = temporaryFolder();
  const trial = await openToy(toyTrial(), 5);
  const [row] = await trainToy(trial, 5, 0, 1);
  await trial.save!(folder);
  expect(readdirSync(folder).sort()).toEqual(FILES);

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

type Damage = (folder: string) => void;

function drop(name: string): Damage {
  return (folder) => rmSync(join(folder, name));
}

function cut(name: string): Damage {
  return (folder) => truncateSync(join(folder, name), 10);
}

function write(name: string, text: string): Damage {
  return (folder) => writeFileSync(join(folder, name), text);
}

function nothing(): void {}

describe('what does not fit is refused before anything is changed:', () => {
  test.each<readonly [string, ManagedTrial, Damage, RegExp]>([
    ...FILES.map(
      (name) =>
        [
          `no ${name}`,
          toyTrial('adam'),
          drop(name),
          new RegExp(`cannot be read: ${name}`),
        ] as const,
    ),
    ['short weights', toyTrial('adam'), cut('weights.bin'), /has 10 bytes of the model/],
    ['a short optimizer', toyTrial('adam'), cut('optimizer.bin'), /has 10 bytes of the optimizer/],
    ['half a text', toyTrial('adam'), cut('optimizer.json'), /optimizer.json .* is not whole/],
    [
      'another text',
      toyTrial('adam'),
      write('optimizer.json', '[]'),
      /optimizer.json .* not whole/,
    ],
    [
      'a list of nothing',
      toyTrial('adam'),
      write('model.json', '{}'),
      /model.json .* is not whole/,
    ],
    ['another optimizer', toyTrial('sgd'), nothing, /is of Adam .*, not of SGD/],
    [
      'other hyperparameters',
      toyTrial({ name: 'adam', beta_2: 0.9 }),
      nothing,
      /is of Adam .*"beta2":0.999.*, not of Adam .*"beta2":0.9[,}]/,
    ],
    [
      'another model',
      { ...toyTrial('adam'), model: () => denseModel(5) },
      nothing,
      /does not fit the model: tensor 1 of 8 is float32 \[6, 12\], and float32 \[6, 5\]/,
    ],
  ])('%s', async (_, definition, damage, words) => {
    const folder = temporaryFolder();
    const saved = await openToy(toyTrial('adam'), 5);
    await trainToy(saved, 5, 0, 1);
    await saved.save!(folder);
    damage(folder);

    const trial = await openToy(definition, 5);
    const tensors = tf.memory().numTensors;
    await expect(trial.restore!(folder)).rejects.toThrow(words);
    expect(tf.memory().numTensors).toBe(tensors);
    const untouched = await openToy(definition, 5);
    expect(await trainToy(trial, 5, 0, 1)).toEqual(await trainToy(untouched, 5, 0, 1));
  });
});

function denseModel(units: number): tf.LayersModel {
  const layers = [
    tf.layers.dense({ units, inputShape: [TOY.features] }),
    tf.layers.dense({ units: TOY.classes, activation: 'softmax' }),
  ];
  return tf.sequential({ layers });
}

/** Adds what it has counted in training; its weights have no axis, and two are no floats. */
class Counting extends tf.layers.Layer {
  static readonly className = 'Counting';
  #calls: tf.LayerVariable | undefined;
  #scale: tf.LayerVariable | undefined;

  override build(): void {
    const [zeros, ones] = [tf.initializers.zeros(), tf.initializers.ones()];
    this.#scale = this.addWeight('scale', [], 'float32', ones);
    this.#calls = this.addWeight('calls', [], 'int32', zeros, undefined, false);
    this.addWeight('flag', [], 'bool', ones, undefined, false);
    super.build([]);
  }

  override call(inputs: tf.Tensor[], { training }: { training?: boolean }): tf.Tensor {
    const calls = this.#calls!.read();
    if (training === true) this.#calls!.write(tf.add(calls, tf.scalar(1, 'int32')));
    return inputs[0]!.mul(this.#scale!.read()).add(calls.toFloat().mul(0.1));
  }
}

test('weights without an axis, and others than floats, are restored', async () => {
  const definition: ManagedTrial = {
    ...toyTrial('adam'),
    model: () =>
      tf.sequential({
        layers: [new Counting({ inputShape: [TOY.features] }), ...denseModel(4).layers],
      }),
  };
  const { folder, expected } = await saveThenTrain(definition);
  const resumed = await openToy(definition, 5);
  await resumed.restore!(folder);
  expect(await trainToy(resumed, 5, 3, 5)).toEqual(expected);
  const { weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
    weightsManifest: { weights: { dtype: string }[] }[];
  };
  const dtypes = weightsManifest[0]!.weights.map(({ dtype }) => dtype);
  expect([...new Set(dtypes)].sort()).toEqual(['bool', 'float32', 'int32']);
});

/** A layer, and one in a model within, of one name: the library allows it. */
function modelOfSameNames(): tf.LayersModel {
  const size = TOY.features;
  const within = tf.layers.dense({ name: 'same', units: size, inputShape: [size] });
  const around = tf.layers.dense({ name: 'same', units: TOY.classes, activation: 'softmax' });
  const inputs = tf.input({ shape: [size] });
  const outputs = around.apply(tf.sequential({ layers: [within] }).apply(inputs));
  return tf.model({ inputs, outputs: outputs as tf.SymbolicTensor });
}

test('weights that share a name are restored', async () => {
  const definition = { ...toyTrial('adam'), model: modelOfSameNames };
  const { folder, expected } = await saveThenTrain(definition);
  const resumed = await openToy(definition, 5);
  await resumed.restore!(folder);
  expect(await trainToy(resumed, 5, 3, 5)).toEqual(expected);
});
