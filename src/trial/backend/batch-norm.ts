// The wasm kernel FusedBatchNorm, fast where statistics are one number for each channel.
// Promise: the same operations as tfjs's cpu kernel, each rounded to float32:  offset + (x - mean) * scale / sqrt(variance + eps).

import { util } from '@tensorflow/tfjs';
import type { ElementwiseLoop } from './elementwise-loop.ts';
import { add, div, mul, stream, sub } from './elementwise-loop.ts';
import { runRowLoop } from './row-loops.ts';
import type { KernelCall, WasmKernel } from './wasm-heap.ts';
import { floatsOf, makeFloats, operand, release } from './wasm-heap.ts';

const NORMALIZE: ElementwiseLoop = {
  name: 'normalize',
  streams: ['x', 'y', 'mean', 'root', 'scale', 'offset'],
  scalars: [],
  stores: {
    y: add(
      stream('offset'),
      div(mul(sub(stream('x'), stream('mean')), stream('scale')), stream('root')),
    ),
  },
};

/** Batch normalization of `x` by `mean` and `variance`, with `scale` and `offset` if given; statistics of other shapes go to `original`. */
export function batchNorm(original: WasmKernel): WasmKernel {
  return (call) => {
    const x = operand(call, 'x');
    const channels = x.shape.at(-1) ?? 1;
    const statistics = Object.entries(call.inputs).filter(([name, input]) => name !== 'x' && input);
    const perChannel = statistics.every(
      ([, { shape }]) => shape.length === 1 && shape[0] === channels,
    );
    return perChannel && x.dtype === 'float32' ? normalize(call, channels) : original(call);
  };
}

function normalize(call: KernelCall, channels: number): ReturnType<WasmKernel> {
  const { backend, inputs } = call;
  const x = operand(call, 'x');
  const y = makeFloats(backend, x.shape);
  const root = rootOf(call, channels);
  const scale = inputs['scale'] ? operand(call, 'scale') : filled(call, channels, 1);
  const offset = inputs['offset'] ? operand(call, 'offset') : filled(call, channels, 0);
  if (util.sizeFromShape(x.shape) > 0) {
    runRowLoop(
      backend,
      NORMALIZE,
      [x, y],
      [operand({ backend, inputs }, 'mean'), root, scale, offset],
      channels,
    );
  }
  const made = [root, scale, offset].filter(
    (row) => row !== inputs['scale'] && row !== inputs['offset'],
  );
  for (const row of made) release(backend, row);
  return y;
}

/** sqrt(variance + eps), rounded to float32 after each operation. */
function rootOf({ backend, inputs, attrs }: KernelCall, channels: number): ReturnType<WasmKernel> {
  const root = makeFloats(backend, [channels]);
  const epsilon = Math.fround(Number(attrs['varianceEpsilon']));
  const roots = floatsOf(backend, operand({ backend, inputs }, 'variance')).map((v) =>
    Math.sqrt(Math.fround(v + epsilon)),
  );
  floatsOf(backend, root).set(roots);
  return root;
}

function filled({ backend }: KernelCall, size: number, value: number): ReturnType<WasmKernel> {
  const row = makeFloats(backend, [size]);
  floatsOf(backend, row).fill(value);
  return row;
}
