// Formulas compiled to WebAssembly, run on a memory of their own.

import { describe, expect, test } from 'vitest';
import type { ElementwiseLoop } from '../../../src/trial/backend/elementwise-loop.ts';
import {
  abs,
  add,
  div,
  max,
  mul,
  scalar,
  sqrt,
  stream,
  sub,
  toFunction,
} from '../../../src/trial/backend/elementwise-loop.ts';
import { toModule, unsigned } from '../../../src/trial/backend/wasm-bytes.ts';

type Runtime = {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Record<string, (...operands: number[]) => void> };
};

const { Memory, Module, Instance } = Reflect.get(globalThis, 'WebAssembly') as Runtime;

const LOOP: ElementwiseLoop = {
  name: 'loop',
  streams: ['a', 'b', 'out'],
  scalars: ['k'],
  stores: {
    out: add(
      max(div(stream('a'), scalar('k')), abs(stream('b'))),
      sqrt(mul(stream('a'), stream('a'))),
    ),
    a: sub(stream('a'), stream('b')),
  },
};

function expected(a: number, b: number, k: number): readonly [number, number] {
  const f = Math.fround;
  return [f(Math.max(f(a / f(k)), Math.abs(b)) + f(Math.sqrt(f(a * a)))), f(a - b)];
}

describe('a compiled loop', () => {
  const memory = new Memory({ initial: 1 });
  const instance = new Instance(new Module(toModule([toFunction(LOOP)])), { host: { memory } });
  const floats = new Float32Array(memory.buffer);

  test.each([0, 1, 3, 4, 5, 8, 11])(
    'computes %i elements, each operation rounded to float32, and no more',
    (count) => {
      floats.fill(7);
      for (let i = 0; i < count; i++) floats.set([Math.sin(i * i + 1), 0], i);
      for (let i = 0; i < count; i++) floats[100 + i] = Math.cos(3 * i);
      const [a, b] = [floats.slice(0, count), floats.slice(100, 100 + count)];
      floats[count] = 7;
      instance.exports['loop']!(0, 400, 800, 0.3, count);
      const results = Array.from(a, (value, i) => expected(value, b[i]!, 0.3));
      expect(Array.from(floats.slice(200, 200 + count))).toEqual(results.map(([out]) => out));
      expect(Array.from(floats.slice(0, count))).toEqual(
        results.map(([, difference]) => difference),
      );
      expect([floats[count], floats[200 + count]]).toEqual([7, 7]);
    },
  );
});

test('numbers are written in LEB128', () => {
  expect([0, 127, 128, 624_485].map((value) => unsigned(value))).toEqual([
    [0],
    [127],
    [128, 1],
    [0xe5, 0x8e, 0x26],
  ]);
});
