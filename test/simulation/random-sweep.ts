// Random sweeps of the toy: a few strategies that begin alike and part here or there, of one or several families.

import type { Submission } from '../../coordinator/core/event.ts';
import type { Dice } from '../support/dice.ts';
import { submissionOf } from '../support/sweep.ts';

/** Items of `learning_rate`, none of which makes a trial of another. Nearly all begin with 0.5, so that there is something to share. */
const GRIDS = [
  '{ strategy: fixed, lr: [0.5, 0.1] }',
  '{ strategy: step, lr: 0.5, step_size: [1, 2, 3], gamma: 0.5 }',
  '{ strategy: step, lr: 0.5, step_size: [2, "3 steps"], gamma: [0.25, 1] }',
  '{ strategy: multistep, lr: 0.5, milestones: [[2], [2, 4], [3]], gamma: 0.5 }',
  '{ strategy: plateau, lr: 0.5, patience: [0, 1, 2], factor: 0.5 }',
  '{ strategy: plateau, lr: 0.5, patience: 1, factor: [0.5, 0.1], min_lr: [0.001, 0.1] }',
  '{ strategy: plateau, lr: 0.5, patience: 1, monitor: val_accuracy, mode: max, cooldown: [0, 2] }',
  '{ strategy: plateau, lr: 0.5, patience: 1, counting: torch, min_delta: [0, 0.1] }',
  '{ strategy: cyclic, base_lr: 0.1, max_lr: 0.5, step_size: 2, base_momentum: [0.5, 0.8], max_momentum: 0.9 }',
  '{ strategy: exponential, lr: 0.5, decay_rate: [0.5, 0.9], decay_steps: ["1 epoch", "3 epochs"], staircase: true }',
  '{ strategy: wsd, lr: 0.5, decay: ["1 epochs", "2 epochs", 3], decay_type: [linear, 1-sqrt] }',
  '{ strategy: cosine_restarts, lr: 0.5, first: ["1 epochs", "2 epochs"], t_mul: [1, 3] }',
  '{ strategy: one_cycle, max_lr: 0.5, div_factor: 1, final_div_factor: [2, 10], base_momentum: 0.8, max_momentum: 0.9 }',
  '{ strategy: cosine, lr: 0.5, min_lr: [0, 0.1], warmup: { length: 3 steps, start_factor: 0.5 } }',
  '{ strategy: step, lr: 0.5, step_size: [1, 2], warmup: { length: 3 steps, start_factor: 0.5 } }',
  '{ strategy: plateau, lr: 0.5, patience: [0, 1], warmup: { length: 3 steps, start_factor: 0.5 } }',
  '{ strategy: own/halving, lr: 0.5, least: [0, 0.2] }',
  '{ strategy: own/inverseRoot, lr: 0.5, from: [2, 4, 100], warmup: { length: 1 } }',
  '{ strategy: own/inverseRoot, lr: 0.5, from: [3, 5] }',
  '{ strategy: fixed, lr: [{ find: {} }, { find: { suggest: steepest } }, { find: { steps: 60, times: 0.5 } }] }',
  '{ strategy: step, lr: { find: {} }, step_size: [1, 2] }',
  '{ strategy: cyclic, base_lr: { find: {} }, max_lr: { find: { times: 2 } }, step_size: 2 }',
];

const EPOCHS = ['3', '[2, 4]', '6', '[3, 6]', '8'];

/** How a sweep is to be; all else is up to the dice. */
export type SweepChoice = {
  readonly sharing: 'on' | 'off';
  readonly retries: number;
  readonly exclusive: boolean;
};

/** A random sweep. */
export function randomSweep(dice: Dice, { sharing, retries, exclusive }: SweepChoice): Submission {
  const grids = dice.shuffle(GRIDS).slice(0, 1 + dice.below(4));
  const at = dice.pick(['best', 'last']);
  const batches = dice.pick(['2', '3', '[2, 3]']);
  return submissionOf([
    `objective: { metric: val_loss, mode: min, at: ${at} }`,
    `epochs: ${dice.pick(EPOCHS)}`,
    `seeds: ${dice.pick(['[1]', '[1, 2]'])}`,
    `config: { batches: ${batches}, salt: ${dice.below(1e9)} }`,
    `checkpoint_every: ${dice.pick(['1', '2', '5'])}`,
    `keep: ${dice.pick(['none', 'best', 'last', 'all'])}`,
    `retries: ${retries}`,
    `sharing: ${sharing}`,
    `exclusive: ${exclusive}`,
    'learning_rate:',
    ...grids.map((grid) => `  - ${grid}`),
  ]);
}
