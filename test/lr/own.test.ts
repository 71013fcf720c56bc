// Strategies of one's own: defined once, used alone or in a sweep.

import { describe, expect, test } from 'vitest';
import { defineStrategy, isOwn, isOwnStrategy } from '../../src/lr/own.ts';
import { openLoop, toStretch } from '../../src/lr/stretch.ts';

const line = defineStrategy({
  about: 'Rises by `slope` every step.',
  fields: {
    lr: { type: { kind: 'number', above: 0 }, about: 'Learning rate of the first step.' },
    slope: { type: { kind: 'number', least: 0 }, default: 1, about: 'What a step adds.' },
  },
  rules: ({ lr, slope }) =>
    slope <= lr ? [] : [{ field: 'slope', message: `received ${slope}; it must be at most lr` }],
  create: ({ lr, slope }) =>
    openLoop(
      () => null,
      (_, fromStep, count) => toStretch(fromStep, count, (t) => lr + slope * t),
    ),
});

function ratesOf(values: Readonly<Record<string, unknown>>): unknown {
  const strategy = line.create(values);
  return strategy.controls(strategy.start({ stepsPerEpoch: 4, epochs: 1 }), 0, 4).learningRate;
}

test('its values take their defaults, and a warm-up like any other strategy', () => {
  expect(ratesOf({ lr: 1 })).toEqual(new Float64Array([1, 2, 3, 4]));
  const warmup = { length: 2, start_factor: 0.5 };
  expect(ratesOf({ lr: 4, warmup })).toEqual(new Float64Array([2, 3, 4, 5]));
});

test('bad values are refused with every problem', () => {
  expect(() => line.create({ lr: -1, slop: 2 })).toThrow(
    /slop: .*did you mean slope\?\nlr: received -1; it must be a finite number, above 0/,
  );
  expect(() => line.create({ lr: 1, slope: 2 })).toThrow(
    /slope: received 2; it must be at most lr/,
  );
});

test('it is told from other values, also those of another copy of the package', () => {
  expect(isOwnStrategy(line)).toBe(true);
  expect(isOwnStrategy({ [Symbol.for('espalier.strategy')]: true })).toBe(true);
  expect([{}, null, 'own/line', line.definition].some(isOwnStrategy)).toBe(false);
});

test('its name in a sweep file is own/ and an export’s name', () => {
  expect(['own/line', 'own/_x$1'].every(isOwn)).toBe(true);
  expect(['line', 'own/', 'own/1x', 'own/a-b', 'own/a/b', 'Own/x'].some(isOwn)).toBe(false);
});

describe('a definition without one of its parts is refused in words', () => {
  const whole = { about: 'x', fields: {}, create: () => ({}) };
  test.each<[object | null, RegExp]>([
    [{ ...whole, about: undefined }, /about must be a sentence/],
    [{ ...whole, fields: null }, /fields must be a table/],
    [{ ...whole, create: 3 }, /create must be a function/],
    [{ ...whole, fields: { warmup: {} } }, /no field can be called warmup/],
    [
      { ...whole, fields: { lr: { type: { kind: 'numbr' }, about: 'x' } } },
      /the field lr has the kind "numbr"/,
    ],
    [{ ...whole, fields: { lr: { type: { kind: 'number' } } } }, /the field lr must have/],
    [null, /it takes \{ about, fields, create \}/],
    [{ ...whole, fields: { a: { type: { kind: 'choice' }, about: 'x' } } }, /a must have choices/],
    [{ ...whole, fields: { a: { type: { kind: 'duration' }, about: 'x' } } }, /a must have bare/],
    [
      { ...whole, fields: { a: { type: { kind: 'number', least: 5 }, default: 1, about: 'x' } } },
      /a has a default that it would refuse: received 1/,
    ],
  ])('%j', (described, problem) => {
    expect(() => defineStrategy(described as never)).toThrow(problem);
  });
});
