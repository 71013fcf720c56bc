// Strategies that are others in other words, and beginnings that follow from their formulas: bit for bit as float32.

import { describe, expect, test } from 'vitest';

import { makeStrategy, runStrategy, toList } from './run-strategy.ts';

/** 200 steps, also where an epoch is one of them. */
const TOTAL = 200;

function ratesOf(spec: object, total = TOTAL): readonly number[] {
  const strategy = makeStrategy(spec);
  const state = strategy.start({ stepsPerEpoch: 1, epochs: total });
  return toList(strategy.controls(state, 0, total).learningRate, total).map(Math.fround);
}

function countShared(a: object, b: object, totals: readonly [number, number]): number {
  const [left, right] = [ratesOf(a, totals[0]), ratesOf(b, totals[1])];
  const shared = left.findIndex((value, i) => !Object.is(value, right[i]));
  return shared === -1 ? Math.min(left.length, right.length) : shared;
}

const fixed = { strategy: 'fixed', lr: 0.11 };
const inverse = { strategy: 'inverse_time', lr: 0.11, decay_rate: 0.5, decay_steps: 30 };
const polynomial = { strategy: 'polynomial', lr: 0.11 };
const cosine = { strategy: 'cosine', lr: 0.11 };
const sgdr = { strategy: 'cosine_restarts', lr: 0.11, first: 30 };
const cycle = { strategy: 'one_cycle', max_lr: 0.11 };
const wsd = { strategy: 'wsd', lr: 0.11, decay: 40 };
const ramp = { strategy: 'range_test', min_lr: 0.001, max_lr: 0.11 };

const warmed = (spec: object): object => ({
  ...spec,
  warmup: { length: 10, start_factor: 0.1 },
});

describe('is the same as a fixed learning rate', () => {
  test.each<[string, object]>([
    ['inverse_time with rate 0', { ...inverse, decay_rate: 0 }],
    ['inverse_time whose stair is the training', { ...inverse, decay_steps: 200, staircase: true }],
    ['polynomial with end_lr = lr', { ...polynomial, end_lr: 0.11 }],
    ['polynomial with power 0', { ...polynomial, power: 0, decay_steps: 30 }],
    ['polynomial with power 0 in cycles', { ...polynomial, power: 0, decay_steps: 7, cycle: true }],
    ['cosine with min_lr = lr', { ...cosine, min_lr: 0.11 }],
    ['cosine_restarts with min_lr = lr', { ...sgdr, min_lr: 0.11, m_mul: 0.5 }],
    ['one_cycle without factors', { ...cycle, div_factor: 1, final_div_factor: 1 }],
    [
      'one_cycle without factors in three phases',
      { ...cycle, div_factor: 1, final_div_factor: 1, three_phase: true, anneal: 'linear' },
    ],
    ['wsd without decay', { ...wsd, decay: 0 }],
    ['wsd whose decay is one step', { ...wsd, decay: 1 }],
    ['wsd with min_lr = lr', { ...wsd, min_lr: 0.11, decay_type: '1-sqrt' }],
    ['range_test with min_lr = max_lr', { ...ramp, min_lr: 0.11 }],
    ['range_test with min_lr = max_lr, linear', { ...ramp, min_lr: 0.11, scale: 'linear' }],
    ['a warm-up from the learning rate', { ...fixed, warmup: { length: 9, start_factor: 1 } }],
  ])('%s', (_, spec) => {
    expect(countShared(fixed, spec, [TOTAL, TOTAL])).toBe(TOTAL);
  });
});

