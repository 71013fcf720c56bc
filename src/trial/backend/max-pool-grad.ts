// The wasm kernel MaxPoolGrad: the gradient of 2D max pooling.
// Promise: exactly the value of tfjs's cpu kernel: each dy goes to the first largest element of its window, in row order. tfjs has this kernel for
// wasm, which asks for every input pixel which windows it won; here every window finds its winner once, several times faster.

import type { TensorInfo, backend_util } from '@tensorflow/tfjs';
import { toPoolInfo } from './conv-info.ts';
import type { KernelCall } from './wasm-heap.ts';
import { floatsOf, makeFloats, operand } from './wasm-heap.ts';

/** The gradient of max pooling by its input: `dy` and `input` to the shape of `input`. */
export function maxPoolGrad({ backend, inputs, attrs }: KernelCall): TensorInfo {
  const dy = operand({ backend, inputs }, 'dy');
  const input = operand({ backend, inputs }, 'input');
  const info = toPoolInfo(input.shape, attrs);
  const dx = makeFloats(backend, input.shape);
  route(floatsOf(backend, dx).fill(0), floatsOf(backend, input), floatsOf(backend, dy), info);
  return dx;
}

function route(
  dx: Float32Array,
  x: Float32Array,
  dy: Float32Array,
  info: backend_util.Conv2DInfo,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = info;
  const windows = toWindows(info);
  const imageSize = inHeight * inWidth * inChannels;
  let from = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let window = 0; window < outHeight * outWidth; window++, from += inChannels) {
      routeWindow(dx, x, dy, from, inChannels, windows[window]!, n * imageSize);
    }
  }
}

/** For each output pixel, where in an image the pixels of its window lie, in row order. */
function toWindows(info: backend_util.Conv2DInfo): Int32Array[] {
  const windows: Int32Array[] = [];
  for (let i = 0; i < info.outHeight; i++) {
    const rows = inside(
      i * info.strideHeight - info.padInfo.top,
      info.effectiveFilterHeight,
      info.inHeight,
    );
    for (let j = 0; j < info.outWidth; j++) {
      const columns = inside(
        j * info.strideWidth - info.padInfo.left,
        info.effectiveFilterWidth,
        info.inWidth,
      );
      const pixels = rows.flatMap((h) =>
        columns.map((v) => (h * info.inWidth + v) * info.inChannels),
      );
      windows.push(Int32Array.from(pixels));
    }
  }
  return windows;
}

/** The positions from `first` on, `count` of them, that lie on an axis of `size`. */
function inside(first: number, count: number, size: number): number[] {
  const positions = Array.from({ length: count }, (_, k) => first + k);
  return positions.filter((position) => position >= 0 && position < size);
}

/** Adds one pixel of dy, channel by channel, to the winners of its window in the image that starts at `image`. */
function routeWindow(
  dx: Float32Array,
  x: Float32Array,
  dy: Float32Array,
  from: number,
  channels: number,
  window: Int32Array,
  image: number,
): void {
  for (let c = 0; c < channels; c++) {
    let winner = -1;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < window.length; k++) {
      const at = image + window[k]! + c;
      const value = x[at]!;
      if (value > largest) {
        largest = value;
        winner = at;
      }
    }
    if (winner >= 0) dx[winner]! += dy[from + c]!;
  }
}
