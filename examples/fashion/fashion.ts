// A perceptron learns Fashion-MNIST: 28 × 28 grey images of ten kinds of clothes (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747).
// The images stay where they are; the sweep file names their folder. The 10,000 test images are left for a final judgement.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import * as tf from '@tensorflow/tfjs';
import { defineTrial, type Samples } from 'espalier';

const PIXELS = 28 * 28;
const CLASSES = 10;
/** Bytes before the values in the IDX format: a magic number and one size for each dimension. */
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

export default defineTrial<{
  /** The folder with the four `.gz` files. */
  readonly folder: string;
  /** How many of the 60,000 training images to train on, and how many of those after them to validate on. */
  readonly train_images: number;
  readonly validation_images: number;
  readonly units: number;
  readonly batch_size: number;
}>({
  data: ({ config }) => {
    const images = readPart(config.folder, 'train-images-idx3-ubyte.gz').subarray(IMAGES_HEADER);
    const labels = readPart(config.folder, 'train-labels-idx1-ubyte.gz').subarray(LABELS_HEADER);
    const last = config.train_images + config.validation_images;
    return {
      train: toSamples(images, labels, 0, config.train_images),
      validation: toSamples(images, labels, config.train_images, last),
    };
  },

  model: ({ config }) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [PIXELS], units: config.units, activation: 'relu' }),
        tf.layers.dense({ units: CLASSES, activation: 'softmax' }),
      ],
    }),

  compile: () => ({
    optimizer: 'momentum',
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  }),
});

function readPart(folder: string, name: string): Buffer {
  const path = join(folder, name);
  if (existsSync(path)) return gunzipSync(readFileSync(path));
  throw new Error(
    `Fashion-MNIST is not in ${folder}: ${name} is missing. On Debian and Ubuntu \`apt-get install dataset-fashion-mnist\` puts it ` +
      'into /usr/share/datasets/fashion-mnist; elsewhere fetch the four .gz files from the zalandoresearch/fashion-mnist project ' +
      'and name their folder in `config: { folder: … }` of the sweep file.',
  );
}

/** Images `from … to - 1`: pixels from 0 to 1 of shape [count, 784], one-hot labels of shape [count, 10]. */
function toSamples(images: Buffer, labels: Buffer, from: number, to: number): Samples {
  const bytes = images.subarray(from * PIXELS, to * PIXELS);
  const kinds = [...labels.subarray(from, to)];
  return {
    xs: tf.tensor2d(
      Float32Array.from(bytes, (value) => value / 255),
      [to - from, PIXELS],
    ),
    ys: tf.tidy(() => tf.oneHot(tf.tensor1d(kinds, 'int32'), CLASSES).toFloat()),
  };
}
