// Two settings over their seeds, and one of which no trial has a value.

import type { LeaderboardRow } from '../../src/results/open-results.ts';

/** In the order in which the trials were written. */
export const ROWS = [
  row('step', 'lr 1', 1, 0.1),
  row('fixed', 'lr 1', 1, 0.4),
  row('step', 'lr 1', 2, 0.5),
  row('step', 'lr 1', 3, 0.2),
  row('fixed', 'lr 1', 2, 0.3),
  row('fixed', 'lr 2', 1, null),
];

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
    strategy_json: JSON.stringify({ strategy, label }),
    config_json: '{}',
    epochs: 1,
  };
}
