// How large checkpoints are, foretold from one that was saved before any training; with the trial's own way of saving.

import { mkdirSync, statSync, writeFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { lookAtCheckpoint } from '../../agent/saved-checkpoint.ts';
import type { TrialData } from '../../src/trial/define-trial.ts';
import type { OptimizerSpec } from '../../src/trial/optimizer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startBackend } from '../trial/start-backend.ts';
import { openToy, toyTrial, trainToy } from '../trial/toy-trial.ts';

beforeAll(() => startBackend('cpu'));

const OPTIMIZERS: readonly OptimizerSpec[] = [
  { name: 'sgd' },
  { name: 'momentum' },
  { name: 'adam' },
  { name: 'adamax' },
  { name: 'rmsprop' },
  { name: 'rmsprop', centered: true },
  { name: 'adagrad' },
  { name: 'adadelta' },
];

test.each(OPTIMIZERS)('of %j no later one is larger, and not much smaller', async (optimizer) => {
  const trial = await openToy(toyTrial(optimizer), 1);
  const [before, after] = [temporaryFolder(), temporaryFolder()];
  await trial.save?.(before);
  await trainToy(trial, 1, 0, 2);
  await trial.save?.(after);
  const later = readdirSync(after).reduce((sum, name) => sum + statSync(join(after, name)).size, 0);
  const { bytes } = await lookAtCheckpoint(before);
  expect(bytes).toBeGreaterThanOrEqual(later);
  // Of the toy the list of slots is longer than the slots.
  expect(bytes).toBeLessThan(1.3 * later);
  expect((await lookAtCheckpoint(after)).bytes).toBe(later);
  await trial.close?.();
});

function toOnes(): TrialData {
  const samples = { xs: tf.ones([4, 3]), ys: tf.ones([4, 3]) };
  return { train: samples, validation: samples };
}

test('dropout with a seed of its own is named, wherever it is in the model', async () => {
  const inner = tf.sequential({
    layers: [tf.layers.dropout({ rate: 0.1, seed: 0, inputShape: [3] })],
  });
  const layers = [
    tf.layers.dropout({ rate: 0.1, seed: 7, name: 'mine', inputShape: [3] }),
    tf.layers.dropout({ rate: 0.1, name: 'yours' }),
    tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: 5 }) }),
    inner,
  ];
  const trial = await openToy(
    { ...toyTrial(), data: toOnes, model: () => tf.sequential({ layers }) },
    1,
  );
  const folder = temporaryFolder();
  await trial.save?.(folder);
  expect((await lookAtCheckpoint(folder)).fixedDropouts).toEqual([
    'mine',
    expect.stringContaining('dropout_'),
  ]);
});

test('of a loop of one’s own it is what lies there, whatever the names', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'deep'));
  writeFileSync(join(folder, 'deep/state'), Buffer.alloc(1000));
  writeFileSync(join(folder, 'model.json'), '[1, 2');
  writeFileSync(join(folder, 'optimizer.json'), '"adam"');
  expect(await lookAtCheckpoint(folder)).toEqual({ bytes: 1000 + 5 + 6, fixedDropouts: [] });
});
