// Which strategies need the real number of steps in an epoch, and what an assumed one can get wrong.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { countPrefixes } from '../../src/plan/count-prefixes.ts';
import type { Setting } from '../../src/plan/setting.ts';
import { ASSUMED, stepsFor, toStepsPerEpoch } from '../../src/plan/steps-per-epoch.ts';
import { toSetting, toSettings } from './tree-of-texts.ts';

const lr = fc.constantFrom(0.1, 0.05);
const length = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((n) => `${n} epochs`),
  fc.integer({ min: 2, max: 40 }).map((n) => `${n / 4} epochs`),
);
const strategy = <T extends string>(name: T): fc.Arbitrary<T> => fc.constant(name);
const gamma = fc.constantFrom(0.5, 0.1, 1);
const floor = fc.constantFrom(0, 0.05);

const inEpochs = fc.oneof(
  fc.record({ strategy: strategy('fixed'), lr }),
  fc.record({ strategy: strategy('step'), lr, step_size: fc.integer({ min: 1, max: 9 }), gamma }),
  fc.record({ strategy: strategy('multistep'), lr, gamma, milestones: fc.array(length) }),
  fc.record({
    strategy: strategy('inverse_time'),
    lr,
    decay_rate: fc.constantFrom(0, 1),
    decay_steps: length,
    staircase: fc.constant(true),
  }),
  fc.record({ strategy: strategy('cosine'), lr, min_lr: floor }),
  fc.record({
    strategy: strategy('cosine_restarts'),
    lr,
    min_lr: floor,
    first: length,
    t_mul: fc.constantFrom(1, 2),
  }),
  fc.record({ strategy: strategy('wsd'), lr, min_lr: floor, decay: length }),
  fc.record({
    strategy: strategy('one_cycle'),
    max_lr: lr,
    three_phase: fc.boolean(),
    pct_start: fc.constantFrom(0.25, 0.3, 0.275),
    div_factor: fc.constantFrom(1, 25),
    final_div_factor: fc.constantFrom(1, 100),
  }),
  fc.record({ strategy: strategy('range_test'), min_lr: fc.constant(0.05), max_lr: lr }),
);

const family = fc
  .array(fc.tuple(inEpochs, fc.integer({ min: 1, max: 14 })), { minLength: 1, maxLength: 10 })
  .map((items): readonly Setting[] =>
    items.map(([spec, epochs], i) => toSetting(spec, epochs, i + 1)),
  );

function treeOf(settings: readonly Setting[], stepsPerEpoch: number): readonly [number, number] {
  const { most, forks } = countPrefixes(settings, stepsPerEpoch);
  return [most, forks.most];
}

describe('the assumed number of steps', () => {
  test('is enough where all lengths are in epochs', () => {
    fc.assert(
      fc.property(family, (settings) => {
        expect(toStepsPerEpoch(settings, undefined)).toEqual({ kind: 'assumed', count: ASSUMED });
        for (const setting of settings)
          expect(stepsFor({ kind: 'missing', fields: [] }, setting)).toBe(ASSUMED);
      }),
      { seed: 20_261_126, numRuns: 100 },
    );
  });

  test('gives the tree of any number, unless learning rates move within an epoch, which the plan says', () => {
    fc.assert(
      fc.property(family, fc.integer({ min: 1, max: 60 }), (settings, steps) => {
        const { hasMoved } = countPrefixes(settings, ASSUMED);
        if (!hasMoved) expect(treeOf(settings, steps)).toEqual(treeOf(settings, ASSUMED));
      }),
      { seed: 20_261_126, numRuns: 400 },
    );
  });

  test.each<[string, readonly object[], number]>([
    [
      'a wsd whose decay begins within an epoch',
      [
        { strategy: 'fixed', lr: 1 },
        { strategy: 'wsd', lr: 1, decay: '2.5 epochs' },
      ],
      2,
    ],
    [
      'two cycles that part within an epoch',
      [100, 1000].map((final_div_factor) => ({
        strategy: 'one_cycle',
        max_lr: 1,
        three_phase: true,
        pct_start: 0.265,
        final_div_factor,
      })),
      2,
    ],
    [
      'cosines, of one step an epoch',
      [0, 0.1].map((min_lr) => ({ strategy: 'cosine', lr: 1, min_lr })),
      1,
    ],
  ])('may be an epoch beside the tree of few steps: %s', (_, specs, steps) => {
    const settings = toSettings(specs, 10);
    const assumed = countPrefixes(settings, ASSUMED);
    expect(countPrefixes(settings, steps).most).not.toBe(assumed.most);
    expect(assumed.hasMoved).toBe(true);
  });

  test.each<[object, readonly string[]]>([
    [{ strategy: 'wsd', lr: 1, decay: '0.0625 epochs' }, ['wsd decay']],
    [{ strategy: 'wsd', lr: 1, decay: '0.07 epochs' }, []],
    [{ strategy: 'wsd', lr: 1, decay: 0 }, []],
    [{ strategy: 'cosine_restarts', lr: 1, first: '0.01 epochs' }, ['cosine_restarts first']],
    [{ strategy: 'one_cycle', max_lr: 1, warmup: { length: 9 } }, ['one_cycle warmup']],
    [{ strategy: 'polynomial', lr: 1, decay_steps: 9 }, ['polynomial decay_steps']],
    [{ strategy: 'range_test', min_lr: 0.1, max_lr: 1 }, []],
  ])('is not enough for a length in steps, or for less than one of them: %j', (spec, fields) => {
    const steps = toStepsPerEpoch([toSetting(spec, 5)], undefined);
    expect(steps.kind === 'missing' ? steps.fields : []).toEqual(fields);
  });
});
