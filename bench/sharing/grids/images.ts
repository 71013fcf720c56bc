// What the grids beside this file train: a small convolutional network on 2,500 pieces of clothing, or on 1,797 handwritten digits
// where Fashion-MNIST is not installed. Of either one in five is for validation, the same ones in every trial. Images are reduced
// to 14 × 14 pixels, so that an epoch takes about a tenth of a second and four grids half an hour.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import * as tf from '@tensorflow/tfjs';
import { defineTrial, type Samples, type TrialData } from 'espalier';

import { CLOTHES_SIZE, hasClothes, readClothes } from './clothes.ts';

const CLOTHES = 2500;
const DIGIT_SIZE = 8;
const BRIGHTEST_DIGIT = 16;
const SIZE = 14;
const CLASSES = 10;
const TRAIN_SHARE = 0.8;

/** Images of shape [count, 14, 14, 1] with values from 0 to 1, and what each shows, from 0 to 9. */
type Images = { readonly pixels: tf.Tensor; readonly labels: readonly number[] };

// oxlint-disable-next-line import/no-default-export -- this is what a sweep file names
export default defineTrial<{
  /** Where Fashion-MNIST lies, if anywhere. */
  readonly folder: string;
  readonly batch_size: number;
}>({
  data: ({ config: { folder }, files }) =>
    split(hasClothes(folder) ? toClothes(folder) : toDigits(files('digits.csv.gz'))),

  model: () =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [SIZE, SIZE, 1],
          filters: 8,
          kernelSize: 3,
          activation: 'relu',
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: CLASSES, activation: 'softmax' }),
      ],
    }),

  compile: () => ({
    optimizer: 'momentum',
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  }),
});

/** Each pixel is the mean of four. */
function toClothes(folder: string): Images {
  const { pixels, labels } = readClothes(folder, CLOTHES);
  const values = Float32Array.from(pixels, (value) => value / 255);
  const shape: [number, number, number, number] = [CLOTHES, CLOTHES_SIZE, CLOTHES_SIZE, 1];
  return { pixels: tf.tidy(() => tf.avgPool(tf.tensor4d(values, shape), 2, 2, 'valid')), labels };
}

/** Digits of 8 × 8 pixels in a black frame. A line of the file is 64 values and the digit. */
function toDigits(path: string): Images {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  const values = rows.flatMap((row) => row.slice(0, -1).map((value) => value / BRIGHTEST_DIGIT));
  const frame: [number, number] = [(SIZE - DIGIT_SIZE) / 2, (SIZE - DIGIT_SIZE) / 2];
  const pixels = tf.tidy(() =>
    tf
      .tensor4d(values, [rows.length, DIGIT_SIZE, DIGIT_SIZE, 1])
      .pad([[0, 0], frame, frame, [0, 0]]),
  );
  return { pixels, labels: rows.map((row) => row.at(-1) ?? 0) };
}

function split({ pixels, labels }: Images): TrialData {
  const count = labels.length;
  const last = Math.floor(count * TRAIN_SHARE);
  const part = (from: number, to: number): Samples => ({
    xs: pixels.slice([from], [to - from]),
    ys: tf.tidy(() => tf.oneHot(tf.tensor1d(labels.slice(from, to), 'int32'), CLASSES).toFloat()),
  });
  const data = { train: part(0, last), validation: part(last, count) };
  pixels.dispose();
  return data;
}
