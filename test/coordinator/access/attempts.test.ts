// How often one address may try to join.

import { expect, test } from 'vitest';
import { Attempts } from '../../../coordinator/access/attempts.ts';

function takeMany(attempts: Attempts, address: string, count: number, monoMs: number): number {
  return Array.from({ length: count }, () => attempts.take(address, monoMs)).filter(Boolean).length;
}

test('one address has 120 attempts at once, then one a second, and no other is hindered', () => {
  const attempts = new Attempts(120, 1_000);
  expect(takeMany(attempts, 'a', 1000, 0)).toBe(120);
  expect(takeMany(attempts, 'b', 1, 0)).toBe(1);
  expect(takeMany(attempts, 'a', 10, 3_000)).toBe(3);
  expect(takeMany(attempts, 'a', 1000, 1_000_000)).toBe(120);
});

test('who tries goes on being known while a thousand others come', () => {
  const attempts = new Attempts(120, 1_000);
  expect(takeMany(attempts, 'a', 200, 0)).toBe(120);
  for (let i = 0; i < 5_000; i += 1) {
    attempts.take(`other-${i}`, 0);
    if (i % 500 === 0) expect(attempts.take('a', 0)).toBe(false);
  }
});
