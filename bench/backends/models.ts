// The models that backends are measured on, with data of the right shape.
// Promise: the same layers, optimizer and batch size on every backend; the data is noise, since speed does not depend on it.

import * as tf from '@tensorflow/tfjs';

/** Samples of one step. */
export const BATCH = 64;

const SAMPLES = 2048;
const CLASSES = 10;
const WORDS = 200;
const WORDS_IN_TEXT = 20;

/** A model with its data, on the backend that was current when it was made. */
export type Workload = {
  readonly model: tf.LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
};

/** Each workload by what it is. Call one while its backend is current. */
export const WORKLOADS: Readonly<Record<string, () => Workload>> = {
  'MLP 784-128-10': () =>
    workload(noise([784]), [
      tf.layers.dense({ units: 128, activation: 'relu', inputShape: [784] }),
    ]),
  'CNN 28x28, conv 8x3x3, pool': () =>
    workload(noise([28, 28, 1]), [
      tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
    ]),
  'embedding 200x16, 20 words': () =>
    workload(tf.randomUniform([SAMPLES, WORDS_IN_TEXT], 0, WORDS, 'int32', 1), [
      tf.layers.embedding({ inputDim: WORDS, outputDim: 16, inputLength: WORDS_IN_TEXT }),
      tf.layers.globalAveragePooling1d({}),
    ]),
};

function noise(shape: readonly number[]): tf.Tensor {
  return tf.randomUniform([SAMPLES, ...shape], -1, 1, 'float32', 1);
}

function workload(x: tf.Tensor, layers: readonly tf.layers.Layer[]): Workload {
  const head = tf.layers.dense({ units: CLASSES, activation: 'softmax' });
  const model = tf.sequential({ layers: [...layers, head] });
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  const y = tf.tidy(() => {
    const labels = tf.randomUniform([SAMPLES], 0, CLASSES, 'int32', 2);
    return tf.oneHot(labels.as1D(), CLASSES).toFloat();
  });
  return { model, x, y };
}

/** One training step on the batch `step` of the data, round and round. */
export async function trainStep({ model, x, y }: Workload, step: number): Promise<void> {
  const from = (step * BATCH) % SAMPLES;
  const batch = [x, y].map((tensor) => tensor.slice([from], [BATCH]));
  await model.trainOnBatch(batch[0]!, batch[1]!);
  tf.dispose(batch);
}
