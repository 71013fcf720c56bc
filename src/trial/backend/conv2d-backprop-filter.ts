// The wasm kernel Conv2DBackpropFilter: the gradient of a 2D convolution by its filter.
// Promise: the same value as tfjs's cpu kernel, up to float32 rounding, for every stride, padding and data format that kernel takes.
//
// The forward pass is  y[n,i,j,o] = sum over r,s,c of  x[n, i*S+r-P, j*S+s-P, c] * w[r,s,c,o],  so
//
//     dw[r,s,c,o] = sum over n,i,j of  x[n, i*S+r-P, j*S+s-P, c] * dy[n,i,j,o].
//
// Read c as the batch, n as the input channel, (i,j) as the position in a filter and (r,s) as the position in the output: this is itself a
// convolution, of x with its batch and channel axes exchanged, by dy as a filter whose taps lie S apart, with stride 1 and the padding P:
//
//     dw'[c,r,s,o] = conv2d(x'[c,h,w,n], dy'[i,j,n,o], strides 1, dilations S, padding P).
//
// So the work is done by the fast convolution of the backend. The bottom and right padding is what makes the output as large as the filter; where
// the forward pass left rows of x unread, that padding would be negative: it is 0 then, and the surplus outputs are cut off.

import type { TensorInfo, backend_util } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { toConvInfo } from './conv-info.ts';
import type { KernelCall } from './wasm-heap.ts';
import {
  floatsOf,
  makeFloats,
  operand,
  release,
  runWasmKernel,
  transposed,
  viewAs,
} from './wasm-heap.ts';

/** The gradient of a convolution by its filter: `x` and `dy` to `[filterHeight, filterWidth, inChannels, outChannels]`. */
export function conv2dBackpropFilter({ backend, inputs, attrs }: KernelCall): TensorInfo {
  const x = operand({ backend, inputs }, 'x');
  const dy = operand({ backend, inputs }, 'dy');
  const info = toConvInfo(x.shape, attrs['filterShape'], attrs, false);
  const images = channelsToBatch(backend, x, info);
  const filter = batchToTaps(backend, dy, info);
  const scattered = convolve(backend, images, filter, info);
  release(backend, images);
  release(backend, filter);
  const dw = gather(backend, scattered, info);
  release(backend, scattered);
  return dw;
}

/** x as `[inChannels, inHeight, inWidth, batch]`. Height and width move as one axis, for which the transposition is faster. */
function channelsToBatch(
  backend: BackendWasm,
  x: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { batchSize, inChannels, inHeight, inWidth } = info;
  const pixels = inHeight * inWidth;
  const moved =
    info.dataFormat === 'channelsLast'
      ? transposed(backend, viewAs(x, [batchSize, pixels, inChannels]), [2, 1, 0])
      : transposed(backend, viewAs(x, [batchSize, inChannels, pixels]), [1, 2, 0]);
  return viewAs(moved, [inChannels, inHeight, inWidth, batchSize]);
}

/** dy as `[outHeight, outWidth, batch, outChannels]`. */
function batchToTaps(
  backend: BackendWasm,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { batchSize, outChannels, outHeight, outWidth } = info;
  const pixels = outHeight * outWidth;
  const moved =
    info.dataFormat === 'channelsLast'
      ? transposed(backend, viewAs(dy, [batchSize, pixels, outChannels]), [1, 0, 2])
      : transposed(backend, viewAs(dy, [batchSize, outChannels, pixels]), [2, 0, 1]);
  return viewAs(moved, [outHeight, outWidth, batchSize, outChannels]);
}

function convolve(
  backend: BackendWasm,
  x: TensorInfo,
  filter: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { top, left } = info.padInfo;
  const spanHeight = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const spanWidth = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  const bottom = Math.max(0, spanHeight - info.inHeight - top);
  const right = Math.max(0, spanWidth - info.inWidth - left);
  return runWasmKernel(
    'Conv2D',
    backend,
    { x, filter },
    {
      strides: [1, 1],
      dilations: [info.strideHeight, info.strideWidth],
      pad: [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ],
      dimRoundingMode: 'floor',
      dataFormat: 'NHWC',
    },
  );
}

/** `[inChannels, at least filterHeight, at least filterWidth, outChannels]` as `[filterHeight, filterWidth, inChannels, outChannels]`. */
function gather(backend: BackendWasm, from: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const [, height = 0, width = 0] = from.shape;
  const dw = makeFloats(backend, info.filterShape);
  const source = floatsOf(backend, from);
  const target = floatsOf(backend, dw);
  let to = 0;
  for (let r = 0; r < filterHeight; r++) {
    for (let s = 0; s < filterWidth; s++) {
      for (let c = 0; c < inChannels; c++) {
        const at = ((c * height + r) * width + s) * outChannels;
        for (let o = 0; o < outChannels; o++) target[to++] = source[at + o]!;
      }
    }
  }
  return dw;
}
