// Plans of whole sweep files against the count that the benchmark of sharing is held to: every step of every trial, looked at.

import { expect, test } from 'vitest';

import { countByBruteForce } from '../../bench/sharing/count-by-brute-force.ts';
import { planSweep } from '../../src/plan/plan-sweep.ts';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';

const HEAD = ['name: counted', 'trial: ./trial.ts', 'objective: { metric: val_loss, mode: min }'];
const WARM = 'warmup: [{ length: 3 }, { length: 1.5 epochs, start_factor: 0.5 }]';

/** By hand where that is easy: so many epochs of distinct beginnings, of two seeds each. */
test.each<[string, readonly string[], number | undefined]>([
  [
    'inverse_time',
    [
      '{ strategy: inverse_time, lr: 1, decay_rate: [1, 2], decay_steps: 3 epochs, staircase: true }',
    ],
    2 * (3 + 5 + 5),
  ],
  [
    'polynomial',
    ['{ strategy: polynomial, lr: 1, power: [1, 2], cycle: [false, true] }'],
    2 * (8 + 8),
  ],
  [
    'cosine',
    ['{ strategy: cosine, lr: 1, min_lr: [0, 0.1], decay_steps: [4 epochs, 8 epochs] }'],
    2 * 32,
  ],
  [
    'cosine_restarts',
    ['{ strategy: cosine_restarts, lr: 1, first: 2 epochs, t_mul: [1, 3], m_mul: [1, 0.5] }'],
    // two epochs in common, in the third all part
    2 * (2 + 4 * 6),
  ],
  [
    'one_cycle',
    [
      '{ strategy: one_cycle, max_lr: 1, pct_start: 0.5, final_div_factor: [1, 100], three_phase: [false, true] }',
    ],
    // four epochs of rise in common; in three phases the final factor counts at the last step only
    2 * (4 + 4 + 4 + 3 + 1 + 1),
  ],
  [
    'wsd',
    ['{ strategy: wsd, lr: 1, decay: [2 epochs, 4 epochs] }', '{ strategy: fixed, lr: 1 }'],
    2 * (8 + 4 + 2),
  ],
  [
    'range_test',
    ['{ strategy: range_test, min_lr: 0.001, max_lr: [0.1, 1], scale: [exponential, linear] }'],
    2 * 32,
  ],
  [
    'all behind warm-ups',
    [
      `{ strategy: cosine, lr: 1, ${WARM} }`,
      `{ strategy: polynomial, lr: 1, decay_steps: [2 epochs, 20], ${WARM} }`,
      `{ strategy: wsd, lr: 1, decay: 2 epochs, decay_type: [linear, cosine, 1-sqrt], ${WARM} }`,
      `{ strategy: cosine_restarts, lr: 1, first: [1 epochs, 7], ${WARM} }`,
      `{ strategy: one_cycle, max_lr: 10, div_factor: 10, ${WARM} }`,
      `{ strategy: range_test, min_lr: 1, max_lr: [2, 3], ${WARM} }`,
      `{ strategy: inverse_time, lr: 1, decay_rate: [0, 1], ${WARM} }`,
    ],
    undefined,
  ],
])('%s', (_, strategies, byHand) => {
  for (const stepsPerEpoch of [1, 2, 5, 16]) {
    const lines = strategies.map((strategy) => `  - ${strategy}`);
    const rest = ['epochs: 8', 'seeds: [1, 2]', `steps_per_epoch: ${stepsPerEpoch}`];
    const parsed = parseSweepFile([...HEAD, ...rest, 'learning_rate:', ...lines].join('\n'));
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
    const counted = countByBruteForce(parsed.spec, stepsPerEpoch);
    expect(planSweep(parsed.spec).trained).toMatchObject({ least: counted, most: counted });
    if (byHand !== undefined && stepsPerEpoch > 1)
      expect([stepsPerEpoch, counted]).toEqual([stepsPerEpoch, byHand]);
  }
});
