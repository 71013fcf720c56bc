// Learning rates read off accuracies: on Smith's own range tests, and on curves whose corners are known.

import { describe, expect, test } from 'vitest';
import { rngFor } from '../../../src/domain/random.ts';
import { analyzeAccuracies } from '../../../src/lr/range-test/analyze-accuracies.ts';
import { toLearningRates } from '../../../src/lr/range-test/ramp.ts';
import { readRangeTest } from './smith.ts';

/**
 * What the series say by themselves: the ramp in tenths, `from` where the first tenth begins whose mean accuracy is within 0.05 of
 * the best tenth's, `to` where the best tenth ends. The accuracy never falls by half again: Smith and Topin (2017) write that it
 * stays high over this unusual range of learning rates, and train up to 3.
 */
const READ = [
  { id: 'range3Iter5kFig2b', from: 0.3, to: 2.64 },
  { id: 'range3Iter20kFig2b', from: 0.3, to: 0.885 },
  { id: 'range2Res20Fig4b', from: 0.2, to: 0.99 },
];

describe.each(READ)("on Smith's $id", ({ id, from, to }) => {
  test('the interval is what the means of tenths say', () => {
    const { learningRates, accuracies } = readRangeTest(id);
    const size = accuracies.length / 10;
    const means = Array.from({ length: 10 }, (_, i) => {
      const tenth = accuracies.slice(i * size, (i + 1) * size);
      return tenth.reduce((sum, value) => sum + value, 0) / tenth.length;
    });
    const best = Math.max(...means);
    const first = means.findIndex((mean) => mean >= best - 0.05);
    expect(learningRates[first * size]).toBeCloseTo(from, 9);
    expect(learningRates[(means.indexOf(best) + 1) * size - 1]).toBeCloseTo(to, 9);
  });

  test('max_lr lies where the accuracy is at its best and base_lr below, at the start of the rise', () => {
    const found = analyzeAccuracies(readRangeTest(id));
    if (found.kind === 'none') throw new Error(found.why);
    expect(found.max_lr).toBeGreaterThanOrEqual(from);
    expect(found.max_lr).toBeLessThanOrEqual(to);
    expect(found.max_lr).toBeLessThanOrEqual(found.peak_lr);
    // The accuracy rises from the first points of his ramps on, which start at 0.
    expect(found.base_lr).toBeLessThan(from / 3);
    expect(found.collapse_lr).toBeUndefined();
  });
});

const RATES = toLearningRates({ min_lr: 1e-4, max_lr: 1, steps: 81, scale: 'exponential' });

/** Flat, a rise between 1e-3 and 1e-2, flat, and from 0.1 on a fall. */
function trapezoid(rate: number): number {
  const decades = Math.log10(rate);
  const rise = Math.min(1, Math.max(0, decades + 3));
  return 0.1 + 0.8 * rise - 0.8 * Math.min(1, Math.max(0, decades + 1));
}

test.each([0, 0.01, 0.04])(
  'corners are found with noise of ±%s: the start of the rise, its end, the collapse',
  (noise) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const random = rngFor(seed, 'accuracy');
      const accuracies = RATES.map((rate) => trapezoid(rate) + noise * (2 * random() - 1));
      const found = analyzeAccuracies({ learningRates: RATES, accuracies });
      if (found.kind === 'none') throw new Error(found.why);
      expect(Math.abs(Math.log10(found.base_lr) + 3)).toBeLessThan(0.35);
      expect(Math.log10(found.max_lr)).toBeGreaterThan(-2.3);
      expect(Math.log10(found.max_lr)).toBeLessThan(-1);
      expect(Math.abs(Math.log10(found.collapse_lr ?? 1e9) + 0.5)).toBeLessThan(0.3);
    }
  },
);

test('noise around chance suggests nothing', () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const random = rngFor(seed, 'chance');
    const accuracies = RATES.map(() => 0.1 + 0.05 * random());
    expect(analyzeAccuracies({ learningRates: RATES, accuracies }).kind).toBe('none');
  }
  expect(analyzeAccuracies({ learningRates: [], accuracies: [] }).kind).toBe('none');
});
