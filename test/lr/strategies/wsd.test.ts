// Warm-up, stable, decay.

import { expect, test } from 'vitest';

import { makeStrategy, runStrategy } from '../run-strategy.ts';

const WSD = { strategy: 'wsd', lr: 1, min_lr: 0.25 };

test('the step behind a training whose decay takes no time has the floor, as in transformers', () => {
  const strategy = makeStrategy({ ...WSD, decay: 0 });
  const state = strategy.start({ epochs: 2, stepsPerEpoch: 2 });
  expect(strategy.controls(state, 0, 4)).toEqual({ learningRate: 1 });
  expect(strategy.controls(state, 4, 2)).toEqual({ learningRate: 0.25 });
  expect(strategy.controls(state, 3, 2)).toEqual({ learningRate: Float64Array.of(1, 0.25) });
});

test('the first step of a decay has the learning rate itself, and the step behind the last one the floor', () => {
  const { lr } = runStrategy({ ...WSD, decay: 3 }, { epochs: 1, stepsPerEpoch: 5 });
  expect(lr).toEqual([1, 1, 1, 0.75, 0.5]);
});

test('a decay longer than the training begins at its first step and is done at its end', () => {
  const run = { epochs: 1, stepsPerEpoch: 4 };
  const long = runStrategy({ ...WSD, min_lr: 0, decay: '9 epochs' }, run);
  expect(long.lr).toEqual(runStrategy({ ...WSD, min_lr: 0, decay: '1 epoch' }, run).lr);
});
