// The wasm kernel GatherV2: rows of a table by their number; the forward pass of an embedding.
// Promise: the same value as tfjs's kernel, and its refusal of a row that is not there. That one computes the place of every number anew; here whole
// rows are copied.

import type { TensorInfo } from '@tensorflow/tfjs';
import { backend_util, util } from '@tensorflow/tfjs';
import type { KernelCall } from './wasm-heap.ts';
import { integersOf, operand } from './wasm-heap.ts';

type ShapeInfo = ReturnType<typeof backend_util.segment_util.collectGatherOpShapeInfo>;

/** The slices of `x` along the attribute `axis` that `indices` (int32) names. Not for strings. */
export function gather({ backend, inputs, attrs }: KernelCall): TensorInfo {
  const x = operand({ backend, inputs }, 'x');
  const indices = operand({ backend, inputs }, 'indices');
  const [axis = 0] = util.parseAxisParam(Number(attrs['axis']), x.shape);
  const info = backend_util.segment_util.collectGatherOpShapeInfo(
    x,
    indices,
    axis,
    Number(attrs['batchDims'] ?? 0),
  );
  const out = backend.makeOutput(info.outputShape, x.dtype);
  const rows = integersOf(backend, indices);
  assertInside(rows, info.dimSize);
  copyRows(backend.typedArrayFromHeap(out), backend.typedArrayFromHeap(x), rows, info);
  return out;
}

function assertInside(rows: Int32Array, size: number): void {
  for (const row of rows) {
    util.assert(
      row >= 0 && row < size,
      () => `GatherV2: the index value ${row} is not in [0, ${size - 1}]`,
    );
  }
}

type Elements = ReturnType<KernelCall['backend']['typedArrayFromHeap']>;

function copyRows(out: Elements, x: Elements, rows: Int32Array, info: ShapeInfo): void {
  const { batchSize, outerSize, dimSize, sliceSize } = info;
  const perBatch = rows.length / batchSize;
  let to = 0;
  for (let table = 0; table < batchSize * outerSize; table++) {
    const first = Math.floor(table / outerSize) * perBatch;
    for (let i = 0; i < perBatch; i++, to += sliceSize) {
      const from = (table * dimSize + rows[first + i]!) * sliceSize;
      for (let k = 0; k < sliceSize; k++) out[to + k] = x[from + k]!;
    }
  }
}
