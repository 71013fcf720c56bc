// Half a cosine over and over.

import { describe, expect, test } from 'vitest';

import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { makeStrategy, runStrategy, toList } from '../run-strategy.ts';

const SGDR = { strategy: 'cosine_restarts', lr: 0.11, min_lr: 0.008, first: 3 };

describe('the learning rate at a restart', () => {
  test('is lr itself at the start, also where each cosine is lower than the one before', () => {
    expect(0.008 + (0.11 - 0.008)).not.toBe(0.11);
    const { lr } = runStrategy({ ...SGDR, m_mul: 0.5 }, { epochs: 1, stepsPerEpoch: 4 });
    expect([lr[0], lr[3]]).toEqual([0.11, 0.008 + (0.11 - 0.008) / 2]);
  });

  test('is never above lr by an ulp', () => {
    const { lr } = runStrategy({ ...SGDR, m_mul: 1 - 2 ** -53 }, { epochs: 1, stepsPerEpoch: 200 });
    expect(Math.max(...lr)).toBe(0.11);
  });

  test('comes at the same steps wherever a stretch begins', () => {
    const strategy = makeStrategy({ ...SGDR, first: 2.5, t_mul: 1.5 });
    const state = strategy.start({ epochs: 1, stepsPerEpoch: 100 });
    const whole = toList(strategy.controls(state, 0, 100).learningRate, 100);
    const one = (step: number): unknown => strategy.controls(state, step, 1).learningRate;
    expect(Array.from({ length: 100 }, (_, step) => one(step))).toEqual(whole);
  });
});

describe('a restart at a step that is whole but for rounding is not missed', () => {
  test.each([
    [1, 2.66, 30, 399],
    [1, 1.56, 10, 1248],
    [2, 4.44, 10, 11_322],
    [3, 1.01, 30, 1212],
  ])('t_mul %d, first %d epochs of %d steps: step %d', (t_mul, first, stepsPerEpoch, restart) => {
    const strategy = makeStrategy({ ...SGDR, first: `${first} epochs`, t_mul });
    const state = strategy.start({ epochs: 1000, stepsPerEpoch });
    expect(strategy.controls(state, restart, 1)).toEqual({ learningRate: 0.11 });
    const around = toList(strategy.controls(state, restart - 1, 3).learningRate, 3);
    expect(around[1]).toBe(0.11);
    expect(around[0]).toBeLessThan(0.01);
  });
});

describe('a first cosine shorter than a step', () => {
  test('is refused where it is written in steps', () => {
    expect(parseStrategy({ ...SGDR, first: 0.5 })).toMatchObject({
      ok: false,
      problems: [{ field: 'first', message: 'first: received 0.5; first must be at least 1 step' }],
    });
  });

  test('takes a step, so that restarts can be counted, however slowly they grow', () => {
    const strategy = makeStrategy({ ...SGDR, first: '1e-300 epochs', t_mul: 1 + 2 ** -52 });
    const state = strategy.start({ epochs: 3, stepsPerEpoch: 4 });
    expect(state).toEqual({ first: 1 });
    expect(strategy.controls(state, 1000, 1)).toMatchObject({ learningRate: expect.any(Number) });
  });
});
