// Settings by their median over seeds.

import { expect, test } from 'vitest';
import { leaderboardLines } from '../../src/cli/leaderboard.ts';
import type { LeaderboardRow, SweepRow } from '../../src/results/open-results.ts';
import { summarise } from '../../src/results/summary.ts';

function row(strategy: string, label: string, seed: number, value: number | null): LeaderboardRow {
  return {
    sweep_id: 's',
    rank: 0,
    trial_id: `s/${strategy}${seed}`,
    number: seed,
    strategy,
    strategy_label: label,
    config_label: '',
    seed,
    metric: 'val_loss',
    value,
    best_epoch: 0,
    epochs_done: 1,
  };
}

const ROWS = [
  row('step', 'lr 1', 1, 0.1),
  row('fixed', 'lr 1', 1, 0.4),
  row('step', 'lr 1', 2, 0.5),
  row('step', 'lr 1', 3, 0.2),
  row('fixed', 'lr 1', 2, 0.3),
  row('fixed', 'lr 2', 1, null),
];
const SWEEP: SweepRow = {
  sweep_id: 's',
  state: 'completed',
  metric: 'val_loss',
  mode: 'min',
  trials: 6,
  pending: 0,
  running: 0,
  completed: 6,
  failed: 0,
  diverged: 0,
  cancelled: 0,
  submitted_ms: 0,
  ended_ms: 1,
};

test('the median of an odd number of seeds is the middle, of an even number the mean of the two', () => {
  const settings = summarise(ROWS, 'min');
  expect(
    settings.map((setting) => [
      setting.label,
      setting.seeds,
      setting.least,
      setting.median,
      setting.greatest,
    ]),
  ).toEqual([
    ['step lr 1', 3, 0.1, 0.2, 0.5],
    ['fixed lr 1', 2, 0.3, 0.35, 0.4],
  ]);
});

test('with mode max the greatest median is first', () => {
  expect(summarise(ROWS, 'max').map((setting) => setting.label)).toEqual([
    'fixed lr 1',
    'step lr 1',
  ]);
});

test('the leaderboard compares the best with the best fixed rate', () => {
  expect(leaderboardLines(SWEEP, ROWS, 10)).toEqual([
    'RANK  MEDIAN val_loss  SPREAD     SEEDS  SETTING     BEST TRIAL',
    '   1              0.2  0.1 … 0.5      3  step lr 1   s/step1',
    '   2             0.35  0.3 … 0.4      2  fixed lr 1  s/fixed1',
    '',
    'best: step lr 1 (median val_loss 0.2)',
    'best fixed rate: fixed lr 1 (median val_loss 0.35), 0.15 behind',
  ]);
});

test('a sweep without a completed trial says so', () => {
  expect(leaderboardLines(SWEEP, [], 10)).toEqual(['s: no trial has completed yet']);
});
