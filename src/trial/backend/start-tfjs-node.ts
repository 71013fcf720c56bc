// The backend of tfjs-node and tfjs-node-gpu: TensorFlow's C library.
// Promise: no more than an attempt: the packages are optional, their native part may be missing, and every throw means that they are not there.

import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { use } from './use-backend.ts';

const require = createRequire(import.meta.url);

const PACKAGES = {
  'tfjs-node-gpu': () => require('@tensorflow/tfjs-node-gpu'),
  'tfjs-node': () => require('@tensorflow/tfjs-node'),
} as const;

/** Loads the package, makes its backend the current one, and says on what it computes. */
export async function startTfjsNode(name: keyof typeof PACKAGES): Promise<string> {
  restoreUtil();
  PACKAGES[name]();
  await use('tensorflow');
  const isGpu = Reflect.get(tf.backend(), 'isUsingGpuDevice') === true;
  const threads = process.env['TF_NUM_INTRAOP_THREADS'] ?? `auto-${availableParallelism()}`;
  const oneDnn = process.env['TF_ENABLE_ONEDNN_OPTS'] ?? 'auto';
  return `tensorflow=${libraryVersion()} threads=${threads} onednn=${oneDnn} device=${isGpu ? 'gpu' : processor()}`;
}

/** The processor as one word: TensorFlow picks its kernels, and so the bits, by what it can do. */
function processor(): string {
  return `cpu/${(cpus()[0]?.model ?? process.arch).trim().replaceAll(/\s+/g, '-')}`;
}

/** tfjs-node 4.22 calls functions of Node's util that Node 23 dropped. */
function restoreUtil(): void {
  const missing = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  for (const [name, replacement] of Object.entries(missing)) {
    if (!Reflect.has(util, name)) Reflect.set(util, name, replacement);
  }
}

function libraryVersion(): string {
  const binding: unknown = Reflect.get(tf.backend(), 'binding');
  const version: unknown =
    typeof binding === 'object' && binding ? Reflect.get(binding, 'TF_Version') : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
