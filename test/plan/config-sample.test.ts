// Which configs are opened, and what the others are taken to be like.

import { describe, expect, test } from 'vitest';

import type { ConfigFacts, OpenedConfig } from '../../src/plan/config-sample.ts';
import { sampleConfigs, toFamilies } from '../../src/plan/config-sample.ts';
import { sweepSpec } from '../space/sweep-spec.ts';

const WIDE = {
  filters: [1, 2, 3, 4, 5],
  batch_size: [32, 64],
  units: [8, 16, 24],
  optimizer: ['adam'],
};

function opened(facts?: Partial<ConfigFacts>): OpenedConfig {
  const problem = facts === undefined ? 'open: no' : undefined;
  const all = facts && { stepsPerEpoch: 1, canSave: true, checkpointBytes: 10, ...facts };
  return { facts: all, problem, backend: 'cpu', fixedDropouts: [] };
}

describe('what is opened', () => {
  test('is every config of a small sweep, once, whatever the seeds, lengths and strategies', () => {
    const spec = sweepSpec({
      config: { units: [8, 16], batch_size: [32, 64] },
      seeds: [1, 2, 3],
      epochs: [5, 10],
    });
    expect(sampleConfigs(spec).map(({ trial, batch }) => ({ ...trial.config, batch }))).toEqual([
      { units: 8, batch_size: 32, batch: 0 },
      { units: 8, batch_size: 64, batch: 1 },
      { units: 16, batch_size: 32, batch: 0 },
      { units: 16, batch_size: 64, batch: 1 },
    ]);
  });

  test('of a large one are the first of each batch size', () => {
    const samples = sampleConfigs(sweepSpec({ config: WIDE }));
    expect(samples).toHaveLength(16);
    expect(new Set(samples.map(({ trial }) => JSON.stringify(trial.config))).size).toBe(16);
    expect(samples.filter(({ trial }) => trial.config['batch_size'] === 64)).toHaveLength(8);
    for (const { trial, batch } of samples)
      expect(trial.config['batch_size']).toBe([32, 64][batch]);
  });

  test('is one config where there is nothing to choose', () => {
    expect(sampleConfigs(sweepSpec({ config: {} })).map(({ trial }) => trial.config)).toEqual([{}]);
  });
});

describe('families', () => {
  test('are all counted, also those of configs that were not opened', () => {
    const spec = sweepSpec({ config: WIDE, seeds: [1, 2] });
    const samples = sampleConfigs(spec, 3);
    const facts = [
      { stepsPerEpoch: 9 },
      { stepsPerEpoch: 5, checkpointBytes: 30 },
      { stepsPerEpoch: 9 },
    ];
    const families = toFamilies(spec, samples, facts.map(opened));
    expect(families.map(({ count, facts: found }) => [count, found?.stepsPerEpoch])).toEqual([
      [2, 9],
      [2, 5],
      [2, 9],
      [2 * 13, 9],
      [2 * 14, 5],
    ]);
    expect(families.map(({ facts: found }) => found?.checkpointBytes)).toEqual([
      10, 30, 10, 30, 30,
    ]);
  });

  test('of a config that cannot be opened are like the first with its batch size, or the first at all', () => {
    const spec = sweepSpec({ config: { units: [1, 2], batch_size: [32, 64] } });
    const tried = [opened({ stepsPerEpoch: 9 }), opened(), opened(), opened()];
    const steps = (results: readonly OpenedConfig[]): readonly unknown[] =>
      toFamilies(spec, sampleConfigs(spec), results).map((one) => one.stepsPerEpoch);
    expect(steps(tried)).toEqual([9, 9, 9, 9]);
    expect(steps([opened(), opened({ stepsPerEpoch: 5 }), opened({ stepsPerEpoch: 9 })])).toEqual([
      9, 5, 9, 5,
    ]);
  });

  test('that cannot be saved have no bytes, also where others have', () => {
    const spec = sweepSpec({ config: { batch_size: [1, 2, 3] } });
    const results = [opened({ canSave: false, checkpointBytes: 0 }), opened(), opened({})];
    const families = toFamilies(spec, sampleConfigs(spec), results);
    expect(families.map(({ facts }) => facts?.checkpointBytes)).toEqual([0, 0, 10]);
  });

  test('have the steps of the sweep file where nothing could be opened', () => {
    const spec = sweepSpec({ config: { units: [1, 2] }, steps_per_epoch: 7 });
    const families = toFamilies(spec, sampleConfigs(spec), [opened()]);
    expect(families.map(({ stepsPerEpoch, facts }) => [stepsPerEpoch, facts])).toEqual([
      [7, undefined],
      [7, undefined],
    ]);
  });
});
