// The choice of a backend, on a machine that has at least wasm and cpu.

import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { assertComputes } from '../../../src/trial/backend/assert-computes.ts';
import { parseBackendName, selectBackend } from '../../../src/trial/backend/select-backend.ts';

test('the first backend that works is started and named with what decides its bits', async () => {
  const wasm = await selectBackend(['wasm', 'cpu']);
  expect(wasm).toEqual({
    name: 'wasm',
    numerics: `backend=wasm tfjs=${tf.version.tfjs} threads=1 device=wasm-simd/${process.arch}`,
  });
  expect(tf.getBackend()).toBe('wasm');
  const cpu = await selectBackend(['cpu', 'wasm']);
  expect(cpu.numerics).toBe(`backend=cpu tfjs=${tf.version.tfjs} threads=1 device=javascript`);
  expect(tf.getBackend()).toBe('cpu');
});

test('a backend that fails its check is passed over for the next', async () => {
  const original = tf.getKernel('BatchMatMul', 'cpu');
  tf.unregisterKernel('BatchMatMul', 'cpu');
  try {
    expect((await selectBackend(['cpu', 'wasm'])).name).toBe('wasm');
  } finally {
    tf.registerKernel(original);
  }
});

test('a name that is none is refused with the names that are', async () => {
  await expect(selectBackend(['wasm', 'cuda'])).rejects.toMatchObject({
    code: 'invalid',
    message: "there is no backend 'cuda': use one of tfjs-node-gpu, tfjs-node, webgpu, wasm, cpu",
  });
  expect(parseBackendName('wasm')).toBe('wasm');
});

test('a list of which nothing works is refused with each reason', async () => {
  const original = tf.getKernel('BatchMatMul', 'cpu');
  tf.unregisterKernel('BatchMatMul', 'cpu');
  try {
    await expect(selectBackend(['cpu'])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /none of the backends asked for works here:\n {2}cpu: .*BatchMatMul.*\nInstall/,
      ),
    });
  } finally {
    tf.registerKernel(original);
  }
});

test('the check catches a backend that computes something else', async () => {
  await tf.setBackend('cpu');
  const original = tf.getKernel('BatchMatMul', 'cpu');
  tf.unregisterKernel('BatchMatMul', 'cpu');
  tf.registerKernel({
    ...original,
    kernelFunc: (call) => {
      const product = original.kernelFunc(call) as tf.TensorInfo;
      const { data } = call.backend as { data: Map<object, { values: Float32Array }> };
      data.get(product.dataId)!.values.fill(0);
      return product;
    },
  });
  try {
    await expect(assertComputes()).rejects.toThrow(
      'a product of matrices came out as 0, 0, 0, 0, not 19, 22, 43, 50',
    );
  } finally {
    tf.unregisterKernel('BatchMatMul', 'cpu');
    tf.registerKernel(original);
  }
});
