import { expect, test } from 'vitest';
import {
  findNonFinite,
  hashVector,
  isSameVector,
  toControlVector,
} from '../../../agent/core/control-vector.ts';

test('rates that differ in float64 and not in float32 are the same vector', () => {
  const a = toControlVector({ learningRate: 0.1 });
  const b = toControlVector({ learningRate: Math.fround(0.1) });
  expect(isSameVector(a, b)).toBe(true);
  expect(a.learningRate).toBe(Math.fround(0.1));
});

test('neighbouring float32 rates are different vectors', () => {
  const a = toControlVector({ learningRate: 0.1 });
  const b = toControlVector({ learningRate: 0.1 + 2 ** -27 });
  expect(isSameVector(a, b)).toBe(false);
});

test('a series of one value is the same vector as that value', () => {
  const series = toControlVector({ learningRate: Float64Array.of(0.5, 0.5, 0.5) });
  expect(series).toEqual({ learningRate: 0.5 });
  expect(isSameVector(series, toControlVector({ learningRate: 0.5 }))).toBe(true);
});

test('series are compared value by value and by length', () => {
  const series = toControlVector({ learningRate: Float64Array.of(1, 2) });
  const other = toControlVector({ learningRate: Float64Array.of(1, 3) });
  const longer = toControlVector({ learningRate: Float64Array.of(1, 2, 2) });
  expect(isSameVector(series, toControlVector({ learningRate: Float64Array.of(1, 2) }))).toBe(true);
  expect(isSameVector(series, other)).toBe(false);
  expect(isSameVector(series, longer)).toBe(false);
  expect(isSameVector(longer, series)).toBe(false);
});

test('a momentum that is moved differs from one that is left alone, and zero from minus zero', () => {
  const without = toControlVector({ learningRate: 0 });
  expect(isSameVector(without, toControlVector({ learningRate: 0, momentum: 0 }))).toBe(false);
  expect(isSameVector(without, toControlVector({ learningRate: -0 }))).toBe(false);
});

test('the first rate that nothing can be trained with is found', () => {
  expect(findNonFinite(0.1)).toBeUndefined();
  expect(findNonFinite(Number.NaN)).toEqual({ step: 0, value: Number.NaN });
  expect(findNonFinite(Float32Array.of(1, Number.POSITIVE_INFINITY))).toEqual({
    step: 1,
    value: Number.POSITIVE_INFINITY,
  });
  // Finite in float64 and too large for float32.
  expect(findNonFinite(toControlVector({ learningRate: 1e39 }).learningRate)).toBeDefined();
});

test('same vectors have the same hash, whatever the bits of what is not a number', () => {
  const momentum = 0.9;
  const [one, two, odd] = [
    [1, 2],
    [1, 2],
    [1, Number.NaN],
  ].map((values) => hashVector({ learningRate: Float32Array.from(values), momentum }));
  expect(one).toBe(two);
  const other = new Float32Array(Int32Array.of(0x3f800000, 0x7fa00001 | 0x80000000).buffer);
  expect(hashVector({ learningRate: other, momentum })).toBe(odd);
});

test('vectors that differ in one step, in their momentum or in a sign have different hashes', () => {
  const hashes = [
    ...Array.from({ length: 1000 }, (_, cut) => {
      const learningRate = new Float32Array(1000).fill(0.5, 0, cut).fill(0.25, cut);
      return hashVector({ learningRate });
    }),
    hashVector({ learningRate: 0.5 }),
    hashVector({ learningRate: 0.5, momentum: 0 }),
    hashVector({ learningRate: 0 }),
    hashVector({ learningRate: -0 }),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});
