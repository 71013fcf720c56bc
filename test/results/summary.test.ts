// Settings by their median over seeds.

import { expect, test } from 'vitest';
import { summarise } from '../../src/results/summary.ts';
import { ROWS } from '../support/leaderboard-rows.ts';

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

test('settings whose labels look alike are not mixed', () => {
  const alike = ROWS.map((row, i) => ({ ...row, strategy_json: `{"gamma":${i}}` }));
  expect(summarise(alike, 'min')).toHaveLength(alike.filter((row) => row.value !== null).length);
});