describe('shares its beginning', () => {
  const slow = { ...sgdr, t_mul: 3 };
  test.each<[string, number, object, object]>([
    [
      'inverse_time of two rates: the first stair',
      30,
      { ...inverse, staircase: true },
      { ...inverse, staircase: true, decay_rate: 2 },
    ],
    ['inverse_time of two rates, smooth: one step', 1, inverse, { ...inverse, decay_rate: 2 }],
    ['polynomial of two powers: one step', 1, polynomial, { ...polynomial, power: 2 }],
    [
      'polynomial with and without cycles: up to its end, once',
      31,
      { ...polynomial, decay_steps: 30 },
      { ...polynomial, decay_steps: 30, cycle: true },
    ],
    ['cosine_restarts of two t_mul: T_0 + 1', 31, sgdr, slow],
    ['cosine_restarts of two m_mul: T_0', 30, sgdr, { ...sgdr, m_mul: 0.5 }],
    [
      'cosine_restarts and the cosine of its first length: T_0',
      30,
      sgdr,
      { ...cosine, decay_steps: 30 },
    ],
    ['cosine_restarts without a restart and cosine: all', TOTAL, { ...sgdr, first: TOTAL }, cosine],
    [
      'one_cycle of two final factors: the rise',
      60,
      { ...cycle, anneal: 'linear' },
      { ...cycle, anneal: 'linear', final_div_factor: 100 },
    ],
    [
      'one_cycle of two final factors along cosines: a step more, which float32 cannot tell apart',
      61,
      cycle,
      { ...cycle, final_div_factor: 100 },
    ],
    [
      'one_cycle of two final factors in three phases: two of them',
      119,
      { ...cycle, three_phase: true },
      { ...cycle, three_phase: true, final_div_factor: 100 },
    ],
    ['one_cycle in two and in three phases: the rise', 60, cycle, { ...cycle, three_phase: true }],
    ['one_cycle of two lengths of the rise: one step', 1, cycle, { ...cycle, pct_start: 0.4 }],
    [
      'one_cycle with other momenta: all',
      TOTAL,
      cycle,
      { ...cycle, base_momentum: 0.8, max_momentum: 0.9 },
    ],
    ['wsd and fixed: up to the first step of the decay', 161, wsd, fixed],
    ['wsd of two decays: up to the first step of the longer', 121, wsd, { ...wsd, decay: 80 }],
    ['wsd of two shapes', 161, wsd, { ...wsd, decay_type: '1-sqrt' }],
    ['wsd of two ends', 161, wsd, { ...wsd, min_lr: 0.01 }],
    ['range_test of two tops: one step', 1, ramp, { ...ramp, max_lr: 0.2 }],
    ['range_test of two scales: one step', 1, ramp, { ...ramp, scale: 'linear' }],
    ['a warm-up before two that begin alike: W + 1', 11, warmed(polynomial), warmed(cosine)],
    ['a warm-up before two wsd: W and all before the decay', 161, warmed(wsd), warmed(fixed)],
    [
      'two lengths of a warm-up: one step',
      1,
      warmed(fixed),
      { ...fixed, warmup: { length: 20, start_factor: 0.1 } },
    ],
  ])('%s', (_, steps, a, b) => {
    expect(countShared(a, b, [TOTAL, TOTAL])).toBe(steps);
  });

  test.each<[string, number, object]>([
    ['inverse_time', 150, inverse],
    ['cosine_restarts', 150, sgdr],
    ['a cosine with a length of its own', 150, { ...cosine, decay_steps: 100 }],
    ['a polynomial with a length of its own', 150, { ...polynomial, decay_steps: 100 }],
    ['a cosine over the whole training', 1, cosine],
    ['a polynomial over the whole training', 1, polynomial],
    ['one_cycle', 1, cycle],
    ['range_test', 1, ramp],
    ['wsd', 111, wsd],
    ['wsd behind a warm-up', 111, warmed(wsd)],
  ])('with itself in a longer training: %s', (_, steps, spec) => {
    expect(countShared(spec, spec, [150, 200])).toBe(steps);
  });
});

test('a linear range_test is the first half of a cycle as long as the training', () => {
  const half = { strategy: 'cyclic', base_lr: 0.001, max_lr: 0.11, step_size: TOTAL };
  const linear = ratesOf({ ...ramp, scale: 'linear' });
  ratesOf(half).forEach((rate, step) =>
    expect(Math.abs(rate - (linear[step] ?? 0))).toBeLessThanOrEqual(2 ** -24 * rate),
  );
});

test('cosine_restarts with t_mul 1 repeats itself', () => {
  const { lr } = runStrategy({ ...sgdr, t_mul: 1 }, { epochs: 1, stepsPerEpoch: 90 });
  expect(lr.slice(30, 60)).toEqual(lr.slice(0, 30));
  expect(lr.slice(60)).toEqual(lr.slice(0, 30));
});

test('a plateau cuts no oftener than patience and cooldown allow, so that a floor below that changes nothing', () => {
  const plateau = { strategy: 'plateau', lr: 1, monitor: 'm', mode: 'min', factor: 0.5 };
  const flat = Array.from({ length: 20 }, () => ({ m: 1 }));
  const run = { epochs: 20, stepsPerEpoch: 1 };
  for (const [patience, cooldown] of [
    [0, 0],
    [1, 1],
    [2, 0],
    [2, 3],
    [3, 5],
    [7, 2],
  ] as const) {
    const q = Math.max(1, patience);
    const rest = Math.max(0, cooldown - 1);
    const most = Math.floor((20 - 2 + rest) / (q + rest));
    const settings = { ...plateau, patience, cooldown };
    const { lr } = runStrategy(settings, run, flat);
    expect(lr.at(-1)).toBe(0.5 ** most);
    expect(runStrategy({ ...settings, min_lr: 0.5 ** most }, run, flat).lr).toEqual(lr);
    expect(runStrategy({ ...settings, min_lr: 0.6 * 0.5 ** (most - 1) }, run, flat).lr).not.toEqual(
      lr,
    );
  }
});
