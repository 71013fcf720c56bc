// Starting one backend of tfjs under Node, whatever it takes.
// Promise: it either is tfjs's current backend afterwards and has computed a product and a gradient correctly, or the call throws and says why.

import * as tf from '@tensorflow/tfjs';
import { assertComputes } from './assert-computes.ts';
import type { BackendName, SelectedBackend } from './select-backend.ts';
import { startTfjsNode } from './start-tfjs-node.ts';
import { startWebgpu } from './start-webgpu.ts';
import { use } from './use-backend.ts';

/** Starts a backend and says on what it computes, as `key=value` words. */
const STARTERS: Readonly<Record<BackendName, (allowSoftware: boolean) => Promise<string>>> = {
  'tfjs-node-gpu': () => startTfjsNode('tfjs-node-gpu'),
  'tfjs-node': () => startTfjsNode('tfjs-node'),
  webgpu: startWebgpu,
  wasm: startWasm,
  cpu: startCpu,
};

/** Starts the backend `name`; `allowSoftware` accepts a WebGPU adapter without a graphics card. Throws anything where it is not to be had. */
export async function startBackend(
  name: BackendName,
  allowSoftware: boolean,
): Promise<SelectedBackend> {
  const device = await STARTERS[name](allowSoftware);
  await assertComputes();
  return { name, numerics: `backend=${name} tfjs=${tf.version.tfjs} ${device}` };
}

async function startWasm(): Promise<string> {
  const { registerTrainingKernels } = await import('./register-training-kernels.ts');
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  registerTrainingKernels();
  await use('wasm');
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  // XNNPACK looks at the processor below WebAssembly when it picks its kernels.
  return `threads=${getThreadsCount()} device=wasm${simd === true ? '-simd' : ''}/${process.arch}`;
}

async function startCpu(): Promise<string> {
  await use('cpu');
  Reflect.set(tf.backend(), 'firstUse', false); // else it advertises tfjs-node at its first operation
  return 'threads=1 device=javascript';
}
