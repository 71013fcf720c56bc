// Models that train in milliseconds, each with a state of its own kind beside plain weights.

import * as tf from '@tensorflow/tfjs';

import { rngFor } from '../../src/domain/random.ts';
import type { ManagedTrial, TrialData } from '../../src/trial/define-trial.ts';
import type { OptimizerSpec } from '../../src/trial/optimizer.ts';

/** Steps of an epoch of each: two of 8 samples, one of 4. */
export const STEPS = 3;
const SAMPLES = { train: 20, validation: 10 } as const;
const CLASSES = 3;

type SmallModel = {
  readonly shape: readonly number[];
  readonly layers: () => tf.layers.Layer[];
  /** A value of an input out of a number in [0, 1). */
  readonly value?: (random: number) => number;
};

const MODELS = {
  // Training never applies the constraint; a restore that did would change the weights.
  'dense with dropout and a constraint': {
    shape: [6],
    layers: () => [
      tf.layers.dense({
        units: 5,
        activation: 'relu',
        inputShape: [6],
        kernelConstraint: tf.constraints.minMaxNorm({ minValue: 0.1, maxValue: 0.5, rate: 0.5 }),
      }),
      tf.layers.dropout({ rate: 0.3 }),
    ],
  },
  'convolution and pooling': {
    shape: [6, 6, 1],
    layers: () => [
      tf.layers.conv2d({
        filters: 2,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [6, 6, 1],
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
    ],
  },
  'batch normalisation, noise and a frozen layer': {
    shape: [6],
    layers: () => [
      tf.layers.dense({ units: 4, inputShape: [6], trainable: false }),
      tf.layers.batchNormalization({ momentum: 0.5 }),
      tf.layers.gaussianNoise({ stddev: 0.1 }),
    ],
  },
  'embedding and LSTM': {
    shape: [4],
    layers: () => [
      tf.layers.embedding({ inputDim: 5, outputDim: 3, inputLength: 4 }),
      tf.layers.lstm({ units: 3 }),
    ],
    value: (random: number) => Math.floor(random * 5),
  },
} as const satisfies Record<string, SmallModel>;

/** Names of the models. */
export type SmallModelName = keyof typeof MODELS;

/** Every model's name. */
// The keys of a constant are its keys.
export const SMALL_MODELS = Object.keys(MODELS) as SmallModelName[];

/** A trial of a small model; its data is made once, so that tensors can be counted, and stays. */
export function smallTrial(name: SmallModelName, optimizer: OptimizerSpec): ManagedTrial {
  const model: SmallModel = MODELS[name];
  const data = { train: toSamples(model, 'train'), validation: toSamples(model, 'validation') };
  return {
    data: () => data,
    model: () =>
      tf.sequential({
        layers: [...model.layers(), tf.layers.dense({ units: CLASSES, activation: 'softmax' })],
      }),
    compile: () => ({
      optimizer,
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
      batch_size: 8,
    }),
  };
}

function toSamples(
  { shape, value = (random) => random }: SmallModel,
  part: 'train' | 'validation',
): TrialData['train'] {
  const random = rngFor(1, part);
  const count = SAMPLES[part];
  const size = tf.util.sizeFromShape([...shape]);
  const xs = Array.from({ length: count * size }, () => value(random()));
  const labels = Array.from({ length: count }, () => Math.floor(random() * CLASSES));
  return {
    xs: tf.tensor(xs, [count, ...shape]),
    ys: tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES).toFloat()),
  };
}
