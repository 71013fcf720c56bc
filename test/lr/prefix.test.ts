// Claims about shared prefixes, measured on the references: how many leading steps two strategies apply alike, as float32.

import { describe, expect, test } from 'vitest';

import { readOracle, type OracleCase, type Settings, type Side } from './oracle/files.ts';
import type { Strategy } from '../../src/lr/strategy.ts';
import { makeStrategy, toList } from './run-strategy.ts';

/** A schedule in our spelling, in a training of so many steps where that counts. */
type Spelt = { readonly spec: Settings; readonly total?: number };

/** Schedules of the references in our spelling. */
const SPELLING: Readonly<Record<string, (cfg: Settings, lr0: unknown) => Spelt>> = {
  Fixed: (_, lr) => ({ spec: { strategy: 'fixed', lr } }),
  StepLR: (cfg, lr) => ({ spec: { strategy: 'step', lr, ...cfg } }),
  MultiStepLR: (cfg, lr) => ({ spec: { strategy: 'multistep', lr, ...cfg } }),
  ExponentialLR: ({ gamma }, lr) => ({
    spec: { strategy: 'exponential', lr, decay_rate: gamma, staircase: true },
  }),
  'keras.ExponentialDecay': ({ initial_learning_rate: lr, ...cfg }) => ({
    spec: { strategy: 'exponential', lr, ...cfg },
  }),
  'keras.InverseTimeDecay': ({ initial_learning_rate: lr, ...cfg }) => ({
    spec: { strategy: 'inverse_time', lr, ...cfg },
  }),
  'keras.PiecewiseConstantDecay': (cfg) => ({ spec: { strategy: 'piecewise', ...cfg } }),
  'keras.PolynomialDecay': ({ initial_learning_rate: lr, end_learning_rate: end_lr, ...cfg }) => ({
    spec: { strategy: 'polynomial', lr, end_lr, ...cfg },
  }),
  PolynomialLR: ({ total_iters: decay_steps, power }, lr) => ({
    spec: { strategy: 'polynomial', lr, decay_steps, power },
  }),
  CosineAnnealingLR: ({ T_max: decay_steps, eta_min: min_lr }, lr) => ({
    spec: { strategy: 'cosine', lr, min_lr, decay_steps },
  }),
  'keras.CosineDecay': ({ initial_learning_rate: lr, alpha = 0, decay_steps }) => ({
    spec: { strategy: 'cosine', lr, min_lr: Number(alpha) * Number(lr), decay_steps },
  }),
  CosineAnnealingWarmRestarts: ({ T_0: first, eta_min: min_lr }, lr) => ({
    spec: { strategy: 'cosine_restarts', lr, min_lr, first, t_mul: 1 },
  }),
  'keras.CosineDecayRestarts': ({
    initial_learning_rate: lr,
    first_decay_steps: first,
    m_mul,
  }) => ({
    spec: { strategy: 'cosine_restarts', lr, first, m_mul },
  }),
  CLR: (cfg) => ({ spec: { strategy: 'cyclic', ...cfg } }),
  OneCycleLR: ({ total_steps, anneal_strategy: anneal, ...cfg }) => ({
    spec: { strategy: 'one_cycle', anneal, ...cfg },
    total: Number(total_steps),
  }),
  ConstantLR: (_, lr) => ({ spec: { strategy: 'fixed', lr } }),
  LinearLR: ({ start_factor, total_iters: length }, lr) => ({
    spec: { strategy: 'fixed', lr, warmup: { length, start_factor } },
  }),
  SequentialLR: (_, lr) => ({
    spec: {
      strategy: 'step',
      lr,
      step_size: 20,
      gamma: 0.1,
      warmup: { length: 10, start_factor: 0.1 },
    },
  }),
  WSD: ({ num_warmup_steps: length, num_stable_steps, decay_type }, lr) => ({
    spec: { strategy: 'wsd', lr, decay: 20, decay_type, warmup: { length, start_factor: 0 } },
    total: Number(length) + Number(num_stable_steps) + 20,
  }),
};

