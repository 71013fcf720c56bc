// The generator against the known answers of Random123, and what its names promise.

import { describe, expect, test } from 'vitest';

import { philox4x32, rngFor } from '../../src/domain/random.ts';

/** `philox4x32 10` of Random123's kat_vectors: counter, key, answer. */
const KNOWN_ANSWERS: readonly (readonly [string, string, string])[] = [
  [
    '00000000 00000000 00000000 00000000',
    '00000000 00000000',
    '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
  ],
  [
    'ffffffff ffffffff ffffffff ffffffff',
    'ffffffff ffffffff',
    '408f276d 41c83b0e a20bc7c6 6d5451fd',
  ],
  [
    '243f6a88 85a308d3 13198a2e 03707344',
    'a4093822 299f31d0',
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  ],
];

describe('philox4x32', () => {
  test.each(KNOWN_ANSWERS)('counter %s under key %s gives %s', (counter, key, answer) => {
    const words = toWords(counter);
    const [key0 = 0, key1 = 0] = toWords(key);
    philox4x32(words, key0, key1);
    expect(words).toEqual(toWords(answer));
  });
});

describe('rngFor', () => {
  test('gives the same stream for the same name', () => {
    expect(take(50, rngFor(7, 'shuffle', 3))).toEqual(take(50, rngFor(7, 'shuffle', 3)));
  });

  test('gives this stream today and on every machine', () => {
    expect(take(3, rngFor(1, 'shuffle', 0))).toMatchInlineSnapshot(`
      [
        0.4495833574761846,
        0.7580210277560359,
        0.5116028722221265,
      ]
    `);
  });

  test('gives different streams to names that differ in seed, part, type or order', () => {
    const names = [
      rngFor(1),
      rngFor(2),
      rngFor(-1),
      rngFor(0.5),
      rngFor(2 ** 40),
      rngFor(1, 'a'),
      rngFor(1, 'b'),
      rngFor(1, 1),
      rngFor(1, '1'),
      rngFor(1, 'a', 'b'),
      rngFor(1, 'b', 'a'),
      rngFor(1, 'ab'),
      rngFor(1, '', 'ab'),
    ];
    expect(new Set(names.map((random) => random())).size).toBe(names.length);
  });

  test('takes minus zero for zero', () => {
    expect(rngFor(-0, 'x')()).toBe(rngFor(0, 'x')());
  });

  test('is uniform in [0, 1): 16 equal bins of 160,000 draws pass a chi-square test', () => {
    const random = rngFor(42, 'uniform');
    const bins = Array.from({ length: 16 }, () => 0);
    for (const value of take(160_000, random)) bins[Math.floor(value * 16)]! += 1;
    expect(bins).toHaveLength(16);
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(37.7); // 0.1 % of uniform samples exceed it, at 15 degrees of freedom
  });

  test('is uncorrelated from draw to draw and between neighbouring seeds', () => {
    const one = take(20_000, rngFor(1, 'shuffle', 0));
    const two = take(20_000, rngFor(2, 'shuffle', 0));
    expect(Math.abs(correlation(one, two))).toBeLessThan(0.03);
    expect(Math.abs(correlation(one.slice(1), one.slice(0, -1)))).toBeLessThan(0.03);
  });
});

function toWords(text: string): Uint32Array {
  return Uint32Array.from(text.split(' '), (word) => Number.parseInt(word, 16));
}

function take(count: number, random: () => number): number[] {
  return Array.from({ length: count }, random);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  return (
    a.reduce((sum, value, at) => sum + (value - 0.5) * ((b[at] ?? 0) - 0.5), 0) /
    a.length /
    (1 / 12)
  );
}
