// The kernels and optimizer steps that make tfjs's wasm backend able to train every layer, and fast.
// Promise: registered once for a process; other backends are not touched. The backend's own files are found in its package, wherever that is installed.
//
// Missing in tfjs 4.22: the gradients of convolutions by their filter and of depthwise convolutions, and the sum over segments that embeddings need.
// Slow in it: products with a transposed operand, biases and their gradients, batch normalization, the gradients of max pooling and of a convolution by
// its input, rows of a table, cutting a batch out of a data set, and optimizers, which run a dozen kernels for each weight.

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { batchNorm } from './batch-norm.ts';
import { broadcastRows } from './broadcast-rows.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { depthwiseBackpropFilter } from './depthwise-backprop-filter.ts';
import { depthwiseBackpropInput } from './depthwise-backprop-input.ts';
import { fuseOptimizers } from './fused-optimizers.ts';
import { gather } from './gather.ts';
import { matMulBy } from './mat-mul.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { reduceRows } from './reduce-rows.ts';
import { slice } from './slice.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';
import type { WasmKernel } from './wasm-heap.ts';
import { fromKernelFunc, toKernelFunc } from './wasm-heap.ts';

const MISSING: Readonly<Record<string, WasmKernel>> = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
  UnsortedSegmentSum: unsortedSegmentSum,
};

/** Kernels of ours for kernels of tfjs that are there but slow, made from the one they replace. */
const FASTER: Readonly<Record<string, (original: WasmKernel) => WasmKernel>> = {
  Add: (original) => broadcastRows('Add', original),
  Sub: (original) => broadcastRows('Sub', original),
  Multiply: (original) => broadcastRows('Multiply', original),
  RealDiv: (original) => broadcastRows('RealDiv', original),
  Sum: (original) => reduceRows('sum', original),
  Mean: (original) => reduceRows('mean', original),
  FusedBatchNorm: batchNorm,
  BatchMatMul: matMulBy,
  _FusedMatMul: matMulBy,
  Conv2DBackpropInput: () => conv2dBackpropInput,
  MaxPoolGrad: () => maxPoolGrad,
  Slice: (original) => unlessStrings(slice, original),
  GatherV2: (original) => unlessStrings(gather, original),
};

/** `kernel`, but for tensors of strings, which lie outside the heap, `original`. */
function unlessStrings(kernel: WasmKernel, original: WasmKernel): WasmKernel {
  return (call) => (call.inputs['x']?.dtype === 'string' ? original(call) : kernel(call));
}

let registered = false;

/** Registers the training kernels for the backend `wasm` and fuses the optimizers on it. Call it before `setBackend('wasm')`; further calls do nothing. */
export function registerTrainingKernels(): void {
  if (registered) return;
  registered = true;
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(entry)}/`);
  for (const [kernelName, kernel] of Object.entries(MISSING)) {
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: toKernelFunc(kernel) });
  }
  for (const [kernelName, make] of Object.entries(FASTER)) replace(kernelName, make);
  fuseOptimizers();
}

function replace(kernelName: string, make: (original: WasmKernel) => WasmKernel): void {
  const original = getKernel(kernelName, 'wasm');
  unregisterKernel(kernelName, 'wasm');
  registerKernel({
    ...original,
    kernelFunc: toKernelFunc(make(fromKernelFunc(original.kernelFunc))),
  });
}
