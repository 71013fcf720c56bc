// A small convolutional network learns 1,797 handwritten digits of 8 × 8 pixels (see DATA.md). The sweep beside this file asks
// which learning-rate strategy suits it best.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import * as tf from '@tensorflow/tfjs';
import { defineTrial, type OptimizerName, rngFor, type Samples, type TrialData } from 'espalier';

const SIZE = 8;
const BRIGHTEST = 16;
const CLASSES = 10;
/** One image in this many, of each digit, is kept for validation: the same ones in every trial, whatever its seed. */
const VALIDATION_EVERY = 5;

type Digit = { readonly pixels: readonly number[]; readonly label: number };

/** What `config:` of the sweep file has to say. */
type DigitsConfig = {
  readonly batch_size: number;
  readonly filters: number;
  readonly dropout: number;
  readonly optimizer: OptimizerName;
};

export default defineTrial<DigitsConfig>({
  data: ({ files }) => loadDigits(files('digits.csv.gz')),

  model: ({ config: { filters, dropout } }) =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [SIZE, SIZE, 1], filters, ...CONVOLUTION }),
        tf.layers.conv2d({ filters: 2 * filters, ...CONVOLUTION }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dropout({ rate: dropout }),
        tf.layers.dense({ units: 64, activation: 'relu' }),
        tf.layers.dropout({ rate: dropout }),
        tf.layers.dense({ units: CLASSES, activation: 'softmax' }),
      ],
    }),

  compile: ({ config: { batch_size, optimizer } }) => ({
    optimizer,
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    batch_size,
  }),
});

const CONVOLUTION = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;

/** The images of the file at `path`: four fifths to train with, a fifth to validate with. */
export function loadDigits(path: string): TrialData {
  return split(readDigits(path));
}

/** A line is 64 pixels of 0 to 16, row by row, and the digit. */
function readDigits(path: string): Digit[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const values = line.split(',').map(Number);
    return { pixels: values.slice(0, -1), label: values.at(-1) ?? 0 };
  });
}

function split(digits: readonly Digit[]): TrialData {
  const train: Digit[] = [];
  const validation: Digit[] = [];
  for (let label = 0; label < CLASSES; label += 1) {
    const alike = digits.filter((digit) => digit.label === label);
    for (const [rank, digit] of shuffle(alike, rngFor(0, 'split', label)).entries()) {
      (rank % VALIDATION_EVERY === 0 ? validation : train).push(digit);
    }
  }
  return { train: toSamples(train), validation: toSamples(validation) };
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const tagged = items.map((item) => ({ item, tag: random() }));
  return tagged.toSorted((a, b) => a.tag - b.tag).map(({ item }) => item);
}

/** Images of shape [count, 8, 8, 1] with values from 0 to 1, and one-hot labels of shape [count, 10]. */
function toSamples(digits: readonly Digit[]): Samples {
  const pixels = digits.flatMap((digit) => digit.pixels.map((value) => value / BRIGHTEST));
  const labels = digits.map((digit) => digit.label);
  return {
    xs: tf.tensor4d(pixels, [digits.length, SIZE, SIZE, 1]),
    ys: tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES).toFloat()),
  };
}
