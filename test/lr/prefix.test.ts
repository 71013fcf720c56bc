// Claims about shared prefixes, measured on the references: how many leading steps two strategies apply alike, as float32.

import { describe, expect, test } from 'vitest';

import { readOracle, type OracleCase, type Settings, type Side } from './oracle-files.ts';
import type { Strategy } from '../../src/lr/strategy.ts';
import { makeStrategy, runStrategy } from './run-strategy.ts';

/** Schedules of the references in our spelling; those that are absent have no strategy in the catalogue. */
const SPELLING: Readonly<Record<string, (cfg: Settings, lr0: unknown) => Settings>> = {
  Fixed: (_, lr) => ({ strategy: 'fixed', lr }),
  StepLR: (cfg, lr) => ({ strategy: 'step', lr, ...cfg }),
  MultiStepLR: (cfg, lr) => ({ strategy: 'multistep', lr, ...cfg }),
  ExponentialLR: ({ gamma }, lr) => ({
    strategy: 'exponential',
    lr,
    decay_rate: gamma,
    staircase: true,
  }),
  'keras.ExponentialDecay': ({ initial_learning_rate: lr, ...cfg }) => ({
    strategy: 'exponential',
    lr,
    ...cfg,
  }),
  'keras.PiecewiseConstantDecay': (cfg) => ({ strategy: 'piecewise', ...cfg }),
  CLR: (cfg) => ({ strategy: 'cyclic', ...cfg }),
  LinearLR: ({ start_factor, end_factor = 1, total_iters: length }, lr) => ({
    strategy: 'fixed',
    lr,
    warmup: { length, start_factor, ...(end_factor === 1 ? {} : { end_factor }) },
  }),
  SequentialLR: (_, lr) => ({
    strategy: 'step',
    lr,
    step_size: 20,
    gamma: 0.1,
    warmup: { length: 10, start_factor: 0.1 },
  }),
};

/** Pairs with a schedule that has no strategy in the catalogue. */
const ELSEWHERE =
  /InverseTime|Polynomial|Cosine|CAWR|Restarts|OneCycle|step_size_down|ConstantLR|WSD/;

const PAIRS = readOracle('prefix_equivalence', 'pairs');

describe('leading steps that two schedules share', () => {
  test('20 pairs are of strategies in the catalogue', () => {
    expect(PAIRS.filter(({ id }) => !ELSEWHERE.test(id))).toHaveLength(20);
  });

  test.each(PAIRS.filter(({ id }) => !ELSEWHERE.test(id)))('$id', (pair) => {
    const { horizon = 0, common_prefix_rel_1e12: claimed } = pair;
    const [a, b] = [pair.a, pair.b].map((side) =>
      runStrategy(toSpec(side), { epochs: horizon, stepsPerEpoch: 1 }).lr.map(Math.fround),
    );
    expect(countShared(a ?? [], b ?? [])).toBe(claimed);
  });
});

function toSpec(side: Side = {}): Settings {
  const spell = SPELLING[side.strategy ?? ''];
  if (spell === undefined) throw new Error(`no strategy for ${side.strategy}`);
  return spell(side.cfg ?? {}, side['lr0']);
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
