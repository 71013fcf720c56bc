// What is timed: every strategy of the catalogue, in each setting that takes another way through its formula.

import type { StrategySpec } from '../../src/lr/spec.ts';

/** The metric that plateaus follow. */
export const OBJECTIVE = { metric: 'val_loss', mode: 'min' } as const;

/** A linear ramp over so many steps that the strategy behind it is most of what is timed. */
export const WARMUP = { length: '5000 steps', start_factor: 0.1 } as const;

const momenta = { base_momentum: 0.85, max_momentum: 0.95 };
const cyclic = { strategy: 'cyclic', base_lr: 0.01, max_lr: 0.06, step_size: '2000 steps' };
const smooth = { lr: 0.1, decay_rate: 0.9, decay_steps: '10000 steps' };
const wsd = { strategy: 'wsd', lr: 0.1, decay: '900000 steps', min_lr: 0.001 };
const rising = { strategy: 'range_test', min_lr: 1e-5, max_lr: 1 };

/** Fifty cuts all over a million steps, each within an epoch. */
const CUTS = Array.from({ length: 50 }, (_, i) => `${i * 19_999 + 500} steps`);
const RATES = Array.from({ length: CUTS.length + 1 }, (_, i) => 0.1 * 0.9 ** i);

/** Each setting by what it is. Lengths are in steps, so that they are the same in one stretch and in epochs. */
export const SETTINGS: Readonly<Record<string, StrategySpec>> = {
  fixed: { strategy: 'fixed', lr: 0.1 },
  step: { strategy: 'step', lr: 0.1, step_size: '2500 steps', gamma: 0.99 },
  'multistep, 3 milestones': {
    strategy: 'multistep',
    lr: 0.1,
    milestones: ['300500 steps', '600500 steps', '800500 steps'],
  },
  'multistep, 50 milestones': { strategy: 'multistep', lr: 0.1, milestones: CUTS, gamma: 0.9 },
  'piecewise, 51 values': { strategy: 'piecewise', values: RATES, boundaries: CUTS },
  exponential: { strategy: 'exponential', ...smooth },
  'exponential, staircase': {
    strategy: 'exponential',
    ...smooth,
    decay_steps: '1500 steps',
    staircase: true,
  },
  inverse_time: { strategy: 'inverse_time', ...smooth },
  polynomial: { strategy: 'polynomial', lr: 0.1 },
  'polynomial, power 0.5': { strategy: 'polynomial', lr: 0.1, end_lr: 0.001, power: 0.5 },
  'polynomial, power 2, cycle': {
    strategy: 'polynomial',
    lr: 0.1,
    decay_steps: '10000 steps',
    power: 2,
    cycle: true,
  },
  cosine: { strategy: 'cosine', lr: 0.1, min_lr: 0.001 },
  'cosine_restarts, t_mul 2': { strategy: 'cosine_restarts', lr: 0.1, first: '1000 steps' },
  'cosine_restarts, t_mul 1, m_mul 0.9': {
    strategy: 'cosine_restarts',
    lr: 0.1,
    first: '1000 steps',
    t_mul: 1,
    m_mul: 0.9,
  },
  'one_cycle, cos': { strategy: 'one_cycle', max_lr: 0.1 },
  'one_cycle, linear': { strategy: 'one_cycle', max_lr: 0.1, anneal: 'linear' },
  'one_cycle, three phases, momentum': {
    strategy: 'one_cycle',
    max_lr: 0.1,
    three_phase: true,
    ...momenta,
  },
  'cyclic, triangular': cyclic,
  'cyclic, triangular2': { ...cyclic, mode: 'triangular2' },
  'cyclic, exp_range': { ...cyclic, mode: 'exp_range', gamma: 0.99999 },
  'cyclic, exp_range, momentum': { ...cyclic, mode: 'exp_range', gamma: 0.99999, ...momenta },
  'wsd, linear': wsd,
  'wsd, cosine': { ...wsd, decay_type: 'cosine' },
  'wsd, 1-sqrt': { ...wsd, decay_type: '1-sqrt' },
  plateau: { strategy: 'plateau', lr: 0.1, factor: 0.9, patience: 3, ...toMonitor() },
  'range_test, exponential': rising,
  'range_test, linear': { ...rising, scale: 'linear' },
};

function toMonitor(): { readonly monitor: string; readonly mode: string } {
  return { monitor: OBJECTIVE.metric, mode: OBJECTIVE.mode };
}
