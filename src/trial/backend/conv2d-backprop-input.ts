// The wasm kernel Conv2DBackpropInput: the gradient of a 2D convolution by its input, which is also the forward pass of a transposed convolution.
// Promise: the same value as tfjs's cpu kernel, up to float32 rounding. tfjs has this kernel for wasm, about ten times slower than its forward pass.
//
// With the forward pass  y[n,i,j,o] = sum over r,s,c of  x[n, i*S+r-P, j*S+s-P, c] * w[r,s,c,o]  the gradient is
//
//     dx[n,h,v,c] = sum over r,s,o of  dy°[n, h+P-r, v+P-s, o] * w[r,s,c,o],    dy°[i*S] = dy[i], 0 elsewhere,
//
// a convolution with stride 1 of dy°, framed by K-1-P rows of zeros at the top, by the filter turned by 180 degrees with its channel axes exchanged.
// Where the backend can pad by itself (stride 1, no negative frame) dy is used as it lies; otherwise dy° is written out with its frame.

import type { TensorInfo, backend_util } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { toConvInfo } from './conv-info.ts';
import { frame } from './spread-pixels.ts';
import type { KernelCall } from './wasm-heap.ts';
import { floatsOf, makeFloats, operand, release, runWasmKernel, transposed } from './wasm-heap.ts';

/** The gradient of a convolution by its input: `dy` and `filter` to the shape in the attribute `inputShape`. */
export function conv2dBackpropInput({ backend, inputs, attrs }: KernelCall): TensorInfo {
  const dy = operand({ backend, inputs }, 'dy');
  const filter = operand({ backend, inputs }, 'filter');
  const info = toConvInfo(attrs['inputShape'], filter.shape, attrs, false);
  if (info.dataFormat === 'channelsLast') return convolveBack(backend, dy, filter, info);
  const moved = transposed(backend, dy, [0, 2, 3, 1]);
  const dx = convolveBack(backend, moved, filter, info);
  const result = transposed(backend, dx, [0, 3, 1, 2]);
  release(backend, moved);
  release(backend, dx);
  return result;
}

function convolveBack(
  backend: BackendWasm,
  dy: TensorInfo,
  filter: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const turned = turnFilter(backend, filter, info);
  const { x, pad } = frame(backend, dy, info);
  const dx = runWasmKernel(
    'Conv2D',
    backend,
    { x, filter: turned },
    {
      strides: [1, 1],
      dilations: [1, 1],
      pad,
      dimRoundingMode: 'floor',
      dataFormat: 'NHWC',
    },
  );
  release(backend, turned);
  if (x !== dy) release(backend, x);
  return dx;
}

/** `filter` turned by 180 degrees as `[filterHeight, filterWidth, outChannels, inChannels]`. */
function turnFilter(
  backend: BackendWasm,
  filter: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const turned = makeFloats(backend, [filterHeight, filterWidth, outChannels, inChannels]);
  const source = floatsOf(backend, filter);
  const target = floatsOf(backend, turned);
  const taps = filterHeight * filterWidth;
  const tapSize = inChannels * outChannels;
  let to = 0;
  for (let tap = taps - 1; tap >= 0; tap--) {
    for (let o = 0; o < outChannels; o++) {
      for (let c = 0; c < inChannels; c++)
        target[to++] = source[tap * tapSize + c * outChannels + o]!;
    }
  }
  return turned;
}
