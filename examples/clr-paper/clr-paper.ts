// A perceptron learns Fashion-MNIST in a loop of its own, looked at every `steps_per_look` steps: an epoch of this trial is the
// stretch from one look to the next, and the passes over the training images go on across them.
// Promise: a stretch depends on the state before it, the seed and its number alone, so that stretches can be shared and saved.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { defineTrial, type EpochRequest } from 'espalier';

import { type Batch, type Clothes, KINDS, openClothes, PIXELS, toBatch } from './clothes.ts';

type Random = (...path: readonly (string | number)[]) => () => number;

/** Images of one part of the validation, which are looked at together. */
const PART = 1000;
const MOMENTUM = 0.9;
const STATE = 'state.bin';
const SHAPES = 'state.json';

export default defineTrial<{
  /** The folder with Fashion-MNIST's `.gz` files. */
  readonly folder: string;
  /** How many of the 60,000 training images to train on, and how many of those after them to validate on. */
  readonly train_images: number;
  readonly validation_images: number;
  readonly units: number;
  readonly batch_size: number;
  readonly steps_per_look: number;
}>({
  open: ({ config, random }) => {
    const clothes = openClothes(config.folder);
    const net = toNet(config.units);
    const batchAt = toBatches(clothes, config.train_images, config.batch_size, random);
    const held = toParts(clothes, config.train_images, config.validation_images);
    return {
      steps_per_epoch: config.steps_per_look,
      trainEpoch: async (request) => {
        const loss = train(net, batchAt, request);
        const learningRate = Number(net.optimizer.getConfig()['learningRate']);
        return { metrics: { loss, val_accuracy: toAccuracy(net, held) }, learningRate };
      },
      save: (folder) => save(net, folder),
      restore: (folder) => restore(net, folder),
      close: () => {
        net.model.dispose();
        net.optimizer.dispose();
        for (const batch of held) tf.dispose(batch);
      },
    };
  },
});

type Net = { readonly model: tf.Sequential; readonly optimizer: tf.MomentumOptimizer };

function toNet(units: number): Net {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [PIXELS], units, activation: 'relu' }),
      tf.layers.dense({ units: KINDS }),
    ],
  });
  return { model, optimizer: tf.train.momentum(0, MOMENTUM) };
}

/** The batch of a step, counted from the start of the training: each pass sees every image once, in an order of its own. */
function toBatches(
  clothes: Clothes,
  images: number,
  size: number,
  random: Random,
): (step: number) => Batch {
  const steps = Math.floor(images / size);
  let pass = -1;
  let order = new Int32Array(0);
  return (step) => {
    const wanted = Math.floor(step / steps);
    if (wanted !== pass) order = shuffle(images, random('shuffle', (pass = wanted)));
    const from = (step % steps) * size;
    return toBatch(clothes, order.subarray(from, from + size));
  };
}

/** `0 … count - 1` after a Fisher-Yates shuffle. */
function shuffle(count: number, random: () => number): Int32Array<ArrayBuffer> {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    [order[last], order[chosen]] = [order[chosen] ?? 0, order[last] ?? 0];
  }
  return order;
}

function toParts(clothes: Clothes, from: number, count: number): readonly Batch[] {
  return Array.from({ length: Math.ceil(count / PART) }, (_, part) => {
    const first = from + part * PART;
    const length = Math.min(PART, from + count - first);
    return toBatch(
      clothes,
      Array.from({ length }, (__, i) => first + i),
    );
  });
}

/** Trains a stretch; the mean loss of its steps, each before its update. */
function train(net: Net, batchAt: (step: number) => Batch, request: EpochRequest): number {
  const { epoch, steps, learningRates, momentum } = request;
  if (momentum !== undefined) throw new Error(`the momentum of this trial stays at ${MOMENTUM}`);
  let sum = 0;
  for (let step = 0; step < steps; step += 1) {
    net.optimizer.setLearningRate(learningRates(step));
    sum += trainStep(net, batchAt(epoch * steps + step));
  }
  return sum / steps;
}

function trainStep({ model, optimizer }: Net, batch: Batch): number {
  const loss = tf.tidy(() => {
    const cost = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(batch.ys, toLogits(model, batch)).asScalar(),
      true,
    );
    return cost?.dataSync()[0] ?? Number.NaN;
  });
  tf.dispose(batch);
  return loss;
}

function toLogits(model: tf.Sequential, { xs }: Batch): tf.Tensor2D {
  const logits = model.apply(xs);
  if (!(logits instanceof tf.Tensor)) throw new TypeError('one input gives one output');
  return logits.as2D(xs.shape[0], KINDS);
}

/** The share of the held images whose kind is told right. */
function toAccuracy({ model }: Net, held: readonly Batch[]): number {
  let right = 0;
  let count = 0;
  for (const batch of held) {
    right += countRight(model, batch);
    count += batch.xs.shape[0];
  }
  return right / count;
}

function countRight(model: tf.Sequential, batch: Batch): number {
  return tf.tidy(() => {
    const told = toLogits(model, batch).argMax(1);
    const right = tf.sum(told.equal(batch.ys.argMax(1)).toInt());
    return right.dataSync()[0] ?? Number.NaN;
  });
}

/** The weights and the optimizer's velocities, which do not exist before the first step. The images' order needs no saving. */
async function save({ model, optimizer }: Net, folder: string): Promise<void> {
  const weights = model.getWeights().map((tensor, i) => ({ name: `weight ${i}`, tensor }));
  const [count, ...velocities] = await optimizer.getWeights();
  const { data, specs } = await tf.io.encodeWeights([...weights, ...velocities]);
  count?.tensor.dispose();
  await writeFile(join(folder, STATE), new Uint8Array(data));
  await writeFile(join(folder, SHAPES), JSON.stringify(specs));
}

async function restore({ model, optimizer }: Net, folder: string): Promise<void> {
  const specs: tf.io.WeightsManifestEntry[] = JSON.parse(
    await readFile(join(folder, SHAPES), 'utf8'),
  );
  const bytes = new Uint8Array(await readFile(join(folder, STATE)));
  const tensors = Object.entries(tf.io.decodeWeights(bytes.buffer, specs));
  const count = model.getWeights().length;
  model.setWeights(tensors.slice(0, count).map(([, tensor]) => tensor));
  const velocities = tensors.slice(count).map(([name, tensor]) => ({ name, tensor }));
  await optimizer.setWeights([{ name: 'iter', tensor: tf.scalar(0, 'int32') }, ...velocities]);
}
