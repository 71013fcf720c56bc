// What options take, and what they refuse.

import { describe, expect, test } from 'vitest';
import { parseListen, seconds, wholeNumber } from '../../src/cli/options.ts';

describe('an address to listen on', () => {
  test.each([
    ['7700', '127.0.0.1', 7700],
    ['0.0.0.0:0', '0.0.0.0', 0],
    ['gpu-head:65535', 'gpu-head', 65_535],
    ['[::1]:7700', '::1', 7700],
  ])('%s', (text, host, port) => {
    expect(parseListen(text)).toEqual({ host, port });
  });

  test.each(['', ':7700', 'host', 'host:', 'host:port', '::1:7700', 'host:65536', '127.0.0.1:-1'])(
    'is not "%s"',
    (text) => {
      expect(() => parseListen(text)).toThrow('It must be HOST:PORT');
    },
  );
});

test('seconds are above 0 and what a timer can count', () => {
  expect([seconds('2'), seconds('0.5'), seconds('2000000')]).toEqual([2, 0.5, 2_000_000]);
  for (const text of ['', ' ', '0', '-1', '2s', 'NaN', 'Infinity', '2000001'])
    expect(() => seconds(text)).toThrow('number of seconds above 0');
});

test('a whole number is no fraction and not below the least', () => {
  expect(wholeNumber(1)('3')).toBe(3);
  for (const text of ['0', '1.5', 'one']) expect(() => wholeNumber(1)(text)).toThrow('at least 1');
});
