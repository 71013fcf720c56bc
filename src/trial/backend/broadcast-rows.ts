// The wasm kernels Add, Sub, Multiply and RealDiv, fast where the right operand is one row that every row of the left one meets.
// Promise: the same bits as tfjs's kernels. Those walk such operands index by index, ten times slower than equal shapes; a bias is such an operand.

import type { TensorInfo } from '@tensorflow/tfjs';
import { util } from '@tensorflow/tfjs';
import type { ElementwiseLoop, Formula } from './elementwise-loop.ts';
import { add, div, mul, stream, sub } from './elementwise-loop.ts';
import { runRowLoop } from './row-loops.ts';
import type { WasmKernel } from './wasm-heap.ts';
import { makeFloats, operand } from './wasm-heap.ts';

const FORMULAS = { Add: add, Sub: sub, Multiply: mul, RealDiv: div } as const;

/** The kernels that {@link broadcastRows} knows. */
export type BroadcastName = keyof typeof FORMULAS;

const ENOUGH = 4096; // elements; below that tfjs's kernel is as quick

/** The kernel `name` with a fast way for `[..., row] op [row]`; all else goes to `original`. */
export function broadcastRows(name: BroadcastName, original: WasmKernel): WasmKernel {
  const loop = toLoop(name, FORMULAS[name](stream('a'), stream('b')));
  return (call) => {
    const a = operand(call, 'a');
    const b = operand(call, 'b');
    if (!meetsRows(a, b)) return original(call);
    const out = makeFloats(call.backend, a.shape);
    runRowLoop(call.backend, loop, [a, out], [b], util.sizeFromShape(b.shape));
    return out;
  };
}

function toLoop(name: string, formula: Formula): ElementwiseLoop {
  return { name, streams: ['a', 'out', 'b'], scalars: [], stores: { out: formula } };
}

/** Whether b, less its leading axes of size 1, has the last axes of a, and a is large enough to care. */
function meetsRows(a: TensorInfo, b: TensorInfo): boolean {
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || b.shape.length > a.shape.length)
    return false;
  const first = b.shape.findIndex((size) => size !== 1);
  const row = first < 0 ? [] : b.shape.slice(first);
  const size = util.sizeFromShape(a.shape);
  return (
    row.length > 0 &&
    size >= ENOUGH &&
    size > util.sizeFromShape(b.shape) &&
    util.arraysEqual(row, a.shape.slice(-row.length))
  );
}
