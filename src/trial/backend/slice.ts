// The wasm kernel Slice, without its copy.
// Promise: the same value as tfjs's kernel for wasm. That one first reads the whole tensor out of the heap: a batch of 64 rows costs as much as the
// whole data set it is cut from. Here only the slice is copied, in its longest contiguous runs.

import type { TensorInfo } from '@tensorflow/tfjs';
import { slice_util, util } from '@tensorflow/tfjs';
import type { KernelCall } from './wasm-heap.ts';
import { operand } from './wasm-heap.ts';

/** The part of `x` from the attribute `begin` on, of the attribute `size` (-1: to the end). Not for strings. */
export function slice({ backend, inputs, attrs }: KernelCall): TensorInfo {
  const x = operand({ backend, inputs }, 'x');
  const [begin, size] = parse(x, attrs);
  const out = backend.makeOutput(size, x.dtype);
  copyRuns(backend.typedArrayFromHeap(out), backend.typedArrayFromHeap(x), x.shape, begin, size);
  return out;
}

function parse(x: TensorInfo, attrs: KernelCall['attrs']): [number[], number[]] {
  type Parse = (x: TensorInfo, begin: unknown, size: unknown) => number[][];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed for a tensor, reads its shape only
  const parseSliceParams = slice_util.parseSliceParams as unknown as Parse;
  const [begin = [], size = []] = parseSliceParams(x, attrs['begin'], attrs['size']);
  return [begin, size];
}

type Elements = ReturnType<KernelCall['backend']['typedArrayFromHeap']>;

function copyRuns(
  out: Elements,
  x: Elements,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): void {
  if (out.length === 0) return;
  const strides = [...util.computeStrides([...shape]), 1];
  const split = firstSplitAxis(shape, size);
  const run = size.slice(split).reduce((product, n) => product * n, 1);
  const position = size.slice(0, split).map(() => 0);
  for (let to = 0; to < out.length; to += run) {
    const from = begin.reduce(
      (at, first, axis) => at + (first + (position[axis] ?? 0)) * strides[axis]!,
      0,
    );
    out.set(x.subarray(from, from + run), to);
    advance(position, size);
  }
}

/** The first axis from which on a slice is one contiguous run: all axes after it are whole. */
function firstSplitAxis(shape: readonly number[], size: readonly number[]): number {
  let axis = Math.max(0, shape.length - 1);
  while (axis > 0 && size[axis] === shape[axis]) axis--;
  return axis;
}

/** Counts `position` up by one, the last axis fastest. */
function advance(position: number[], size: readonly number[]): void {
  for (let axis = position.length - 1; axis >= 0; axis--) {
    position[axis]!++;
    if (position[axis]! < size[axis]!) return;
    position[axis] = 0;
  }
}
