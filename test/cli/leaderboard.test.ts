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
    'RANK  MEDIAN val_loss  SPREAD     SEEDS  BEST TRIAL  SETTING',
    '   1              0.2  0.1 … 0.5      3  s/step1     step lr 1',
    '   2             0.35  0.3 … 0.4      2  s/fixed1    fixed lr 1',
    '',
    'best: step lr 1 (median val_loss 0.2)',
    'best fixed rate: fixed lr 1 (median val_loss 0.35), 0.15 behind',
    'their seeds overlap, so this may be chance',
  ]);
});

test('that one is ahead is doubted unless each of its seeds is better than all of the other', () => {
  const doubt = (values: Readonly<Record<string, number>>, mode: 'min' | 'max'): string => {
    const rows = ROWS.map((row) => ({ ...row, value: values[row.trial_id] ?? row.value }));
    return leaderboardLines({ ...SWEEP, mode }, rows, 10).at(-1) ?? '';
  };
  expect(doubt({ 's/step2': 0.29, 's/step3': 0.29 }, 'min')).toMatch(/behind$/);
  expect(doubt({ 's/step2': 0.3, 's/step3': 0.2 }, 'min')).toBe(
    'their seeds overlap, so this may be chance',
  );
  const [first, ...others] = ROWS;
  const fixed = others.filter(({ strategy }) => strategy === 'fixed');
  expect(first?.strategy).toBe('step');
  expect(leaderboardLines(SWEEP, first === undefined ? [] : [first, ...fixed], 10).at(-1)).toBe(
    'with so few seeds this may be chance',
  );
});

test('lines end with the terminal, and settings that are not shown are counted', () => {
  const [header = '', first = '', more] = leaderboardLines(SWEEP, ROWS, 1, 80);
  expect([header, first]).toEqual([
    expect.stringMatching(/SETTING$/) as string,
    expect.stringMatching(/step lr 1$/) as string,
  ]);
  expect(more).toBe('     … 1 more: espalier best s --top 2');
  expect(leaderboardLines(SWEEP, ROWS, 1, 54)[1]).toMatch(/^.{53}…$/);
});

test('a sweep without a completed trial says so', () => {
  expect(leaderboardLines(SWEEP, [], 10)).toEqual(['s: no trial has completed yet']);
});