/** Pairs with a schedule that is none of ours, and why not. */
const NO_COUNTERPART: ReadonlyMap<string, string> = new Map([
  [
    'torch CyclicLR step_size_down differs: step_size_up+1',
    'both halves of a cycle are equally long, as in the paper',
  ],
]);

const PAIRS = readOracle('prefix_equivalence', 'pairs');

describe('leading steps that two schedules share', () => {
  test('are compared in 41 pairs of 42, and the other one has a reason', () => {
    expect(PAIRS).toHaveLength(42);
    expect(PAIRS.filter(({ id }) => NO_COUNTERPART.has(id))).toHaveLength(NO_COUNTERPART.size);
  });

  test.each(PAIRS.filter(({ id }) => !NO_COUNTERPART.has(id)))('$id', (pair) => {
    const { horizon = 0, common_prefix_rel_1e12: claimed } = pair;
    const [a = [], b = []] = [pair.a, pair.b].map((side) => toRates(side, horizon));
    expect(countShared(a, b)).toBe(claimed);
  });
});

/** The float32 learning rates of the first `horizon` steps, in a training that may be shorter. */
function toRates(side: Side = {}, horizon: number): readonly number[] {
  const spell = SPELLING[side.strategy ?? ''];
  if (spell === undefined) throw new Error(`no strategy for ${side.strategy}`);
  const { spec, total = horizon } = spell(side.cfg ?? {}, side['lr0']);
  const strategy = makeStrategy(spec);
  const state = strategy.start({ stepsPerEpoch: 1, epochs: total });
  return toList(strategy.controls(state, 0, horizon).learningRate, horizon).map(Math.fround);
}

function countShared(a: readonly number[], b: readonly number[]): number {
  const first = a.findIndex((value, i) => !Object.is(value, b[i]));
  return first === -1 ? a.length : first;
}

const CLAIMS = readOracle('prefix_equivalence', 'plateau_claims');

describe('learning rates that two plateaus share, whatever the metrics', () => {
  test.each(CLAIMS)('$id', (claim) => {
    const [left = '', right = left] = (claim.models ?? '').split('/');
    const pair = [plateau(left, claim.a), plateau(right, claim.b)].map(makeStrategy);
    const states = pair.map((strategy) => strategy.start({ stepsPerEpoch: 1, epochs: 10 }));
    const shared = countLeast(pair, states, { epoch: 0, epochs: claim.epochs ?? 0, best: 10 });
    expect(shared).toBe(claim.min_common_prefix_lr_entries);
  });
});

function plateau(model: string, cfg: OracleCase['a'] = {}): Settings {
  if (model === 'fixed') return { strategy: 'fixed', lr: 0.1 };
  const counting = model === 'torch' ? 'torch' : 'keras';
  const settled = { monitor: 'm', mode: 'min', factor: 0.5, eps: 0, counting };
  return { strategy: 'plateau', lr: 0.1, ...settled, ...cfg };
}

type Place = { readonly epoch: number; readonly epochs: number; readonly best: number };

/** The least number of leading epochs with equal learning rates over all words of better, same and worse from here on. */
function countLeast(
  pair: readonly Strategy[],
  states: readonly unknown[],
  { epoch, epochs, best }: Place,
): number {
  const rates = pair.map((strategy, i) => strategy.controls(states[i], epoch, 1).learningRate);
  if (Math.fround(Number(rates[0])) !== Math.fround(Number(rates[1]))) return epoch;
  if (epoch === epochs) return epochs + 1;
  const counts = [best - 1, best, best + 1].map((m) => {
    const next = pair.map((strategy, i) => strategy.observe(states[i], epoch, { m }));
    return countLeast(pair, next, { epoch: epoch + 1, epochs, best: Math.min(m, best) });
  });
  return Math.min(...counts);
}
