// The wasm kernel DepthwiseConv2dNativeBackpropInput: the gradient of a depthwise convolution by its input.
// Promise: the same value as tfjs's cpu kernel, up to float32 rounding. Dilations, which that kernel ignores, are honoured.
//
//     dx[n,h,v,c] = sum over r,s,m of  dy°[n, h+P-r*D, v+P-s*D, c*M+m] * w[r,s,c,m],    dy°[i*S] = dy[i], 0 elsewhere, M the depth multiplier.
//
// For each of the c*M+m channels of dy° that is a depthwise convolution with stride 1 by the filter turned by 180 degrees, which the backend has; the
// M channels of each c are added up afterwards.

import type { TensorInfo, backend_util } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { toConvInfo } from './conv-info.ts';
import { frame } from './spread-pixels.ts';
import type { KernelCall } from './wasm-heap.ts';
import { floatsOf, makeFloats, operand, release, runWasmKernel } from './wasm-heap.ts';

/** The gradient of a depthwise convolution by its input: `dy` and `filter` to the shape in the attribute `inputShape`. */
export function depthwiseBackpropInput({ backend, inputs, attrs }: KernelCall): TensorInfo {
  const dy = operand({ backend, inputs }, 'dy');
  const filter = operand({ backend, inputs }, 'filter');
  const info = toConvInfo(attrs['inputShape'], filter.shape, attrs, true);
  const turned = turnTaps(backend, filter, info);
  const { x, pad } = frame(backend, dy, info);
  const products = runWasmKernel(
    'DepthwiseConv2dNative',
    backend,
    { x, filter: turned },
    {
      strides: [1, 1],
      dilations: [info.dilationHeight, info.dilationWidth],
      pad,
      dimRoundingMode: 'floor',
    },
  );
  release(backend, turned);
  if (x !== dy) release(backend, x);
  return addMultiples(backend, products, info);
}

/** `filter` turned by 180 degrees as `[filterHeight, filterWidth, outChannels, 1]`. */
function turnTaps(
  backend: BackendWasm,
  filter: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { filterHeight, filterWidth, outChannels } = info;
  const turned = makeFloats(backend, [filterHeight, filterWidth, outChannels, 1]);
  const source = floatsOf(backend, filter);
  const target = floatsOf(backend, turned);
  const taps = filterHeight * filterWidth;
  for (let tap = 0; tap < taps; tap++) {
    const from = (taps - 1 - tap) * outChannels;
    target.set(source.subarray(from, from + outChannels), tap * outChannels);
  }
  return turned;
}

/** Channels c*M to c*M+M-1 of `products` added up to channel c. Takes `products` over. */
function addMultiples(
  backend: BackendWasm,
  products: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const multiplier = info.outChannels / info.inChannels;
  if (multiplier === 1) return products;
  const dx = makeFloats(backend, info.inShape);
  const source = floatsOf(backend, products);
  const target = floatsOf(backend, dx);
  for (let to = 0, from = 0; to < target.length; to++) {
    let sum = 0;
    for (let m = 0; m < multiplier; m++) sum += source[from++]!;
    target[to] = sum;
  }
  release(backend, products);
  return dx;
}
