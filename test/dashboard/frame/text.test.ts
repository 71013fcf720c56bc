import { expect, test } from 'vitest';
import { cut, fit, isCharacter, withoutLast, wrap } from '../../../src/dashboard/frame/text.ts';

test('text that fits stays as it is, and longer text ends in an ellipsis', () => {
  expect(cut('plateau', 7)).toBe('plateau');
  expect(cut('plateau', 6)).toBe('plate…');
  expect(cut('plateau', 0)).toBe('');
});

test('a wide character is not cut in half', () => {
  expect(cut('学習率', 4)).toBe('学…');
  expect(fit('学習率', 4)).toBe('学… ');
});

test('an emoji made of several counts as one character', () => {
  expect(isCharacter('👩‍👩‍👧‍👦')).toBe(true);
  expect(isCharacter('ab')).toBe(false);
  expect(isCharacter('')).toBe(false);
  expect(withoutLast('a👩‍👩‍👧‍👦')).toBe('a');
  expect(withoutLast('')).toBe('');
});

test('lines break at spaces, and a word that is too long breaks where it must', () => {
  expect(wrap('out of memory on gpu-0', 9)).toEqual(['out of', 'memory on', 'gpu-0']);
  expect(wrap('a abcdefghij', 4)).toEqual(['a', 'abcd', 'efgh', 'ij']);
});
