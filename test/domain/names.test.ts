import { expect, test } from 'vitest';
import { isInnerPath, isSha256 } from '../../src/domain/names.ts';

test.each(['digits.csv.gz', 'data/a b.txt', '.hidden/x', 'a..b/c'])(
  '%s stays in its folder',
  (path) => {
    expect(isInnerPath(path)).toBe(true);
  },
);

test.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../../x',
  'a/..',
  './a',
  'a//b',
  'a/',
  'C:/x',
  'a\\..\\b',
  'a\0b',
])('%j is refused', (path) => {
  expect(isInnerPath(path)).toBe(false);
});

test('only 64 lower-case hexadecimal digits are a hash', () => {
  expect(isSha256('0'.repeat(64))).toBe(true);
  expect(isSha256('A'.repeat(64))).toBe(false);
  expect(isSha256(`${'0'.repeat(64)}\n`)).toBe(false);
  expect(isSha256('../../../etc/passwd')).toBe(false);
});
