// The known word that a misspelt one most likely meant.

import { expect, test } from 'vitest';

import { nearest } from '../../src/lr/nearest.ts';

const WORDS = ['patience', 'factor', 'min_lr', 'min_delta'];

test('a slip of a letter or two finds its word', () => {
  expect(nearest('patiense', WORDS)).toBe('patience');
  expect(nearest('MinLr', WORDS)).toBe('min_lr');
  expect(nearest('min_dleta', WORDS)).toBe('min_delta');
});

test('a word that is like none has no nearest', () => {
  expect(nearest('momentum', WORDS)).toBeUndefined();
  expect(nearest('x', [])).toBeUndefined();
});
