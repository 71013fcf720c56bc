// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747) as its IDX files lie in a folder. Debian's and Ubuntu's package
// `dataset-fashion-mnist` puts them into /usr/share/datasets/fashion-mnist.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Pixels along a side of an image. */
export const CLOTHES_SIZE = 28;

const IMAGES = 'train-images-idx3-ubyte.gz';
const LABELS = 'train-labels-idx1-ubyte.gz';
/** Bytes before the values: a magic number and one size for each dimension. */
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

/** Whether the images lie in this folder. */
export function hasClothes(folder: string): boolean {
  return existsSync(join(folder, IMAGES)) && existsSync(join(folder, LABELS));
}

/** The first `count` training images, row by row with values from 0 to 255, and of what kind each is, from 0 to 9. */
export function readClothes(
  folder: string,
  count: number,
): { readonly pixels: Uint8Array; readonly labels: readonly number[] } {
  const pixels = unzip(join(folder, IMAGES)).subarray(IMAGES_HEADER);
  const labels = unzip(join(folder, LABELS)).subarray(LABELS_HEADER);
  return {
    pixels: pixels.subarray(0, count * CLOTHES_SIZE ** 2),
    labels: [...labels.subarray(0, count)],
  };
}

function unzip(path: string): Buffer {
  return gunzipSync(readFileSync(path));
}
