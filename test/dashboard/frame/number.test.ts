import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatBytes,
  formatDelivered,
  formatCount,
  formatDuration,
  formatRate,
  formatShare,
  formatValue,
} from '../../../src/dashboard/frame/number.ts';

const SEED = 7;

test('values have four significant digits', () => {
  expect([0.081_234, 2.31, 12.345, 0, -0.5].map(formatValue)).toEqual([
    '0.08123',
    '2.310',
    '12.35',
    '0',
    '-0.5000',
  ]);
});

test('very small and large values have an exponent', () => {
  expect([1.234e-5, 1e-300, 123_456, 1_234_567].map(formatValue)).toEqual([
    '1.23e-5',
    '1e-300',
    '123456',
    '1.23e6',
  ]);
});

test('what is not a finite number says so', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(formatValue)).toEqual(
    ['NaN', '∞', '-∞'],
  );
});

test(`values take at most ten columns and rates nine, and both are right in three digits (seed ${SEED})`, () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
      expect(formatValue(value).length).toBeLessThanOrEqual(10);
      expect(formatRate(Math.abs(value)).length).toBeLessThanOrEqual(9);
      const error = Math.abs(Number(formatRate(value)) - value);
      expect(error).toBeLessThanOrEqual(Math.abs(value) * 5.1e-3);
    }),
    { seed: SEED },
  );
});

test('rates have no zeros to look past', () => {
  expect([0.1, 0.0125, 3.162e-4, 1e-6, 0].map(formatRate)).toEqual([
    '0.1',
    '0.0125',
    '3.16e-4',
    '1e-6',
    '0',
  ]);
});

test('a hundred per cent is everything and nothing less', () => {
  expect([0, 0.339, 0.9999, 1].map(formatShare)).toEqual(['0 %', '33 %', '99 %', '100 %']);
});

test('counts and durations read as people say them', () => {
  expect([999, 1000, 1_234_567].map(formatCount)).toEqual(['999', '1,000', '1,234,567']);
  expect([-5, 59_400, 134_000, 3_780_000, 200_000_000].map(formatDuration)).toEqual([
    '0 s',
    '59 s',
    '2 min 14 s',
    '1 h 3 min',
    '2 d 7 h',
  ]);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [48_260_000, '48.3 MB'],
  [482_600_000, '482 MB'],
  [999_999, '999 kB'],
  [1.5e15, '1500 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('epochs delivered and trained are told apart where they differ, and the ratio where it shows', () => {
  expect(formatDelivered(472, 660, 190)).toBe('472 of 660 delivered, 190 trained (2.5× fewer)');
  expect(formatDelivered(472, 660, 472)).toBe('472 of 660');
  expect(formatDelivered(1000, 1000, 990)).toBe('1,000 of 1,000 delivered, 990 trained');
  expect(formatDelivered(0, 660, 0)).toBe('0 of 660');
  expect(formatDelivered(4, 660, 0)).toBe('4 of 660 delivered, 0 trained');
});
