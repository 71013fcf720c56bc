// What may not reach a terminal, and what must.

import { describe, expect, test } from 'vitest';
import { toPlainLine, toPlainLines, toPlainPlaces } from '../../src/domain/plain-text.ts';

const ESC = '\u001B';
const HOSTILE = [
  ['a link', `${ESC}]8;;http://x\u0007link${ESC}]8;;\u0007`, 'link'],
  ['a title that ends with ESC \\', `${ESC}]0;owned${ESC}\\text`, 'text'],
  ['a title of one byte each', '\u009D0;owned\u009Ctext', 'text'],
  ['colours', `${ESC}[31;1mred${ESC}[0m`, 'red'],
  ['colours of one byte', '\u009B31mred', 'red'],
  ['a reset', `${ESC}c${ESC}(Btext`, 'text'],
  ['a control string without an end', `${ESC}]0;text`, '0;text'],
  ['invisible formatting', 'safe\u202Etxt.exe', 'safetxt.exe'],
  ['half a character', 'a\uD800b', 'ab'],
  ['bells and carriage returns', 'a\u0007b\u0000c\u007F', 'abc'],
] as const;

describe('a line', () => {
  test.each(HOSTILE)('loses %s', (_, text, plain) => {
    expect(toPlainLine(text)).toBe(plain);
  });

  test('has one space for any white space, and letters of any script', () => {
    expect(toPlainLine('a\n\t\u2028b  c\r\n')).toBe('a b c ');
    expect(toPlainLine('学習率 é')).toBe('学習率 é');
  });
});

describe('several lines', () => {
  test.each(HOSTILE)('lose %s', (_, text, plain) => {
    expect(toPlainLines(text)).toBe(plain);
  });

  test('keep line feeds, tabs and every space', () => {
    expect(toPlainLines('  a\tb\r\n   ^\n')).toBe('  a\tb\n   ^\n');
  });
});

describe('a line whose places are kept', () => {
  test('has as many characters as the text', () => {
    expect(toPlainPlaces(`a\t${ESC}[0\nb\u202E`)).toBe('a \u{FFFD}[0 b\u{FFFD}');
  });

  test('is cut where it is too long', () => {
    expect(toPlainPlaces('a'.repeat(10), 5)).toBe('aaaa…');
    expect(toPlainPlaces('a'.repeat(5), 5)).toBe('aaaaa');
  });
});
