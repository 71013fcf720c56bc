// What the benchmark of sharing reads from a results database.

import { expect, test } from 'vitest';

import { readPauses } from '../../bench/sharing/pauses.ts';
import { readRecording } from '../../bench/sharing/recording.ts';
import type { Results } from '../../src/results/open-results.ts';
import { recordedSweep } from './recorded-sweep.ts';

function reading<T>(results: Results, read: (results: Results) => T): T {
  try {
    return read(results);
  } finally {
    results.close();
  }
}

test('a recording has every epoch of every trial, and each trained epoch once', () => {
  const recording = reading(recordedSweep(), readRecording);
  expect(recording).toMatchObject({
    states: '3 completed',
    delivered: 12,
    // two shared, three times two alone, and one of a stage without trials
    trained: 2 + 3 * 2 + 1,
    repeated: 0,
    irreproducible: 0,
    troubles: [],
    stepsPerEpoch: 20,
    leaderboard: ['1 3 0.03333333333333333', '2 2 0.05', '3 1 0.1'],
  });
  expect(recording.histories.get(2)).toEqual(
    [3, 4, 5, 6].map((n) => ({ loss: Number.NaN, val_loss: 1 / n })),
  );
  expect(recording.lines).toHaveLength(3 * 4 * 2 + 3 * 4);
  expect(recording.lines).toContain('3 2 val_loss finite 0.2');
  expect(recording.lines).toContain('3 2 loss nan null');
  expect(recording.lines).toContain('1 0 steps and rates 20 0.1 0.1 0.1 0.1 0.1');
});

test.each([
  [
    'a metric',
    "UPDATE metric SET value = value + 1e-16 WHERE stage_id = 'left' AND epoch = 3 AND name = 'val_loss'",
  ],
  ['a kind', "UPDATE metric SET kind = '+inf' WHERE stage_id = 'root' AND name = 'loss'"],
  [
    'a learning rate',
    "UPDATE epoch SET lr_least = 0.09999999999999999 WHERE stage_id = 'middle' AND epoch = 2",
  ],
  [
    'an epoch less',
    "UPDATE trial_stage SET to_epoch = 3 WHERE trial_id = 't2' AND stage_id = 'right'",
  ],
])('recordings differ in lines by %s', (_, sql) => {
  const { lines } = reading(recordedSweep(), readRecording);
  const changed = reading(
    recordedSweep((db) => db.exec(sql)),
    readRecording,
  );
  expect(changed.lines).not.toEqual(lines);
});

test('repeated and irreproducible epochs are counted', () => {
  const sql = "UPDATE stage SET repeated_epochs = 2, reproducible = 0 WHERE stage_id = 'left'";
  const recording = reading(
    recordedSweep((db) => db.exec(sql)),
    readRecording,
  );
  expect(recording).toMatchObject({ repeated: 2, irreproducible: 1 });
});

test.each([
  [
    "end = 'lost', message = 'gone'",
    'left, attempt 1: lost gone, began at epoch 2 of a stage from epoch 2',
  ],
  ['start_epoch = 0', 'left, attempt 1: completed, began at epoch 0 of a stage from epoch 2'],
])('an attempt with %s is trouble', (change, trouble) => {
  const sql = `UPDATE attempt SET ${change} WHERE stage_id = 'left'`;
  const recording = reading(
    recordedSweep((db) => db.exec(sql)),
    readRecording,
  );
  expect(recording.troubles).toEqual([trouble]);
});

test('pauses are told apart by how a stage began', () => {
  const pauses = reading(recordedSweep(), readPauses);
  expect(pauses.epoch).toMatchObject({ median: 100, greatest: 100, count: 9 });
  expect(pauses.between).toMatchObject({ median: 2, greatest: 4, count: 4 });
  // left, at 1207 behind 1202
  expect(pauses.inPlace).toMatchObject({ median: 5, count: 1 });
  // right, at 1439 behind 1409 on its slot; middle, at 1222 behind the fork at 1202, its slot being free since 1000
  expect(pauses.fromCheckpoint).toMatchObject({ median: 20, greatest: 30, count: 2 });
  expect(pauses.fromScratch).toMatchObject({ count: 0 });
});
