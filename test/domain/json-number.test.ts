// Numbers that travel as JSON.

import { expect, test } from 'vitest';
import {
  fromJsonMetrics,
  fromJsonNumber,
  isJsonNumber,
  toJsonMetrics,
  toJsonNumber,
} from '../../src/domain/json-number.ts';

const NUMBERS = [0, 0.1, -1e-300, Number.MAX_VALUE, Number.NaN, Infinity, -Infinity];

test('every number survives JSON', () => {
  for (const value of NUMBERS)
    expect(fromJsonNumber(JSON.parse(JSON.stringify(toJsonNumber(value))))).toBe(value);
});

test('metrics survive JSON', () => {
  const metrics = { loss: Number.NaN, val_loss: Infinity, accuracy: 0.5 };
  expect(fromJsonMetrics(JSON.parse(JSON.stringify(toJsonMetrics(metrics))))).toEqual(metrics);
});

test('only numbers and the three names are numbers', () => {
  expect(NUMBERS.map(toJsonNumber).every(isJsonNumber)).toBe(true);
  expect(['1', 'nan', '', null, undefined, ['NaN'], {}].some(isJsonNumber)).toBe(false);
});
