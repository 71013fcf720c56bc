// The leaderboard as people read it.

import { expect, test } from 'vitest';
import { leaderboardLines } from '../../src/cli/leaderboard.ts';
import type { SweepRow } from '../../src/results/open-results.ts';
import { ROWS } from '../support/leaderboard-rows.ts';

const SWEEP: SweepRow = {
  sweep_id: 's',
  state: 'completed',
  metric: 'val_loss',
  mode: 'min',
  at: 'best',
  trials: 6,
  pending: 0,
  running: 0,
  paused: 0,
  completed: 6,
  failed: 0,
  diverged: 0,
  cancelled: 0,
  epochs_total: 12,
  epochs_delivered: 12,
  epochs_trained: 12,
  submitted_ms: 0,
  ended_ms: 1,
};

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
