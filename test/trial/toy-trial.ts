// A small classification problem with everything that makes training hard to repeat: shuffling, dropout, batch normalisation, a
// short last batch, a regulariser.

import * as tf from '@tensorflow/tfjs';

import type {
  ManagedTrial,
  OpenTrial,
  TrialContext,
  TrialData,
} from '../../src/trial/define-trial.ts';
import { rngFor } from '../../src/domain/random.ts';
import { openManaged } from '../../src/trial/managed.ts';
import { withRandom } from '../../src/trial/seeded-random.ts';
import type { OptimizerName, OptimizerSpec } from '../../src/trial/optimizer.ts';

/** Samples of the toy, and its batch size: 3 steps, the last of 10 samples. */
export const TOY = { samples: 74, batchSize: 32, features: 6, classes: 3 } as const;

/** The toy with an optimizer. */
export function toyTrial(optimizer: OptimizerName | OptimizerSpec = 'momentum'): ManagedTrial {
  return {
    data: ({ random }) => toyData(random('data')),
    model: () => toyModel(),
    compile: () => ({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] }),
  };
}

/** Noise with a class that can be learned from it. */
export function toyData(random: () => number): TrialData {
  return { train: toySamples(random, TOY.samples), validation: toySamples(random, 40) };
}

function toySamples(random: () => number, count: number): TrialData['train'] {
  const rows = Array.from({ length: count }, () => Array.from({ length: TOY.features }, random));
  const labels = rows.map(([a = 0, b = 0]) => Math.min(TOY.classes - 1, Math.floor((a + b) * 1.5)));
  return {
    xs: tf.tensor2d(rows),
    ys: tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), TOY.classes).toFloat()),
  };
}

/** Dense, normalised, dropped out, dense. */
export function toyModel(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.dense({
        units: 12,
        activation: 'relu',
        inputShape: [TOY.features],
        kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
      }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.3 }),
      tf.layers.dense({ units: TOY.classes, activation: 'softmax' }),
    ],
  });
}

/** The context of a trial without files. */
export function toyContext(
  seed: number,
  config: TrialContext['config'] = { batch_size: TOY.batchSize },
): TrialContext {
  return {
    config,
    seed,
    epochs: 5,
    files: (path) => path,
    random: (...path) => rngFor(seed, 'trial', ...path),
  };
}

/** Opens a managed trial as a session does. */
export async function openToy(definition: ManagedTrial, seed: number): Promise<OpenTrial> {
  const context = toyContext(seed);
  const data = await definition.data(context);
  return withRandom(rngFor(seed, 'build'), () => openManaged(definition, context, data));
}

/** Trains epochs `from … to - 1` as a session does, with one learning rate, and one momentum where it is given. */
export async function trainToy(
  trial: OpenTrial,
  seed: number,
  from: number,
  to: number,
  learningRate = 0.05,
  momentum?: number,
): Promise<Record<string, number>[]> {
  const rows: Record<string, number>[] = [];
  for (let epoch = from; epoch < to; epoch += 1) {
    const request = {
      epoch,
      steps: trial.steps_per_epoch,
      learningRates: () => learningRate,
      ...(momentum !== undefined && { momentum: () => momentum }),
    };
    const { metrics } = await withRandom(rngFor(seed, 'epoch', epoch), () =>
      trial.trainEpoch(request),
    );
    rows.push({ ...metrics });
  }
  return rows;
}
