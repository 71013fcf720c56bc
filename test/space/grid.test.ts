import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EspalierError } from '../../src/domain/errors.ts';
import type { SweepSpec } from '../../src/domain/sweep.ts';
import { countPoints, countTrials, pointAt, trialAt, trials } from '../../src/space/grid.ts';
import { sweepSpec } from './sweep-spec.ts';

const lists = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(value, { minLength: 1, maxLength: 3, comparator: 'SameValue' });
const rate = fc.integer({ min: 1, max: 1000 }).map((n) => n / 1000);

const strategies = fc.oneof(
  fc.record({ strategy: fc.constant('fixed'), axes: fc.record({ lr: lists(rate) }) }),
  fc.record({
    strategy: fc.constant('plateau'),
    axes: fc.record({ lr: lists(rate), patience: lists(fc.nat(9)) }),
  }),
);

/** Specs whose items of `learning_rate` differ in their rates, so that no trial is there twice. */
const specs: fc.Arbitrary<SweepSpec> = fc
  .record({
    epochs: lists(fc.integer({ min: 1, max: 9 })),
    seeds: lists(fc.nat(99)),
    config: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), lists(fc.nat(9)), { maxKeys: 3 }),
    grids: fc.array(strategies, { minLength: 1, maxLength: 3 }),
  })
  .map(({ grids, ...rest }) =>
    sweepSpec({
      ...rest,
      learning_rate: grids.map(({ strategy, axes }, i) => ({
        strategy,
        axes: { ...axes, lr: axes.lr.map((value) => value + 10 * i) },
      })),
    }),
  );

const check = (property: fc.IProperty<[SweepSpec]>): void =>
  fc.assert(property, { seed: 20, numRuns: 100 });

describe('the grid of a sweep', () => {
  it('counts as many trials as it makes', () => {
    check(fc.property(specs, (spec) => BigInt([...trials(spec)].length) === countTrials(spec)));
  });

  it('has the same trial at an index as in the order of all', () => {
    check(
      fc.property(specs, (spec) => {
        const all = [...trials(spec)];
        expect(all.map((_, i) => trialAt(spec, i))).toEqual(all);
      }),
    );
  });

  it('has no trial twice', () => {
    check(
      fc.property(specs, (spec) => {
        const texts = Array.from(trials(spec), (trial) => JSON.stringify(trial));
        expect(new Set(texts).size).toBe(texts.length);
      }),
    );
  });

  it('counts what could never be made', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i);
    const config = Object.fromEntries(hundred.map((i) => [`k${i}`, hundred]));
    const spec = sweepSpec({ config });
    expect(countTrials(spec)).toBe(100n ** 100n);
    const last = trialAt(spec, 100n ** 100n - 1n);
    expect(new Set(Object.values(last.config))).toEqual(new Set([99]));
  });

  it('goes through strategies, their axes, the config, epochs and seeds, the last one fastest', () => {
    const spec = sweepSpec({
      epochs: [10, 20],
      seeds: [1, 2],
      config: { batch_size: [32, 64] },
      learning_rate: [
        { strategy: 'fixed', axes: { lr: [0.1] } },
        { strategy: 'step', axes: { lr: [0.2, 0.3], step_size: [5, '2 epochs'] } },
      ],
    });
    const lines = Array.from(trials(spec), ({ learning_rate, config, epochs, seed }) =>
      [learning_rate['lr'], learning_rate['step_size'], config['batch_size'], epochs, seed].join(),
    );
    expect(lines.length).toBe(40);
    expect(lines.slice(0, 9)).toEqual([
      '0.1,,32,10,1',
      '0.1,,32,10,2',
      '0.1,,32,20,1',
      '0.1,,32,20,2',
      '0.1,,64,10,1',
      '0.1,,64,10,2',
      '0.1,,64,20,1',
      '0.1,,64,20,2',
      '0.2,5,32,10,1',
    ]);
    expect([lines[16], lines[24], lines[39]]).toEqual([
      '0.2,2 epochs,32,10,1',
      '0.3,5,32,10,1',
      '0.3,2 epochs,64,20,2',
    ]);
  });

  it('fills the defaults of a strategy, those of the objective among them', () => {
    const learning_rate = [{ strategy: 'plateau', axes: { lr: [0.1] } }];
    const objective = { metric: 'accuracy', mode: 'max', at: 'best' } as const;
    expect(trialAt(sweepSpec({ learning_rate, objective }), 0).learning_rate).toMatchObject({
      strategy: 'plateau',
      lr: 0.1,
      monitor: 'accuracy',
      mode: 'max',
      factor: 0.1,
      patience: 10,
    });
  });

  it('gives the points of a strategy as they were written', () => {
    const grid = { strategy: 'fixed', axes: { lr: [0.1, 0.2] } };
    expect(countPoints(grid)).toBe(2n);
    expect(pointAt(grid, 1n)).toEqual({ strategy: 'fixed', lr: 0.2 });
  });

  it.each([-5, -1, 4, 1e6])('has no trial %i when it has four', (index) => {
    const spec = sweepSpec({ seeds: [1, 2], epochs: [1, 2] });
    expect(() => trialAt(spec, index)).toThrow(new RangeError(`no trial ${index} in a grid of 4`));
  });

  it('says which strategy has values that do not go together', () => {
    const axes = { lr: [0.1], min_lr: [1] };
    const spec = sweepSpec({ learning_rate: [{ strategy: 'plateau', axes }] });
    const making = (): unknown => [...trials(spec)];
    expect(making).toThrow(EspalierError);
    expect(making).toThrow(/"min_lr":1/);
  });
});
