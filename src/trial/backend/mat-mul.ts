// The wasm kernels BatchMatMul and _FusedMatMul, fast for transposed operands and for batches.
// Promise: the same values as tfjs's cpu kernels, up to float32 rounding.
//
// tfjs has a fast product for two plain matrices only. Transposed operands and batches take a scalar loop about ten times slower, which also adds the
// bias once for every 48 terms of the inner sum. The gradient of a dense layer consists of transposed products. Here operands are transposed first,
// a copy that costs little beside the product, and batches are taken apart into plain matrices over the same memory.
//
// The fast product first packs its right operand, and keeps the packed copy while that tensor lives. For a weight, which lives for one step, packing
// takes longer than the product if the batch is small. Then  ab = (b'a')'  is cheaper, which packs the batch; each element is the same sum in the same
// order, so the bits do not depend on the choice.

import { broadcast_util, util } from '@tensorflow/tfjs';
import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { addressOf } from './heap-loops.ts';
import type { KernelCall, WasmKernel } from './wasm-heap.ts';
import { floatsOf, makeFloats, operand, release, transposed } from './wasm-heap.ts';

/** The product of `a` and `b`, each transposed in its last two axes if the attribute says so; `plain` is tfjs's kernel of the same name. */
export function matMulBy(plain: WasmKernel): WasmKernel {
  return (call) => {
    if (!isFloat32(call)) return plain(call);
    return packsLessMirrored(call) ? multiplyMirrored(plain, call) : multiplyStraight(plain, call);
  };
}

/** tfjs's kernels refuse all other types, in their own words. */
function isFloat32(call: KernelCall): boolean {
  return operand(call, 'a').dtype === 'float32' && operand(call, 'b').dtype === 'float32';
}

const SMALL_TO_PACK = 8192; // elements; below that a product is too quick for the choice to matter
const packed = new WeakSet<object>();

/** Whether the left operand is much smaller than the right one, and the right one was not packed for an earlier product. */
function packsLessMirrored({ backend, inputs, attrs }: KernelCall): boolean {
  const a = operand({ backend, inputs }, 'a');
  const b = operand({ backend, inputs }, 'b');
  if (inputs['bias'] || attrs['activation'] || matricesIn(a) > 1 || matricesIn(b) > 1) return false;
  const elements = util.sizeFromShape(b.shape);
  if (elements < SMALL_TO_PACK || 2 * util.sizeFromShape(a.shape) > elements) return false;
  const first = !packed.has(b.dataId);
  packed.add(b.dataId);
  return first;
}

/** (b'a')', for one matrix on each side. */
function multiplyMirrored(plain: WasmKernel, { backend, inputs, attrs }: KernelCall): TensorInfo {
  const a = operand({ backend, inputs }, 'a');
  const b = operand({ backend, inputs }, 'b');
  const mirrored = multiplyStraight(plain, {
    backend,
    inputs: { a: b, b: a },
    attrs: { transposeA: !attrs['transposeB'], transposeB: !attrs['transposeA'] },
  });
  const product = turned(backend, mirrored);
  release(backend, mirrored);
  return product;
}

function multiplyStraight(plain: WasmKernel, { backend, inputs, attrs }: KernelCall): TensorInfo {
  const a = operand({ backend, inputs }, 'a');
  const b = operand({ backend, inputs }, 'b');
  const left = attrs['transposeA'] ? turned(backend, a) : a;
  const right = attrs['transposeB'] ? turned(backend, b) : b;
  const product = multiply(plain, {
    backend,
    inputs: { ...inputs, a: left, b: right },
    attrs: { ...attrs, transposeA: false, transposeB: false },
  });
  if (left !== a) release(backend, left);
  if (right !== b) release(backend, right);
  return product;
}

/** `tensor` with its last two axes exchanged. */
function turned(backend: BackendWasm, tensor: TensorInfo): TensorInfo {
  const axes = tensor.shape.map((_, axis) => axis);
  const rank = axes.length;
  return transposed(backend, tensor, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

function multiply(plain: WasmKernel, call: KernelCall): TensorInfo {
  const batches = Math.max(matricesIn(operand(call, 'a')), matricesIn(operand(call, 'b')));
  // PReLU's weights may differ from matrix to matrix, so that a batch with them stays whole.
  return batches === 1 || call.inputs['preluActivationWeights']
    ? plain(call)
    : multiplyBatch(plain, call, batches);
}

function matricesIn(tensor: TensorInfo): number {
  return util.sizeFromShape(tensor.shape.slice(0, -2));
}

/** Multiplies matrix by matrix. Where one side has a single matrix, it meets every matrix of the other. */
function multiplyBatch(
  plain: WasmKernel,
  { backend, inputs, attrs }: KernelCall,
  batches: number,
): TensorInfo {
  const a = operand({ backend, inputs }, 'a');
  const b = operand({ backend, inputs }, 'b');
  const outer = broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const out = makeFloats(backend, [...outer, a.shape.at(-2) ?? 1, b.shape.at(-1) ?? 1]);
  const size = util.sizeFromShape(out.shape) / batches;
  for (let index = 0; index < batches; index++) {
    const left = matrixAt(backend, a, index);
    const right = matrixAt(backend, b, index);
    const product = plain({ backend, inputs: { ...inputs, a: left, b: right }, attrs });
    floatsOf(backend, out).set(floatsOf(backend, product), index * size);
    release(backend, product);
    forget(backend, left);
    forget(backend, right);
  }
  return out;
}

/** The matrix `index` of a batch (its last, if it has fewer) as a tensor over the same memory. End it with `forget`. */
function matrixAt(backend: BackendWasm, batch: TensorInfo, index: number): TensorInfo {
  const [rows = 1, columns = 1] = batch.shape.slice(-2);
  const at = Math.min(index, matricesIn(batch) - 1) * rows * columns;
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  return backend.makeOutput([1, rows, columns], 'float32', addressOf(backend, batch) + at * bytes);
}

/** Ends a tensor that lies in another's memory, and leaves the memory. */
function forget(backend: BackendWasm, tensor: TensorInfo): void {
  backend.wasm.tfjs.disposeData(backend.dataIdMap.get(tensor.dataId).id);
  backend.dataIdMap.delete(tensor.dataId);
}
