// A warm-up before any strategy.

import { describe, expect, test } from 'vitest';

import { makeStrategy, runStrategy, toList } from './run-strategy.ts';

const WARMUP = { length: 4, start_factor: 0.5 };

describe('a warm-up', () => {
  test('rises in a line from its share to the learning rate itself', () => {
    const { lr } = runStrategy(
      { strategy: 'fixed', lr: 10, warmup: WARMUP },
      { epochs: 1, stepsPerEpoch: 6 },
    );
    expect(lr).toEqual([5, 6.25, 7.5, 8.75, 10, 10]);
  });

  test('is followed by the strategy from its step 0, also inside an epoch', () => {
    const spec = { strategy: 'cyclic', base_lr: 1, max_lr: 5, step_size: 2 };
    const run = { epochs: 2, stepsPerEpoch: 5 };
    const { lr } = runStrategy({ ...spec, warmup: WARMUP }, run);
    expect(lr.slice(4)).toEqual(runStrategy(spec, run).lr.slice(0, 6));
  });

  test('shifts the epochs of a strategy that counts in epochs', () => {
    const spec = { strategy: 'step', lr: 1, step_size: 1, gamma: 0.5 };
    const { lr } = runStrategy({ ...spec, warmup: WARMUP }, { epochs: 3, stepsPerEpoch: 3 });
    expect(lr.slice(4)).toEqual([1, 1, 1, 0.5, 0.5]);
  });

  test('ends with whole steps where its epochs do not', () => {
    const warmup = { length: '0.5 epochs', start_factor: 0 };
    const { lr } = runStrategy(
      { strategy: 'fixed', lr: 2, warmup },
      { epochs: 1, stepsPerEpoch: 3 },
    );
    expect(lr).toEqual([0, 1, 2]);
  });

  test('keeps momentum where the strategy starts it', () => {
    const spec = { strategy: 'cyclic', base_lr: 1, max_lr: 5, step_size: 2 };
    const momenta = { base_momentum: 0.75, max_momentum: 0.875 };
    const strategy = makeStrategy({ ...spec, ...momenta, warmup: WARMUP });
    const { momentum } = strategy.controls(strategy.start({ epochs: 1, stepsPerEpoch: 8 }), 0, 8);
    expect(toList(momentum, 8)).toEqual([0.875, 0.875, 0.875, 0.875, 0.875, 0.8125, 0.75, 0.8125]);
  });

  test.each<[number, object]>([
    [8, { strategy: 'cosine', lr: 8 }],
    [8, { strategy: 'polynomial', lr: 8 }],
    [8, { strategy: 'wsd', lr: 8, decay: 3 }],
    [8, { strategy: 'wsd', lr: 8, decay: 0 }],
    [8, { strategy: 'cosine_restarts', lr: 8, first: 3 }],
    [8, { strategy: 'one_cycle', max_lr: 16, div_factor: 2 }],
    [8, { strategy: 'one_cycle', max_lr: 16, div_factor: 2, three_phase: true }],
    [8, { strategy: 'range_test', min_lr: 8, max_lr: 16 }],
  ])('as long as the training rises towards the first learning rate, %d, of %j', (top, spec) => {
    const rising = [0.5, 0.625, 0.75, 0.875].map((share) => share * top);
    const run = { epochs: 2, stepsPerEpoch: 2 };
    expect(runStrategy({ ...spec, warmup: WARMUP }, run).lr).toEqual(rising);
    const longer = { length: '4 epochs', start_factor: 0.5 };
    const { lr } = runStrategy({ ...spec, warmup: longer }, run);
    expect(lr).toEqual([0.5, 0.5625, 0.625, 0.6875].map((share) => share * top));
  });

  test('that ends where an epoch starts lets a plateau see that epoch', () => {
    const spec = { strategy: 'plateau', lr: 1, monitor: 'm', mode: 'min', patience: 1 };
    const warmup = { length: '1 epochs', start_factor: 1 };
    const metrics = [{ m: 0 }, { m: 1 }, { m: 1 }];
    const { lr } = runStrategy({ ...spec, warmup }, { epochs: 4, stepsPerEpoch: 1 }, metrics);
    expect(lr).toEqual([1, 1, 1, 0.1]);
  });

  test('hides from a plateau the epochs that start before its end', () => {
    const spec = {
      strategy: 'plateau',
      lr: 1,
      monitor: 'm',
      mode: 'min',
      patience: 1,
      factor: 0.5,
    };
    const run = { epochs: 5, stepsPerEpoch: 3 };
    const metrics = [{ m: 1 }, { m: 2 }, { m: 3 }, { m: 4 }];
    const { lr } = runStrategy({ ...spec, warmup: WARMUP }, run, metrics);
    expect(lr.slice(4)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5]);
  });
});
