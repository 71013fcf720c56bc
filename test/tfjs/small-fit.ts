// A model that trains in milliseconds, and the same training by hand: the rates set by the library's own means.

import * as tf from '@tensorflow/tfjs';

import { rngFor } from '../../src/domain/random.ts';

export const SAMPLES = 20;
export const BATCH = 8;
/** Two of 8 samples and one of 4. */
export const STEPS = 3;

export const OPTIMIZERS = {
  sgd: () => tf.train.sgd(0.5),
  momentum: () => tf.train.momentum(0.5, 0.9),
  'momentum, Nesterov': () => tf.train.momentum(0.5, 0.9, true),
  adam: () => tf.train.adam(0.5),
  rmsprop: () => tf.train.rmsprop(0.5, 0.9, 0.5),
  adagrad: () => tf.train.adagrad(0.5),
  adadelta: () => tf.train.adadelta(0.5),
  adamax: () => tf.train.adamax(0.5),
} as const satisfies Record<string, () => tf.Optimizer>;

export type OptimizerName = keyof typeof OPTIMIZERS;

export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];

/** What a step is to use. */
export type Step = { readonly lr: number; readonly momentum?: number };

/** A compiled model whose initial weights are always the same. */
export function smallModel(optimizer: tf.Optimizer | string = tf.train.sgd(0.5)): tf.Sequential {
  const model = tf.sequential({ layers: [layer(5, 1, [4]), layer(1, 2)] });
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae'] });
  return model;
}

function layer(units: number, seed: number, inputShape?: number[]): tf.layers.Layer {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const shape = inputShape === undefined ? {} : { inputShape };
  return tf.layers.dense({ units, activation: 'tanh', kernelInitializer, ...shape });
}

/** Inputs [samples, 4] and targets [samples, 1], always the same. */
export function smallData(samples = SAMPLES): { xs: tf.Tensor2D; ys: tf.Tensor2D } {
  const random = rngFor(1, 'data');
  const values = (columns: number): tf.Tensor2D =>
    tf.tensor2d(
      Array.from({ length: samples * columns }, () => random() * 2 - 1),
      [samples, columns],
    );
  return { xs: values(4), ys: values(1) };
}

/** Options of a `fit` that can be repeated by hand. */
export const FIT = { batchSize: BATCH, shuffle: false, verbose: 0 } as const;

/** The weights as numbers, in order. */
export function weightsOf(model: tf.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => [...weight.dataSync()]);
}

/** The weights after these steps, three an epoch, of a new model; no callback takes part. */
export async function trainByHand(
  optimizer: tf.Optimizer,
  steps: readonly Step[],
): Promise<number[]> {
  const model = smallModel(optimizer);
  const { xs, ys } = smallData();
  for (const [i, step] of steps.entries()) {
    setByHand(optimizer, step);
    const from = (i % STEPS) * BATCH;
    const size = Math.min(BATCH, SAMPLES - from);
    await model.trainOnBatch(xs.slice(from, size), ys.slice(from, size));
  }
  return weightsOf(model);
}

function setByHand(optimizer: tf.Optimizer, { lr, momentum }: Step): void {
  if (optimizer instanceof tf.SGDOptimizer && optimizer.getClassName() in { SGD: 1, Momentum: 1 })
    optimizer.setLearningRate(lr);
  else Object.assign(optimizer, { learningRate: lr });
  if (momentum === undefined) return;
  Object.assign(
    optimizer,
    'beta1' in optimizer ? { beta1: momentum } : { momentum, m: tf.keep(tf.scalar(momentum)) },
  );
}
