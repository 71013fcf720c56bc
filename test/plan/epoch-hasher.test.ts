// Control vectors as numbers: equal exactly if training with them is.

import { expect, test } from 'vitest';

import type { Controls, Strategy } from '../../src/lr/strategy.ts';
import { EpochHasher } from '../../src/plan/epoch-hasher.ts';

const PLENTY = 10_000_000;

/** The number of an epoch of `count` steps with these controls. */
function hash(controls: Controls, count: number): number {
  const strategy: Strategy<null> = {
    start: () => null,
    controls: (_, from, steps) =>
      typeof controls.learningRate === 'number'
        ? controls
        : { ...controls, learningRate: controls.learningRate.slice(from, from + steps) },
    observe: (state) => state,
  };
  return new EpochHasher(count, PLENTY).hash(strategy, null, 0);
}

function hashOf(...values: readonly number[]): number {
  return hash({ learningRate: Float64Array.from(values) }, values.length);
}

test('one value for all steps is the same as that value at every step', () => {
  expect(hash({ learningRate: 0.1 }, 4)).toBe(hashOf(0.1, 0.1, 0.1, 0.1));
});

test('values that are equal as float32 are the same, also within an epoch', () => {
  expect(hashOf(0.1, 0.1 + 1e-12, Math.fround(0.1))).toBe(hash({ learningRate: 0.1 }, 3));
  expect(hashOf(0.1, 0.1)).not.toBe(hashOf(0.1, 0.1 + 1e-7));
});

test('the same values for other numbers of steps are another vector', () => {
  const all = [hashOf(1, 1, 1, 2), hashOf(1, 1, 2, 2), hashOf(1, 2, 2, 2), hashOf(2, 2, 2, 1)];
  expect(new Set(all).size).toBe(4);
});

test('momentum counts, and none is not the same as a momentum of zero', () => {
  const momenta = [{}, { momentum: 0 }, { momentum: 0.9 }];
  expect(new Set(momenta.map((momentum) => hash({ learningRate: 1, ...momentum }, 3))).size).toBe(
    3,
  );
});

test('epochs of more steps than are held at once are compared to their end', () => {
  const values = new Float64Array(150_000).fill(0.1);
  expect(hash({ learningRate: values }, 150_000)).toBe(hash({ learningRate: 0.1 }, 150_000));
  values[149_999] = 0.2;
  expect(hash({ learningRate: values }, 150_000)).not.toBe(hash({ learningRate: 0.1 }, 150_000));
});

test('a hundred thousand vectors have a hundred thousand numbers', () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => hashOf(i / 1000, 0.1, (i % 7) / 8));
  const vectors = Array.from({ length: 100_000 }, (_, i) => Math.fround(i / 1000));
  expect(new Set(numbers).size).toBe(new Set(vectors).size);
});

test('what has been done is known: whether values moved, and whether there is work left', () => {
  const hasher = new EpochHasher(10, 30);
  const rising: Strategy<null> = {
    start: () => null,
    controls: (_, from, count) => ({
      learningRate: from === 0 ? 1 : Float64Array.from({ length: count }, (_step, i) => i),
    }),
    observe: (state) => state,
  };
  hasher.hash(rising, null, 0);
  expect(hasher).toMatchObject({ isStill: true, hasMoved: false, isExhausted: false });
  hasher.hash(rising, null, 1);
  expect(hasher).toMatchObject({ isStill: false, hasMoved: true, isExhausted: true });
});
