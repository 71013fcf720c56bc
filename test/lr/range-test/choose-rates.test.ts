// One choice out of the tests of several seeds.

import { expect, test } from 'vitest';
import { analyzeLosses, type LossAnalysis } from '../../../src/lr/range-test/analyze-losses.ts';
import { chooseRates } from '../../../src/lr/range-test/choose-rates.ts';
import { testQuadratic } from './quadratic.ts';

/** Analyses with these valleys; nothing where the seed has none. */
function withValleys(...rates: readonly (number | undefined)[]): readonly LossAnalysis[] {
  const base = analyzeLosses(testQuadratic(1, 1));
  return rates.map((learningRate) => ({
    ...base,
    valley:
      learningRate === undefined
        ? { kind: 'none', why: 'it is flat' }
        : { kind: 'found', learningRate },
  }));
}

test('max_lr is the median seed, base_lr a quarter of it, and the range is told', () => {
  expect(chooseRates(withValleys(0.4, 0.02, 0.1))).toMatchObject({
    kind: 'chosen',
    method: 'valley',
    max_lr: 0.1,
    base_lr: 0.025,
    least: 0.02,
    greatest: 0.4,
    found: 3,
    of: 3,
    words: expect.stringContaining('the median of 3 seeds. base_lr is a quarter of it'),
  });
});

test('of two seeds in the middle it is the rate with the same ratio to both', () => {
  expect(chooseRates(withValleys(0.01, 1))).toMatchObject({ max_lr: expect.closeTo(0.1, 12) });
});

test('a seed without a suggestion is told of; where they are not the fewer, nothing is chosen', () => {
  expect(chooseRates(withValleys(0.1, undefined, 0.2))).toMatchObject({
    found: 2,
    of: 3,
    words: expect.stringContaining('2 of 3 seeds; the others suggest none'),
  });
  expect(chooseRates(withValleys(0.1, undefined))).toEqual({
    kind: 'none',
    method: 'valley',
    why: 'it is flat',
  });
  expect(chooseRates([])).toMatchObject({ kind: 'none', why: 'nothing was tested' });
});

test('the way to read the curves is the caller’s', () => {
  const analysis = analyzeLosses(testQuadratic(10, 2));
  for (const method of ['valley', 'steepest', 'minimum'] as const) {
    const suggestion = analysis[method];
    expect(chooseRates([analysis], method)).toMatchObject({
      method,
      max_lr: suggestion.kind === 'found' ? suggestion.learningRate : 0,
      words: expect.stringContaining('of one seed'),
    });
  }
});
