import { expect, test } from 'vitest';
import {
  cutLine,
  inTone,
  justify,
  lineWidth,
  span,
  toAnsi,
} from '../../../src/dashboard/frame/line.ts';

test('without colours there are no codes at all', () => {
  expect(toAnsi([span('a', 'bad'), span('b', 'strong')], 'none')).toBe('ab');
});

test('every tone is closed before the next begins', () => {
  expect(toAnsi([span('a', 'bad'), span('b')], '16')).toBe('\u001B[31ma\u001B[0mb');
  expect(toAnsi([span('a', 'bad')], 'true')).toBe('\u001B[38;2;232;65;63ma\u001B[0m');
});

test('no control character leaves, even if a span holds one', () => {
  expect(toAnsi([span('a\u001B[2J\u0007\nb')], '16')).toBe('a[2Jb');
});

test('a line is cut at the span that no longer fits', () => {
  const line = [span('abc'), span('defg'), span('h')];
  expect(toAnsi(cutLine(line, 8), 'none')).toBe('abcdefgh');
  expect(toAnsi(cutLine(line, 7), 'none')).toBe('abcdef…');
  expect(toAnsi(cutLine(line, 3), 'none')).toBe('ab…');
  expect(toAnsi(cutLine(line, 0), 'none')).toBe('');
});

test('the left side gives way to the right one', () => {
  expect(toAnsi(justify([span('left side')], [span('right')], 12), 'none')).toBe('left … right');
  expect(lineWidth(justify([span('l')], [span('right')], 30))).toBe(30);
});

test('a row in one tone fills the width', () => {
  expect(inTone([span('ab', 'bad')], 'chosen', 5)).toEqual([span('ab   ', 'chosen')]);
});
