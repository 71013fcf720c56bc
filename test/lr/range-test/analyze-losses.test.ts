// What a curve of losses suggests: within what is known of the model, and nothing where nothing can be known.

import { describe, expect, test } from 'vitest';
import { rngFor } from '../../../src/domain/random.ts';
import { analyzeLosses, METHODS, type Method } from '../../../src/lr/range-test/analyze-losses.ts';
import { toLearningRates } from '../../../src/lr/range-test/ramp.ts';
import { testQuadratic } from './quadratic.ts';
import { readRangeTest } from './smith.ts';

const SEEDS = [1, 2, 3, 4, 5];
const CURVATURES = [10, 100, 1000];

function suggest(curvature: number, seed: number, method: Method, steps?: number): number {
  const suggestion = analyzeLosses(testQuadratic(curvature, seed, steps))[method];
  return suggestion.kind === 'found' ? suggestion.learningRate : Number.NaN;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

describe.each([60, 100, 300])('on a noisy quadratic, in %s steps', (steps) => {
  test.each(METHODS)('%s is below the limit of stability, and not far below', (method) => {
    for (const curvature of CURVATURES) {
      for (const seed of SEEDS) {
        const share = (suggest(curvature, seed, method, steps) * curvature) / 2;
        expect(share).toBeLessThan(0.5);
        expect(share).toBeGreaterThan(1e-3);
      }
    }
  });

  test.each(METHODS)('%s is a tenth where the curvature is ten times', (method) => {
    const medians = CURVATURES.map((curvature) =>
      medianOf(SEEDS.map((seed) => suggest(curvature, seed, method, steps))),
    );
    for (const [i, median] of medians.slice(1).entries()) {
      const factor = (medians[i] ?? 0) / median;
      expect(factor).toBeGreaterThan(10 / 3);
      expect(factor).toBeLessThan(10 * 3);
    }
  });

  test('divergence is found beyond the limit, within a decade', () => {
    for (const curvature of CURVATURES) {
      for (const seed of SEEDS) {
        const { diverged } = analyzeLosses(testQuadratic(curvature, seed, steps));
        const share = ((diverged?.learningRate ?? 0) * curvature) / 2;
        expect(share).toBeGreaterThan(1);
        expect(share).toBeLessThan(10);
      }
    }
  });
});

const RATES = toLearningRates({ min_lr: 1e-7, max_lr: 10, steps: 100, scale: 'exponential' });

/** The loss at each step of the usual ramp. */
function analyze(lossAt: (rate: number, step: number) => number): ReturnType<typeof analyzeLosses> {
  return analyzeLosses({ learningRates: RATES, losses: RATES.map(lossAt) });
}

function whyOf(analysis: ReturnType<typeof analyzeLosses>): readonly string[] {
  const reasons = METHODS.flatMap((method) => {
    const suggestion = analysis[method];
    return suggestion.kind === 'none' ? [suggestion.why] : [];
  });
  return [...new Set(reasons)];
}

describe('nothing is suggested, and it is said why,', () => {
  test('of noise around a level, whatever the seed', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const random = rngFor(seed, 'noise');
      const analysis = analyze(() => 2.3 + random() - random());
      expect(METHODS.map((method) => analysis[method].kind)).toEqual(['none', 'none', 'none']);
      expect(whyOf(analysis)[0]).toContain('does not fall by more than its noise');
    }
  });

  test('of a level without noise, or with a fall that nobody would notice', () => {
    expect(whyOf(analyze(() => 2.3))[0]).toContain('hardly falls');
    expect(whyOf(analyze((_, step) => 2.3 - step * 1e-5))[0]).toMatch(
      /^the loss hardly falls, from 2.3 to 2.3 at best: test higher/,
    );
  });

  test('of a loss that only diverges', () => {
    const analysis = analyze((rate) => 2.3 + rate * 1e5);
    expect(whyOf(analysis)[0]).toMatch(
      /does not fall before it diverges at learning rate 0\.\d+: test lower/,
    );
  });

  test('of a loss that diverges at once, and of no losses', () => {
    expect(whyOf(analyze((_, step) => 10 ** step))[0]).toContain('diverges too early');
    expect(whyOf(analyze(() => Number.NaN))[0]).toContain(
      'diverges too early, at learning rate 1e-7',
    );
    expect(whyOf(analyzeLosses({ learningRates: RATES, losses: [] }))[0]).toContain(
      'too few steps',
    );
  });

  test('of a minimum that the ramp does not reach, while the fall itself suggests something', () => {
    const analysis = analyze((_, step) => 3 - step / 50);
    expect(analysis.minimum).toMatchObject({ why: expect.stringContaining('still falls') });
    expect([analysis.valley.kind, analysis.steepest.kind]).toEqual(['found', 'found']);
  });
});

test('what comes after the loss that ends the test, or is dropped at both ends, changes nothing', () => {
  const { learningRates, losses } = testQuadratic(10, 1);
  const analysis = analyzeLosses({ learningRates, losses });
  const steps = analysis.smoothed.length;
  expect(steps).toBeLessThan(100);
  const after = losses.map((loss, i) => (i < steps ? loss : 0));
  expect(analyzeLosses({ learningRates, losses: after })).toEqual(analysis);
  expect(analyzeLosses({ learningRates, losses: losses.slice(0, steps) })).toEqual(analysis);
});

test("the valley is fastai's: of a descent of n points, n / 3 and n / 6 of them after its start", () => {
  const learningRates = toLearningRates({ min_lr: 1, max_lr: 105, steps: 105, scale: 'linear' });
  const losses = learningRates.map((rate) => 200 - rate);
  const { valley, steepest } = analyzeLosses({ learningRates, losses });
  // Numbers 11 to 100 are left; at 12 a hundredth of the fall is not behind yet; from there on 89 points fall.
  expect(valley).toEqual({ kind: 'found', learningRate: expect.closeTo(12 + 29 + 14, 9) });
  expect(steepest.kind).toBe('found');
});

test('without noise too, the valley does not move with the start of the ramp', () => {
  const [early, late] = [1e-9, 1e-6].map((min_lr) => {
    const learningRates = toLearningRates({ min_lr, max_lr: 10, steps: 200, scale: 'exponential' });
    let weight = 1;
    const losses = learningRates.map((rate) => {
      weight -= rate * 10 * weight;
      return 0.01 + weight ** 2;
    });
    const { valley } = analyzeLosses({ learningRates, losses });
    return valley.kind === 'found' ? valley.learningRate : Number.NaN;
  });
  expect((early ?? 0) / (late ?? 0)).toBeGreaterThan(0.5);
  expect((early ?? 0) / (late ?? 0)).toBeLessThan(2);
});

test("on Smith's own range tests each way to read the losses lies below where they are least", () => {
  // Read off the series: the tenth of the ramp with the least mean loss ends there.
  const ends = { range3Iter5kFig2b: 2.04, range3Iter20kFig2b: 0.885, range2Res20Fig4b: 0.39 };
  for (const [id, end] of Object.entries(ends)) {
    const { learningRates, losses } = readRangeTest(id);
    const { steepest, minimum, diverged } = analyzeLosses({ learningRates, losses });
    expect(diverged).toBeUndefined();
    for (const one of [steepest, minimum])
      if (one.kind === 'found') expect(one.learningRate).toBeLessThan(end);
    expect(steepest.kind).toBe('found');
  }
});
