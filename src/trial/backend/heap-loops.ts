// Elementwise loops, run on the heap of the wasm backend.
// Promise: a loop is compiled once for each backend and then works on the tensors' own memory, without a copy.

import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { ElementwiseLoop } from './elementwise-loop.ts';
import { toFunction } from './elementwise-loop.ts';
import { toModule } from './wasm-bytes.ts';

/** A compiled loop: addresses in bytes, then scalars, then the number of elements. */
export type LoopFunction = (...operands: number[]) => void;

const compiled = new WeakMap<BackendWasm, Map<ElementwiseLoop, LoopFunction>>();

/** Runs `loop` over the first `count` elements of float32 tensors, in the order of its streams, with numbers in the order of its scalars. */
export function runLoop(
  backend: BackendWasm,
  loop: ElementwiseLoop,
  tensors: readonly TensorInfo[],
  scalars: readonly number[],
  count: number,
): void {
  const addresses = tensors.map((tensor) => addressOf(backend, tensor));
  loopOn(backend, loop)(...addresses, ...scalars, count);
}

/** Where a tensor lies in the heap, in bytes; it stays there when the heap grows. Looking it up may move the tensor here from another backend. */
export function addressOf(backend: BackendWasm, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** `loop` as a function of the address of each stream, each scalar and the number of elements. */
export function loopOn(backend: BackendWasm, loop: ElementwiseLoop): LoopFunction {
  const known = compiled.get(backend) ?? new Map<ElementwiseLoop, LoopFunction>();
  compiled.set(backend, known);
  const run = known.get(loop) ?? compile(backend, loop);
  known.set(loop, run);
  return run;
}

function compile(backend: BackendWasm, loop: ElementwiseLoop): LoopFunction {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the global that every Node has
  const { Module, Instance } = Reflect.get(globalThis, 'WebAssembly') as WasmRuntime;
  const module = new Module(toModule([toFunction(loop)]));
  const instance = new Instance(module, { host: { memory: memoryOf(backend) } });
  return instance.exports[loop.name]!;
}

/** As much of the global WebAssembly as is used here; Node's types leave it out. */
type WasmRuntime = {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, LoopFunction>> };
};

/** The memory that holds the backend's heap; Emscripten keeps it among the module's exports, which tfjs does not type. */
function memoryOf(backend: BackendWasm): object {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a field of the Emscripten module
  const { asm } = backend.wasm as unknown as { readonly asm: { readonly memory: object } };
  return asm.memory;
}
