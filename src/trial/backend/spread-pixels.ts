// The output gradient of a convolution, made ready to be convolved back to the input: its pixels a stride apart, zeros between and around.
// Promise: where the backend can do that itself, by padding, the tensor is passed through and only the padding is named; else a new tensor is made, and
// whoever asked for it releases it if it is not the one given.

import type { TensorInfo, backend_util } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { floatsOf, makeFloats } from './wasm-heap.ts';

/** What to convolve with stride 1, and the padding to do it with, as the attribute `pad` of a kernel. */
export type Framed = { readonly x: TensorInfo; readonly pad: 'valid' | number[][] };

/**
 * `dy`, `[batch, outHeight, outWidth, outChannels]`, such that a convolution by the turned filter gives `inHeight` by `inWidth` pixels.
 * The frame is K-1-P wide at the top and left, K the reach of the filter and P its padding; at the bottom and right, what is missing to that size.
 * It may be negative: then rows or columns that reach no input are dropped.
 */
export function frame(backend: BackendWasm, dy: TensorInfo, info: backend_util.Conv2DInfo): Framed {
  const canvas = {
    top: info.effectiveFilterHeight - 1 - info.padInfo.top,
    left: info.effectiveFilterWidth - 1 - info.padInfo.left,
    height: info.inHeight + info.effectiveFilterHeight - 1,
    width: info.inWidth + info.effectiveFilterWidth - 1,
  };
  const bottom = canvas.height - canvas.top - info.outHeight;
  const right = canvas.width - canvas.left - info.outWidth;
  const dense = info.strideHeight === 1 && info.strideWidth === 1;
  if (!dense || Math.min(canvas.top, canvas.left, bottom, right) < 0) {
    return { x: spreadPixels(backend, dy, info, canvas), pad: 'valid' };
  }
  return {
    x: dy,
    pad: [
      [0, 0],
      [canvas.top, bottom],
      [canvas.left, right],
      [0, 0],
    ],
  };
}

/** The size of a canvas, and where on it the first pixel goes; negative: that many rows or columns fall outside. */
export type Canvas = {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
};

/** A new tensor with the pixels of `dy` a stride apart on a canvas of zeros: `[batch, height, width, outChannels]`. */
export function spreadPixels(
  backend: BackendWasm,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
  canvas: Canvas,
): TensorInfo {
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const { height, width } = canvas;
  const spread = makeFloats(backend, [batchSize, height, width, outChannels]);
  const source = floatsOf(backend, dy);
  const target = floatsOf(backend, spread).fill(0);
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      const row = i * info.strideHeight + canvas.top;
      if (row < 0 || row >= height) continue;
      for (let j = 0; j < outWidth; j++) {
        const column = j * info.strideWidth + canvas.left;
        if (column < 0 || column >= width) continue;
        const from = ((n * outHeight + i) * outWidth + j) * outChannels;
        const to = ((n * height + row) * width + column) * outChannels;
        for (let o = 0; o < outChannels; o++) target[to + o] = source[from + o]!;
      }
    }
  }
  return spread;
}
