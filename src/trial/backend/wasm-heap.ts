// A typed view of the tfjs wasm backend for kernels written in TypeScript.
// Promise: what a kernel writes through these views lands in the tensor itself, without a copy, and temporaries are released.
//
// A heap view dies when the heap grows, and making an output may grow it: make every output first, take the views last.

import type { Attribute, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import { getKernel } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** What tfjs hands to a kernel: inputs by name, attributes by name. */
export type KernelCall = {
  readonly backend: BackendWasm;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
};

/** A kernel of ours: one output for one call. */
export type WasmKernel = (call: KernelCall) => TensorInfo;

/** The input `name`, which the op of a kernel always passes. If it still lies on another backend it moves here, before any view is taken. */
export function operand({ backend, inputs }: Omit<KernelCall, 'attrs'>, name: string): TensorInfo {
  const tensor = inputs[name];
  if (!tensor) throw new Error(`a kernel was called without its input '${name}'`);
  backend.dataIdMap.get(tensor.dataId);
  return tensor;
}

/** `kernel` in the shape that `registerKernel` takes. */
export function toKernelFunc(kernel: WasmKernel): KernelFunc {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tfjs types kernels loosely and leaves the narrowing to them
  return kernel as unknown as KernelFunc;
}

/** A kernel of tfjs with one output in the shape of ours. */
export function fromKernelFunc(kernel: KernelFunc): WasmKernel {
  return ({ backend, inputs, attrs }) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tfjs's own attributes, or ours in their place
    const output = kernel({ backend, inputs, attrs: attrs as Record<string, Attribute> });
    if (Array.isArray(output)) throw new Error('a kernel with one output gave several');
    return output;
  };
}

/** A new float32 tensor of `shape`; its contents are whatever the heap held. */
export function makeFloats(backend: BackendWasm, shape: readonly number[]): TensorInfo {
  return backend.makeOutput([...shape], 'float32');
}

/** The live elements of a float32 tensor. Valid until the next allocation on the heap. */
export function floatsOf(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what that gives for float32
  return backend.typedArrayFromHeap(tensor) as Float32Array;
}

/** The live elements of an int32 tensor. Valid until the next allocation on the heap. */
export function integersOf(backend: BackendWasm, tensor: TensorInfo): Int32Array {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what that gives for int32
  return backend.typedArrayFromHeap(tensor) as Int32Array;
}

/** `tensor` under another shape of the same size: the same data, nothing to release. */
export function viewAs(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
}

/** Releases a temporary. */
export function release(backend: BackendWasm, tensor: TensorInfo): void {
  backend.disposeData(tensor.dataId);
}

/** Runs another kernel of the wasm backend, below the tape. */
export function runWasmKernel(
  name: string,
  backend: BackendWasm,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: Readonly<Record<string, unknown>>,
): TensorInfo {
  return fromKernelFunc(getKernel(name, 'wasm').kernelFunc)({ backend, inputs, attrs });
}

/** `tensor` with its axes in the order `perm`, as a new tensor. */
export function transposed(
  backend: BackendWasm,
  tensor: TensorInfo,
  perm: readonly number[],
): TensorInfo {
  return runWasmKernel('Transpose', backend, { x: tensor }, { perm: [...perm] });
}
