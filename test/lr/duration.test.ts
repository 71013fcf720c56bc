// Lengths of training as people write them.

import { describe, expect, test } from 'vitest';

import { parseDuration, toSteps } from '../../src/lr/duration.ts';

describe('a duration', () => {
  test.each<[unknown, 'epochs' | 'steps', unknown]>([
    ['2 epochs', 'steps', { unit: 'epochs', count: 2 }],
    ['1 epoch', 'steps', { unit: 'epochs', count: 1 }],
    ['0.5 epochs', 'steps', { unit: 'epochs', count: 0.5 }],
    ['500 steps', 'epochs', { unit: 'steps', count: 500 }],
    ['1 step', 'epochs', { unit: 'steps', count: 1 }],
    [' 1e3steps ', 'epochs', { unit: 'steps', count: 1000 }],
    [7, 'epochs', { unit: 'epochs', count: 7 }],
    ['7', 'steps', { unit: 'steps', count: 7 }],
    [0, 'steps', { unit: 'steps', count: 0 }],
  ])('%j, bare %s', (written, bare, expected) => {
    expect(parseDuration(written, bare)).toEqual(expected);
  });

  test.each([
    -1,
    '-1 steps',
    Number.NaN,
    Infinity,
    '',
    'epochs',
    '2 weeks',
    '2 epochs 3',
    '1e999',
    null,
    true,
    {},
    [2],
  ])('%j is none', (written) => {
    expect(parseDuration(written, 'steps')).toBeUndefined();
  });
});

describe('the steps of a duration', () => {
  test('are epochs times the steps of one', () => {
    expect(toSteps('2.5 epochs', 'steps', 25)).toBe(62.5);
    expect(toSteps(3, 'epochs', 25)).toBe(75);
    expect(toSteps('3 steps', 'epochs', 25)).toBe(3);
  });

  test('are never infinite, so that a state is plain JSON', () => {
    expect(toSteps('1e308 epochs', 'steps', 100)).toBe(Number.MAX_VALUE);
  });

  test('are whole where only rounding says otherwise', () => {
    expect(1.15 * 100).not.toBe(115);
    expect(toSteps('1.15 epochs', 'steps', 100)).toBe(115);
  });
});
