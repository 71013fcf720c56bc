// The wasm kernel UnsortedSegmentSum: rows of x added up by their segment; it is the gradient of a gather, and so of an embedding.
// Promise: the same value as tfjs's cpu kernel, up to float32 rounding; each sum runs in float64 over its rows in order, so reruns agree to the bit.
//
//     y[k, ...] = sum over the rows i with segmentIds[i] = k of  x[i, ...];    ids outside 0..numSegments-1 count nowhere.
//
// Rows are chained by segment first (first row and next row, as in a hash table's buckets), so that each segment is summed in one go and the work is
// one pass over x. The cpu kernel passes over x once for each segment.

import type { TensorInfo } from '@tensorflow/tfjs';
import type { KernelCall } from './wasm-heap.ts';
import { floatsOf, integersOf, makeFloats, operand } from './wasm-heap.ts';

/** Sums of the rows of `x` by `segmentIds` (int32): `[numSegments, ...the other axes of x]`, float32. Ids of more than one axis sum over the first. */
export function unsortedSegmentSum({ backend, inputs, attrs }: KernelCall): TensorInfo {
  const x = operand({ backend, inputs }, 'x');
  const segmentIds = operand({ backend, inputs }, 'segmentIds');
  const segments = Number(attrs['numSegments']);
  const y = makeFloats(backend, [segments, ...x.shape.slice(1)]);
  const ids = integersOf(backend, segmentIds);
  const rows = x.dtype === 'float32' ? floatsOf(backend, x) : backend.typedArrayFromHeap(x);
  const idsInRow = ids.length / Math.max(1, x.shape[0] ?? 1);
  const buckets = chain(ids, idsInRow, segments);
  sumBuckets(floatsOf(backend, y), rows, buckets, ids.length);
  return y;
}

type Buckets = { readonly first: Int32Array; readonly next: Int32Array };

/** For each output row its first input row, and for each input row the next of the same output; -1 ends a chain. */
function chain(ids: Int32Array, idsInRow: number, segments: number): Buckets {
  const first = new Int32Array(segments * idsInRow).fill(-1);
  const next = new Int32Array(ids.length);
  for (let i = ids.length - 1; i >= 0; i--) {
    const id = ids[i]!;
    if (id < 0 || id >= segments) continue;
    const bucket = id * idsInRow + (i % idsInRow);
    next[i] = first[bucket]!;
    first[bucket] = i;
  }
  return { first, next };
}

function sumBuckets(
  y: Float32Array,
  x: ArrayLike<number>,
  { first, next }: Buckets,
  count: number,
): void {
  const size = count === 0 ? 0 : x.length / count;
  const sums = new Float64Array(size);
  y.fill(0);
  for (let bucket = 0; bucket < first.length; bucket++) {
    if (first[bucket]! < 0) continue;
    sums.fill(0);
    for (let row = first[bucket]!; row >= 0; row = next[row]!) {
      for (let e = 0; e < size; e++) sums[e]! += x[row * size + e]!;
    }
    y.set(sums, bucket * size);
  }
}
