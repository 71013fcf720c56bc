// Epochs with sharing, against brute force and against numbers worked out by hand.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { rngFor } from '../../src/domain/random.ts';
import { countPrefixes } from '../../src/plan/count-prefixes.ts';
import type { Setting } from '../../src/plan/setting.ts';
import { growTree, toSetting, toSettings } from './tree-of-texts.ts';

const OPTIONS = { seed: 20_261_122, numRuns: 400 };

const lr = fc.constantFrom(0.1, Math.fround(0.1), 0.05, 0.01);
const factor = fc.constantFrom(0.1, 0.5, 0.25, 1);
const length = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((n) => `${n} epochs`),
  fc.integer({ min: 1, max: 30 }).map((n) => `${n} steps`),
  fc.constant('1.5 epochs'),
);
const milestones = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 3 });
const warmup = fc.record({
  length: fc.integer({ min: 0, max: 12 }),
  start_factor: fc.constantFrom(0, 0.5, 1),
});

const openLoop = fc.oneof(
  fc.record({ strategy: fc.constant('fixed'), lr }),
  fc.record({ strategy: fc.constant('step'), lr, step_size: length, gamma: factor }),
  fc.record({ strategy: fc.constant('multistep'), lr, milestones, gamma: factor }),
  fc.record({
    strategy: fc.constant('exponential'),
    lr,
    decay_rate: factor,
    decay_steps: length,
    staircase: fc.boolean(),
  }),
  fc.record({
    strategy: fc.constant('cyclic'),
    base_lr: fc.constantFrom(0.01, 0.05),
    max_lr: fc.constantFrom(0.05, 0.1),
    step_size: length,
    mode: fc.constantFrom('triangular', 'triangular2', 'exp_range'),
    gamma: fc.constantFrom(1, 0.9),
  }),
  fc.record({
    strategy: fc.constant('cyclic'),
    base_lr: fc.constant(0.1),
    max_lr: fc.constant(0.1),
    step_size: fc.constant('2 epochs'),
    base_momentum: fc.constantFrom(0.8, 0.9),
    max_momentum: fc.constant(0.9),
  }),
);

const perhaps = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const floors = fc.constantFrom(0, 0.01, 0.05);

/** Those that decay, rise and restart over lengths of their own or over the whole training. */
const decays = fc.oneof(
  fc.record({
    strategy: fc.constant('inverse_time'),
    lr,
    decay_rate: fc.constantFrom(0, 0.5, 2),
    decay_steps: length,
    staircase: fc.boolean(),
  }),
  fc.record({
    strategy: fc.constant('polynomial'),
    lr,
    end_lr: floors,
    decay_steps: perhaps(length),
    power: fc.constantFrom(0, 1, 2),
    cycle: fc.boolean(),
  }),
  fc.record({
    strategy: fc.constant('cosine'),
    lr: fc.constantFrom(0.1, 0.05),
    min_lr: floors,
    decay_steps: perhaps(length),
  }),
  fc.record({
    strategy: fc.constant('cosine_restarts'),
    lr: fc.constantFrom(0.1, 0.05),
    min_lr: floors,
    first: length,
    t_mul: fc.constantFrom(1, 1.5, 2),
    m_mul: fc.constantFrom(1, 0.5),
  }),
  fc.record({
    strategy: fc.constant('one_cycle'),
    max_lr: lr,
    pct_start: fc.constantFrom(0, 0.25, 0.3, 0.5),
    div_factor: fc.constantFrom(1, 25),
    final_div_factor: fc.constantFrom(1, 100),
    three_phase: fc.boolean(),
  }),
  fc.record({
    strategy: fc.constant('wsd'),
    lr: fc.constantFrom(0.1, 0.05),
    min_lr: floors,
    decay: length,
    decay_type: fc.constantFrom('linear', 'cosine', '1-sqrt'),
  }),
  fc.record({
    strategy: fc.constant('range_test'),
    min_lr: fc.constantFrom(0.01, 0.05),
    max_lr: fc.constantFrom(0.05, 0.1),
    scale: fc.constantFrom('exponential', 'linear'),
  }),
);

const plateau = fc.record({
  strategy: fc.constant('plateau'),
  lr,
  factor: fc.constantFrom(0.1, 0.5, 0.25),
  patience: fc.integer({ min: 0, max: 4 }),
  cooldown: fc.integer({ min: 0, max: 3 }),
  min_lr: fc.constantFrom(0, 0.0005, 0.01),
  min_delta: fc.constantFrom(0, 1e-4, 0.3),
  threshold_mode: fc.constantFrom('abs', 'rel'),
  counting: fc.constantFrom('keras', 'torch'),
  eps: fc.constantFrom(0, 0.004),
});

