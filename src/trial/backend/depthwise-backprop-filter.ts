// The wasm kernel DepthwiseConv2dNativeBackpropFilter: the gradient of a depthwise convolution by its filter.
// Promise: the same value as tfjs's cpu kernel, up to float32 rounding. Dilations, which that kernel ignores, are honoured.
//
//     dw[r,s,c,m] = sum over n,i,j of  x[n, i*S+r*D-P, j*S+s*D-P, c] * dy[n,i,j, c*M+m],    M the depth multiplier.
//
// Each output channel reads one input channel, so there is no matrix product in it to hand to the backend. It is made of the loop  sum += x * dy  over
// stretches of a row: with stride 1 and M = 1 the pixels that one tap reads along a row lie side by side, and so do the dy that they meet. Other cases
// become that one first: x with each channel repeated M times, dy with its pixels a stride apart. A stretch of sums keeps its columns apart; they are
// added up, in float64, at the end.

import type { TensorInfo, backend_util } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { toConvInfo } from './conv-info.ts';
import type { ElementwiseLoop } from './elementwise-loop.ts';
import { add, mul, stream } from './elementwise-loop.ts';
import { addressOf, loopOn } from './heap-loops.ts';
import { fold } from './row-loops.ts';
import { spreadPixels } from './spread-pixels.ts';
import { tapRange } from './tap-range.ts';
import type { KernelCall } from './wasm-heap.ts';
import { floatsOf, makeFloats, operand, release } from './wasm-heap.ts';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

const ADD_PRODUCTS: ElementwiseLoop = {
  name: 'add-products',
  streams: ['x', 'dy', 'sum'],
  scalars: [],
  stores: { sum: add(stream('sum'), mul(stream('x'), stream('dy'))) },
};

/** The gradient of a depthwise convolution by its filter: `x` and `dy` to `[filterHeight, filterWidth, inChannels, multiplier]`. */
export function depthwiseBackpropFilter({ backend, inputs, attrs }: KernelCall): TensorInfo {
  const x = operand({ backend, inputs }, 'x');
  const dy = operand({ backend, inputs }, 'dy');
  const info = toConvInfo(x.shape, attrs['filterShape'], attrs, true);
  const images = repeatChannels(backend, x, info);
  const dense = info.strideHeight === 1 && info.strideWidth === 1;
  const spread = dense ? dy : spreadPixels(backend, dy, info, { top: 0, left: 0, ...spanOf(info) });
  const dw = correlate(backend, images, spread, info);
  if (images !== x) release(backend, images);
  if (spread !== dy) release(backend, spread);
  return dw;
}

/** The size of dy with its pixels a stride apart. */
function spanOf(info: backend_util.Conv2DInfo): { height: number; width: number } {
  return {
    height: (info.outHeight - 1) * info.strideHeight + 1,
    width: (info.outWidth - 1) * info.strideWidth + 1,
  };
}

/** x with each channel as often as the filter multiplies it; x itself for multiplier 1. */
function repeatChannels(
  backend: BackendWasm,
  x: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const multiplier = info.outChannels / info.inChannels;
  if (multiplier === 1) return x;
  const repeated = makeFloats(backend, [...x.shape.slice(0, 3), info.outChannels]);
  const source = floatsOf(backend, x);
  const target = floatsOf(backend, repeated);
  for (let from = 0, to = 0; from < source.length; from++) {
    for (let m = 0; m < multiplier; m++) target[to++] = source[from]!;
  }
  return repeated;
}

function correlate(
  backend: BackendWasm,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const dw = makeFloats(backend, info.filterShape);
  const sums = makeFloats(backend, [spanOf(info).width * info.outChannels]);
  for (let tap = 0; tap < info.filterHeight * info.filterWidth; tap++) {
    floatsOf(backend, sums).fill(0);
    addTap(backend, x, dy, sums, info, tap);
    floatsOf(backend, dw).set(
      fold(floatsOf(backend, sums), info.outChannels),
      tap * info.outChannels,
    );
  }
  release(backend, sums);
  return dw;
}

function addTap(
  backend: BackendWasm,
  x: TensorInfo,
  dy: TensorInfo,
  sums: TensorInfo,
  info: backend_util.Conv2DInfo,
  tap: number,
): void {
  const { inHeight, inWidth, outChannels } = info;
  const { height, width } = spanOf(info);
  const r = Math.floor(tap / info.filterWidth);
  const s = tap % info.filterWidth;
  const rows = tapRange(r * info.dilationHeight - info.padInfo.top, 1, inHeight, height);
  const columns = tapRange(s * info.dilationWidth - info.padInfo.left, 1, inWidth, width);
  const firstRow = Math.ceil(rows.from / info.strideHeight) * info.strideHeight; // between these lie only zeros
  const count = (columns.to - columns.from) * outChannels;
  const run = loopOn(backend, ADD_PRODUCTS);
  const pixel = outChannels * BYTES;
  const xStart = addressOf(backend, x) + (columns.from + columns.offset) * pixel;
  const dyStart = addressOf(backend, dy) + columns.from * pixel;
  const sumStart = addressOf(backend, sums);
  for (let n = 0; n < info.batchSize; n++) {
    for (let i = firstRow; i < rows.to; i += info.strideHeight) {
      const xRow = (n * inHeight + i + rows.offset) * inWidth * pixel;
      run(xStart + xRow, dyStart + (n * height + i) * width * pixel, sumStart, count);
    }
  }
}
