// Values of a stretch of steps.

import { describe, expect, test } from 'vitest';

import { toCollapsed, toStairs, toStretch } from '../../src/lr/stretch.ts';
import { makeStrategy, runStrategy } from './run-strategy.ts';

describe('a stretch', () => {
  test('is one number where all its steps have the same value', () => {
    expect(toStretch(3, 5, () => 7)).toBe(7);
    expect(toStretch(3, 1, (t) => t)).toBe(3);
    expect(
      toStairs(
        0,
        9,
        (t) => Math.floor(t / 3),
        () => 7,
      ),
    ).toBe(7);
  });

  test('is a value a step elsewhere, also where only the last step differs', () => {
    expect(toStretch(3, 3, (t) => t)).toEqual(Float64Array.of(3, 4, 5));
    expect(toStretch(0, 3, (t) => (t < 2 ? 1 : 2))).toEqual(Float64Array.of(1, 1, 2));
    expect(
      toStairs(
        1,
        4,
        (t) => Math.floor(t / 2),
        (stair) => stair * 10,
      ),
    ).toEqual(Float64Array.of(0, 10, 10, 20));
  });

  test('of stairs is that of its steps, however long each stair is and wherever the stretch begins', () => {
    const ends = [1, 2, 3, 10, 11, 1000, 1001, 1003];
    const stairAt = (step: number): number => ends.filter((end) => end <= step).length;
    const values = [1, 1, 2, 2, 1, 3, 3, 0, 3];
    const valueOf = (stair: number): number => values[stair] ?? -1;
    for (const [from, count] of [
      [0, 1100],
      [0, 2],
      [2, 9],
      [3, 997],
      [9, 1],
      [999, 5],
      [1003, 7],
    ] as const)
      expect(toStairs(from, count, stairAt, valueOf)).toEqual(
        toStretch(from, count, (step) => valueOf(stairAt(step))),
      );
  });

  test('that was evaluated is one number where all its values are the same', () => {
    expect(toCollapsed(Float64Array.of(3))).toBe(3);
    expect(toCollapsed(Float64Array.of(7, 7, 7))).toBe(7);
    expect(toCollapsed(Float64Array.of(1, 1, 2))).toEqual(Float64Array.of(1, 1, 2));
    expect(toCollapsed(Float64Array.of(0, -0, 2))).toEqual(Float64Array.of(0, 0, 2));
    expect(toCollapsed(Float64Array.of(Number.NaN, Number.NaN))).toHaveLength(2);
  });

  test('asks for the value of a stair once', () => {
    const asked: number[] = [];
    toStairs(
      0,
      1000,
      (t) => Math.floor(t / 250),
      (stair) => asked.push(stair),
    );
    expect(asked).toEqual([0, 1, 2, 3]);
  });
});

test.each([
  [0.008, 0.11],
  [0.059, 0.6],
])('the peak of a cycle from %d to %d is exactly the latter', (base_lr, max_lr) => {
  expect(base_lr + (max_lr - base_lr)).not.toBe(max_lr);
  const spec = { strategy: 'cyclic', base_lr, max_lr, step_size: 2 };
  expect(runStrategy(spec, { epochs: 1, stepsPerEpoch: 5 }).lr[2]).toBe(max_lr);
});

test('a cycle whose height grows past float64 is still a number at its base', () => {
  const spec = { strategy: 'cyclic', base_lr: 1, max_lr: 2, step_size: 2, mode: 'exp_range' };
  const { lr } = runStrategy({ ...spec, gamma: 1e300 }, { epochs: 1, stepsPerEpoch: 5 });
  expect(lr).toEqual([1, 5e299, Infinity, Infinity, 1]);
  const flat = { ...spec, max_lr: 1, gamma: 1e300 };
  expect(runStrategy(flat, { epochs: 1, stepsPerEpoch: 3 }).lr).toEqual([1, 1, 1]);
});

test('a cut that is not larger than eps is left out', () => {
  const spec = { strategy: 'plateau', lr: 1, monitor: 'm', mode: 'min', patience: 1, factor: 0.5 };
  const metrics = [{ m: 1 }, { m: 1 }];
  const run = { epochs: 3, stepsPerEpoch: 1 };
  expect(runStrategy({ ...spec, eps: 0.5 }, run, metrics).lr).toEqual([1, 1, 1]);
  expect(runStrategy({ ...spec, eps: 0.49 }, run, metrics).lr).toEqual([1, 1, 0.5]);
});

test('a strategy that does not follow metrics keeps its very state', () => {
  const strategy = makeStrategy({ strategy: 'step', lr: 1, step_size: 1 });
  const state = strategy.start({ epochs: 2, stepsPerEpoch: 3 });
  expect(strategy.observe(state, 0, { m: 1 })).toBe(state);
});

test.each<[object, number]>([
  [{ strategy: 'step', lr: 1, step_size: '2.66 epochs', gamma: 0.5 }, 1 / 32],
  [{ strategy: 'exponential', lr: 1, decay_rate: 0.5, staircase: true }, 1 / 32],
  [{ strategy: 'inverse_time', lr: 1, decay_rate: 1, staircase: true }, 1 / 6],
  [{ strategy: 'polynomial', lr: 1, cycle: true }, 0],
])('%j has its fifth stair at its own step, whole but for rounding', (spec, value) => {
  expect(Math.floor(399 / (2.66 * 30))).toBe(4);
  const decay = 'step_size' in spec ? {} : { decay_steps: '2.66 epochs' };
  const strategy = makeStrategy({ ...spec, ...decay });
  const state = strategy.start({ epochs: 20, stepsPerEpoch: 30 });
  expect(strategy.controls(state, 399, 1)).toEqual({ learningRate: value });
  expect(strategy.controls(state, 398, 1)).not.toEqual({ learningRate: value });
});

test.each([
  { strategy: 'exponential', decay_rate: 1 },
  { strategy: 'inverse_time', decay_rate: 0 },
])('%j stays however often its time fits into a step', (spec) => {
  const decays = { lr: 0.1, decay_steps: '1e-310 steps' };
  for (const staircase of [false, true]) {
    const { lr } = runStrategy({ ...spec, ...decays, staircase }, { epochs: 1, stepsPerEpoch: 3 });
    expect(lr).toEqual([0.1, 0.1, 0.1]);
  }
});