const withWarmup = (specs: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.oneof(
    { weight: 3, arbitrary: specs },
    fc.tuple(specs, warmup).map(([spec, ramp]) => ({ ...spec, warmup: ramp })),
  );

const family = (specs: fc.Arbitrary<object>): fc.Arbitrary<readonly Setting[]> =>
  fc
    .array(fc.tuple(withWarmup(specs), fc.integer({ min: 1, max: 14 })), {
      minLength: 1,
      maxLength: 14,
    })
    .map((items) => items.map(([spec, epochs], i) => toSetting(spec, epochs, i + 1)));

const stepsPerEpoch = fc.integer({ min: 1, max: 5 });

/** Metrics that belong to a prefix: the same for all trials that come along, now better, now worse, at times not a number. */
function metricsOf(seed: number, calm: number): (prefix: string) => Record<string, number> {
  return (prefix) => {
    const random = rngFor(seed, prefix);
    const isFirst = !prefix.slice(0, -1).includes(';');
    if (!isFirst && random() < 0.1) return { val_loss: Number.NaN };
    const trend = calm * prefix.split(';').length;
    return { val_loss: Math.round((random() - trend) * 4) / 4 };
  };
}

function improving(prefix: string): Record<string, number> {
  return { val_loss: -(4 ** prefix.split(';').length) };
}

function equalPaths(paths: readonly string[]): readonly (readonly number[])[] {
  const indices = paths.map((_, i) => i);
  const byPath = [...new Set(paths)].map((path) => indices.filter((i) => paths[i] === path));
  return byPath.filter((same) => same.length > 1);
}

const sorted = (sets: readonly (readonly number[])[]): readonly string[] =>
  sets.map((set) => set.toSorted((a, b) => a - b).join()).toSorted();

describe('strategies that depend on the step alone', () => {
  test.each([
    ['cuts and cycles', openLoop],
    ['decays', decays],
    ['all of them', fc.oneof(openLoop, decays)],
  ])(
    '%s take as many epochs as there are distinct prefixes, and equal trials are found',
    (_, specs) => {
      fc.assert(
        fc.property(family(specs), stepsPerEpoch, (settings, steps) => {
          const { prefixes, forks, paths } = growTree(settings, steps);
          const count = countPrefixes(settings, steps);
          expect([count.least, count.most]).toEqual([prefixes, prefixes]);
          expect(count.forks).toEqual({ least: forks, most: forks });
          expect(sorted(count.equal)).toEqual(sorted(equalPaths(paths)));
        }),
        OPTIONS,
      );
    },
  );

  test('are 2850 of 7290 epochs for 81 multistep trials, worked out by hand', () => {
    const settings = [0.1, 0.03, 0.01].flatMap((rate) =>
      [30, 40, 50].flatMap((first) =>
        [60, 70, 80].flatMap((second) =>
          [0.1, 0.2, 0.5].map((gamma) =>
            toSetting({ strategy: 'multistep', lr: rate, milestones: [first, second], gamma }, 90),
          ),
        ),
      ),
    );
    // for each rate: 50 before the first cuts; for each gamma 110, 100 and 90 behind a cut at 30, 40 and 50
    const byHand = 3 * (50 + 3 * (110 + 100 + 90));
    expect(countPrefixes(settings, 16)).toMatchObject({
      delivered: 7290,
      least: byHand,
      most: 2850,
    });
  });

  test('are 1050 of 1800 epochs for 60 step trials, worked out by hand', () => {
    const settings = [0.1, 0.05, 0.02, 0.01, 0.005].flatMap((rate) =>
      [5, 10, 15, 40].flatMap((step_size) =>
        [0.1, 0.2, 0.5].map((gamma) =>
          toSetting({ strategy: 'step', lr: rate, step_size, gamma }, 30),
        ),
      ),
    );
    // for each rate: 30 without a cut; for each gamma 25, 20 and 15 behind the first cut
    const byHand = 5 * (30 + 3 * (25 + 20 + 15));
    const count = countPrefixes(settings, 16);
    expect(count).toMatchObject({ delivered: 1800, least: byHand, most: 1050 });
    expect(count.equal).toHaveLength(5);
  });

  test('of different lengths share where the strategy does not depend on the total', () => {
    const settings = [10, 20].map((epochs, i) =>
      toSetting({ strategy: 'step', lr: 1, step_size: 3 }, epochs, i + 1),
    );
    expect(countPrefixes(settings, 2)).toMatchObject({ least: 20, most: 20, equal: [] });
  });

  test('are told apart by learning rates as float32, not as float64', () => {
    const rates = [0.1, 0.1 + 1e-12, 0.1 + 1e-7].map((rate) => ({ strategy: 'fixed', lr: rate }));
    const count = countPrefixes(toSettings(rates, 5), 3);
    expect(count).toMatchObject({ least: 10, most: 10, equal: [[0, 1]] });
  });
});

describe('strategies that follow metrics', () => {
  test('take a number of epochs within the bounds, whatever the metrics', () => {
    const metrics = fc.tuple(fc.integer(), fc.constantFrom(0, 0.05, 0.3, 2));
    fc.assert(
      fc.property(
        family(fc.oneof({ weight: 3, arbitrary: plateau }, openLoop)),
        stepsPerEpoch,
        metrics,
        (settings, steps, [seed, calm]) => {
          const grown = growTree(settings, steps, metricsOf(seed, calm));
          const { prefixes, paths } = grown;
          const { least, most, forks, equal } = countPrefixes(settings, steps);
          expect(least).toBeLessThanOrEqual(prefixes);
          expect(most).toBeGreaterThanOrEqual(prefixes);
          expect(forks.least).toBeLessThanOrEqual(grown.forks);
          expect(forks.most).toBeGreaterThanOrEqual(grown.forks);
          expect(forks.most).toBeLessThan(settings.length);
          for (const same of equal) expect(new Set(same.map((i) => paths[i])).size).toBe(1);
        },
      ),
      { ...OPTIONS, numRuns: 500 },
    );
  });

  test('take the least where metrics keep improving and there is no other strategy', () => {
    fc.assert(
      fc.property(family(plateau), stepsPerEpoch, (settings, steps) => {
        const { prefixes } = growTree(settings, steps, improving);
        expect(countPrefixes(settings, steps).least).toBe(prefixes);
      }),
      OPTIONS,
    );
  });

  test('take the most where two must part as soon as they can', () => {
    const specs = [0.1, 0.5].map((cut) => ({
      strategy: 'plateau',
      lr: 1,
      factor: cut,
      patience: 2,
    }));
    const settings = toSettings([...specs, { strategy: 'fixed', lr: 1 }], 10);
    const { prefixes } = growTree(settings, 2, () => ({ val_loss: 1 }));
    expect(prefixes).toBe(3 + 3 * 7);
    const forks = { least: 0, most: 2 };
    expect(countPrefixes(settings, 2)).toMatchObject({ least: 10, most: prefixes, forks });
  });

  test('that cannot cut are exactly known, to the epoch', () => {
    const spec = { strategy: 'plateau', lr: 1, patience: 3 };
    const fixed = { strategy: 'fixed', lr: 1 };
    expect(countPrefixes(toSettings([spec, fixed], 4), 2)).toMatchObject({ least: 4, most: 4 });
    expect(countPrefixes(toSettings([spec, fixed], 5), 2)).toMatchObject({ least: 5, most: 6 });
    const torch = { ...spec, counting: 'torch' };
    expect(countPrefixes(toSettings([torch, fixed], 5), 2)).toMatchObject({ least: 5, most: 5 });
    expect(countPrefixes(toSettings([torch, fixed], 6), 2)).toMatchObject({ least: 6, most: 7 });
  });

  test('and mean the same in other words are equal whatever the metrics', () => {
    const specs = [
      { patience: 0, cooldown: 0 },
      { patience: 1, cooldown: 1 },
      { patience: 0, cooldown: 1, counting: 'torch', min_delta: 0, eps: 0 },
      { patience: 0, cooldown: 0, counting: 'torch', min_delta: 0, eps: 0 },
      { patience: 1, cooldown: 1, min_delta: 0 },
      { patience: 1, cooldown: 2, min_delta: 0 },
    ].map((spec) => ({ strategy: 'plateau', lr: 1, ...spec }));
    const { equal } = countPrefixes(toSettings(specs, 20), 2);
    expect(equal).toEqual([
      [0, 1],
      [2, 5],
      [3, 4],
    ]);
  });
});

describe('work', () => {
  test('is bounded: where it ends, bounds are wide, and they hold', () => {
    fc.assert(
      fc.property(family(openLoop), stepsPerEpoch, fc.nat(3000), (settings, steps, most) => {
        const { prefixes, forks } = growTree(settings, steps);
        const count = countPrefixes(settings, steps, most);
        expect(count.forks.least).toBeLessThanOrEqual(forks);
        expect(count.forks.most).toBeGreaterThanOrEqual(forks);
        expect(count.least).toBeLessThanOrEqual(prefixes);
        expect(count.most).toBeGreaterThanOrEqual(prefixes);
        if (count.isComplete) expect(count.least).toBe(count.most);
      }),
      OPTIONS,
    );
  });

  test('ends within an epoch of a number of steps that nobody can count', () => {
    const cyclic = { strategy: 'cyclic', base_lr: 0.1, max_lr: 0.1, step_size: '2 epochs' };
    const settings = toSettings([cyclic, cyclic], 50);
    const count = countPrefixes(settings, 2 ** 32 - 1, 1_000_000);
    expect(count).toMatchObject({ isComplete: false, least: 50, most: 100 });
  });
});
