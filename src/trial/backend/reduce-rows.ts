// The wasm kernels Sum and Mean, fast over leading axes: the gradient of a bias, the mean of a batch.
// Promise: the same value as tfjs's cpu kernels, up to float32 rounding. tfjs's kernels for wasm transpose the whole tensor first.

import { util } from '@tensorflow/tfjs';
import { sumRows } from './row-loops.ts';
import type { KernelCall, WasmKernel } from './wasm-heap.ts';
import { floatsOf, makeFloats, operand } from './wasm-heap.ts';

const ENOUGH = 4096; // elements; below that tfjs's kernel is as quick

/** The kernel Sum or Mean with a fast way for the leading axes of a float32 tensor; all else goes to `original`. */
export function reduceRows(kind: 'sum' | 'mean', original: WasmKernel): WasmKernel {
  return (call) => {
    const leading = leadingAxes(call);
    if (leading === 0) return original(call);
    const x = operand(call, 'x');
    const row = x.shape.slice(leading);
    const width = util.sizeFromShape(row);
    const factor = kind === 'sum' ? 1 : width / util.sizeFromShape(x.shape);
    const shape = call.attrs['keepDims'] ? [...x.shape.slice(0, leading).fill(1), ...row] : row;
    const out = makeFloats(call.backend, shape);
    const sums = sumRows(call.backend, x, width, factor);
    floatsOf(call.backend, out).set(sums);
    return out;
  };
}

/** How many axes are reduced, if those are the first ones but not all, and the tensor is large enough to care; else 0. */
function leadingAxes({ backend, inputs, attrs }: KernelCall): number {
  const x = operand({ backend, inputs }, 'x');
  if (x.dtype !== 'float32' || util.sizeFromShape(x.shape) < ENOUGH) return 0;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the op passes it
  const axes = util.parseAxisParam(attrs['axis'] as number | number[], x.shape);
  const leads =
    axes.length < x.shape.length && axes.toSorted((p, q) => p - q).every((axis, k) => axis === k);
  return leads && util.sizeFromShape(x.shape.slice(axes.length)) > 1 ? axes.length : 0;
}
