// Loops over a tensor seen as rows, together with single rows that every row meets: biases, means, scales.
// Promise: the same bits as the plain loop over rows written out in full. A row is often only a few numbers long, too short for a call; so the single rows
// are repeated to about a thousand elements, and a call takes that many.

import type { TensorInfo } from '@tensorflow/tfjs';
import { util } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { ElementwiseLoop } from './elementwise-loop.ts';
import { add, stream } from './elementwise-loop.ts';
import { addressOf, loopOn } from './heap-loops.ts';
import { floatsOf, makeFloats, release } from './wasm-heap.ts';

const STRETCH = 1024;
const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Runs `loop`, whose streams are the tensors of `full`, all of one size, then those of `rows`, each one row of `width` numbers. */
export function runRowLoop(
  backend: BackendWasm,
  loop: ElementwiseLoop,
  full: readonly TensorInfo[],
  rows: readonly TensorInfo[],
  width: number,
): void {
  const total = util.sizeFromShape(full[0]?.shape ?? []);
  const chunk = chunkOf(width, total);
  const repeated = rows.map((row) => repeat(backend, row, chunk));
  const run = loopOn(backend, loop);
  const starts = full.map((tensor) => addressOf(backend, tensor));
  const fixed = repeated.map((row) => addressOf(backend, row));
  for (let at = 0; at < total; at += chunk) {
    run(...starts.map((start) => start + at * BYTES), ...fixed, Math.min(chunk, total - at));
  }
  for (const row of repeated) release(backend, row);
}

const ACCUMULATE: ElementwiseLoop = {
  name: 'accumulate',
  streams: ['x', 'sum'],
  scalars: [],
  stores: { sum: add(stream('sum'), stream('x')) },
};

/** The sum of all rows of `width` numbers in `x`, times `factor`. Partial sums run in float32, their sum in float64. */
export function sumRows(
  backend: BackendWasm,
  x: TensorInfo,
  width: number,
  factor: number,
): Float64Array {
  const total = util.sizeFromShape(x.shape);
  const chunk = chunkOf(width, total);
  const partial = makeFloats(backend, [chunk]);
  floatsOf(backend, partial).fill(0);
  const run = loopOn(backend, ACCUMULATE);
  const start = addressOf(backend, x);
  const sum = addressOf(backend, partial);
  for (let at = 0; at < total; at += chunk)
    run(start + at * BYTES, sum, Math.min(chunk, total - at));
  const sums = fold(floatsOf(backend, partial), width).map((value) => value * factor);
  release(backend, partial);
  return sums;
}

/** The sum of the rows of `width` numbers that lie one after the other in `values`. */
export function fold(values: Float32Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < values.length; at += width) {
    for (let k = 0; k < width; k++) sums[k]! += values[at + k]!;
  }
  return sums;
}

/** A whole number of rows, about a thousand elements, and no more than there are. */
function chunkOf(width: number, total: number): number {
  const rows = Math.min(Math.ceil(STRETCH / width), Math.max(1, total / width));
  return rows * width;
}

function repeat(backend: BackendWasm, row: TensorInfo, size: number): TensorInfo {
  const repeated = makeFloats(backend, [size]);
  const target = floatsOf(backend, repeated);
  const source = floatsOf(backend, row);
  for (let at = 0; at < size; at += source.length) target.set(source, at);
  return repeated;
}
