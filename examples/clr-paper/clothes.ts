// The training images of Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747): 28 × 28 grey pixels, ten kinds of clothes.
// They are read once a process and kept as bytes; batches of numbers are made of them as they are needed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import * as tf from '@tensorflow/tfjs';

export const PIXELS = 28 * 28;
export const KINDS = 10;
/** Bytes before the values in the IDX format: a magic number and one size for each dimension. */
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

/** All 60,000: the pixels of one image after another, and the kind of each. */
export type Clothes = { readonly pixels: Uint8Array; readonly kinds: Uint8Array };

/** A batch: pixels from 0 to 1 of shape [count, 784], one-hot kinds of shape [count, 10]. */
export type Batch = { readonly xs: tf.Tensor2D; readonly ys: tf.Tensor2D };

const opened = new Map<string, Clothes>();

/** Reads the images in a folder; again only if the folder is another. */
export function openClothes(folder: string): Clothes {
  const known = opened.get(folder);
  if (known !== undefined) return known;
  const clothes = {
    pixels: readPart(folder, 'train-images-idx3-ubyte.gz').subarray(IMAGES_HEADER),
    kinds: readPart(folder, 'train-labels-idx1-ubyte.gz').subarray(LABELS_HEADER),
  };
  opened.set(folder, clothes);
  return clothes;
}

/** The images with these numbers; the caller disposes the tensors. */
export function toBatch({ pixels, kinds }: Clothes, numbers: Iterable<number>): Batch {
  const chosen = [...numbers];
  const xs = new Float32Array(chosen.length * PIXELS);
  const ys = new Float32Array(chosen.length * KINDS);
  for (const [row, number] of chosen.entries()) {
    const image = pixels.subarray(number * PIXELS, (number + 1) * PIXELS);
    for (let i = 0; i < PIXELS; i += 1) xs[row * PIXELS + i] = (image[i] ?? 0) / 255;
    ys[row * KINDS + (kinds[number] ?? 0)] = 1;
  }
  const rows = chosen.length;
  return { xs: tf.tensor2d(xs, [rows, PIXELS]), ys: tf.tensor2d(ys, [rows, KINDS]) };
}

function readPart(folder: string, name: string): Buffer {
  const path = join(folder, name);
  if (existsSync(path)) return gunzipSync(readFileSync(path));
  throw new Error(
    `Fashion-MNIST is not in ${folder}: ${name} is missing. On Debian and Ubuntu \`apt-get install dataset-fashion-mnist\` puts it ` +
      'into /usr/share/datasets/fashion-mnist; elsewhere fetch the four .gz files from the zalandoresearch/fashion-mnist project ' +
      'and name their folder in `config: { folder: … }` of the sweep file.',
  );
}
