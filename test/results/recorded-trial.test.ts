// Records as they are read: exact numbers, over all stages of a path.

import { expect, onTestFinished, test } from 'vitest';
import { openRecords, type Records } from '../../src/results/recorded-trial.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { recordSweep } from '../agent/verify/record-sweep.ts';

const CYCLIC = { strategy: 'cyclic', base_lr: 0.01, max_lr: 0.1, step_size: 6 };

function recorded(change = ''): Records {
  const state = recordSweep([{ strategy: CYCLIC, config: { units: 8 }, done: 5 }], change);
  const records = openRecords(statePaths(state).database);
  onTestFinished(() => records.close());
  return records;
}

test('a trial has what it was trained with', () => {
  expect(recorded().trial('s/1')).toMatchObject({
    trialId: 's/1',
    number: 1,
    strategy: { ...CYCLIC, mode: 'triangular' },
    config: { units: 8 },
    seed: 3,
    epochs: 8,
    recordedEpochs: 5,
    stepsPerEpoch: [4],
    numerics: ['honest of cpu'],
    backends: ['cpu'],
  });
});

test('a path whose stages were computed on different things has all of them', () => {
  const { numerics } = recorded(`UPDATE stage SET numerics = 'x' WHERE from_epoch > 0`).trial(
    's/1',
  );
  expect([...numerics].toSorted()).toEqual(['honest of cpu', 'x']);
});

test('a stage without an epoch of the trial does not count', () => {
  const change = `UPDATE trial_stage SET to_epoch = 2 WHERE stage_id = 's/1@2'; UPDATE trial SET epochs_done = 2;
    UPDATE stage SET numerics = 'x' WHERE from_epoch > 0`;
  expect(recorded(change).trial('s/1')).toMatchObject({
    recordedEpochs: 2,
    numerics: ['honest of cpu'],
  });
});

test('what was not finite comes back as what it was', () => {
  const records =
    recorded(`UPDATE metric SET kind = '+inf', value = NULL WHERE epoch = 2 AND name = 'loss';
    UPDATE metric SET kind = '-inf', value = NULL WHERE epoch = 2 AND name = 'val_loss'`);
  expect(records.epoch('s/1', 2)?.metrics).toEqual({
    loss: Number.POSITIVE_INFINITY,
    val_loss: Number.NEGATIVE_INFINITY,
    val_odd: Number.NaN,
  });
});

test('rates of single steps are one series, and a step without one is not taken for another', () => {
  const series = recorded().epoch('s/1', 4)?.series ?? [];
  expect(series).toHaveLength(4);
  expect(new Set(series).size).toBeGreaterThan(1);
  const change = 'DELETE FROM learning_rate_series WHERE epoch = 4 AND from_step = 0';
  const holed = recorded(change).epoch('s/1', 4)?.series ?? [];
  expect([...holed]).toEqual([Number.NaN, Number.NaN, Number.NaN, series[3]]);
});

test('there is no record of an epoch that was not trained', () => {
  expect(recorded().epoch('s/1', 5)).toBeUndefined();
});

test('a sweep has its code, its data and the epochs that its trials are opened with', () => {
  expect(recorded().sweep('s')).toMatchObject({
    bundle: { path: 'bundle.mjs' },
    files: [{ path: 'data/a.txt' }],
    objective: { metric: 'val_loss' },
    mostEpochs: 8,
  });
});
