// One rise and one fall.

import { describe, expect, test } from 'vitest';

import { makeStrategy, runStrategy, toList } from '../run-strategy.ts';

const CYCLE = { strategy: 'one_cycle', max_lr: 0.11, div_factor: 10, final_div_factor: 100 };
const MOMENTA = { base_momentum: 0.85, max_momentum: 0.95 };

describe('the peak', () => {
  test('is exactly max_lr and the lowest momentum, also where its step is whole but for rounding', () => {
    expect(0.29 * 100).not.toBe(29);
    const spec = { ...CYCLE, ...MOMENTA, pct_start: 0.29 };
    const { lr, momentum } = runStrategy(spec, { epochs: 1, stepsPerEpoch: 100 });
    expect([lr.indexOf(0.11), momentum.indexOf(0.85)]).toEqual([28, 28]);
  });

  test('is followed by the same steps whatever comes last, in three phases', () => {
    const run = { epochs: 1, stepsPerEpoch: 100 };
    const [a, b] = [100, 1000].map((final_div_factor) =>
      runStrategy({ ...CYCLE, final_div_factor, three_phase: true, pct_start: 0.29 }, run),
    );
    const shared = a?.lr.findIndex((value, step) => value !== b?.lr[step]);
    expect(shared).toBe(2 * 28 + 1);
  });
});

describe('behind the last step', () => {
  test.each(['cos', 'linear'])('learning rate and momentum stay, with %s', (anneal) => {
    const strategy = makeStrategy({ ...CYCLE, ...MOMENTA, anneal });
    const state = strategy.start({ epochs: 2, stepsPerEpoch: 5 });
    const { learningRate, momentum } = strategy.controls(state, 9, 3);
    expect(toList(learningRate, 3)).toEqual([0.011 / 100, 0.011 / 100, 0.011 / 100]);
    expect(momentum).toBe(0.95);
  });
});

test('a training of one step has the first learning rate, not the last', () => {
  expect(runStrategy(CYCLE, { epochs: 1, stepsPerEpoch: 1 }).lr).toEqual([0.011]);
});
