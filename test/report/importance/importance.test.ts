// How much each choice matters: by hand, and against Optuna's functional ANOVA.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIVE, sampleRows } from '../../../bench/report/sample-rows.ts';
import { toImportances } from '../../../src/report/importance/factors.ts';
import { countBest, divergences } from '../../../src/report/importance/toward-the-best.ts';
import {
  type Observation,
  varianceShares,
} from '../../../src/report/importance/variance-shares.ts';
import { toReport } from '../../../src/report/to-report.ts';

type Golden = {
  readonly importance: Readonly<Record<string, number>>;
  readonly trials: readonly Observation[];
};

const GOLDEN: Golden = JSON.parse(
  readFileSync(join(import.meta.dirname, 'optuna-fanova.json'), 'utf8'),
);

test('shares are those of Optuna on a full grid, which fits a forest to it and lets them sum up to one', () => {
  const shares = varianceShares(GOLDEN.trials, Object.keys(GOLDEN.importance));
  const sum = shares.reduce((total, { share }) => total + share, 0);
  for (const { factor, share } of shares)
    expect(Math.abs(share / sum - (GOLDEN.importance[factor] ?? 0)), factor).toBeLessThan(0.04);
  const byShare = shares.toSorted((a, b) => b.share - a.share).map(({ factor }) => factor);
  const byOptuna = Object.entries(GOLDEN.importance).toSorted(([, a], [, b]) => b - a);
  expect(byShare).toEqual(byOptuna.map(([factor]) => factor));
});

test('a share is the variance of the means of the levels, and chance that of values dealt out at random', () => {
  const trials = [0, 2, 10, 12].map((value, i) => ({
    value,
    levels: { a: i < 2 ? 'x' : 'y', b: i % 2 === 0 ? 'x' : 'y', same: '1' },
  }));
  const [a, b, ...others] = varianceShares(trials, ['a', 'b', 'same']);
  expect(a).toEqual({ factor: 'a', levels: 2, trials: 4, share: 100 / 104, chance: 1 / 3 });
  expect(b?.share).toBeCloseTo(4 / 104, 12);
  expect(others).toEqual([]);
});

test('nothing varies, nothing matters', () => {
  const trials = ['x', 'y'].map((level) => ({ value: 1, levels: { a: level } }));
  expect(varianceShares(trials, ['a'])[0]?.share).toBe(0);
});

test('the Pearson divergence is that of the formula', () => {
  const trials = Array.from({ length: 40 }, (_, i) => ({
    value: i,
    levels: { sets: i < 10 ? 'x' : 'y', even: i % 2 === 0 ? 'x' : 'y' },
  }));
  expect(countBest(40)).toBe(10);
  const [sets, even, none] = divergences(trials, ['sets', 'even', 'none'], (value) => value);
  // All of the best ten are x, a quarter of all: ¼·(4 − 1)² + ¾·(0 − 1)².
  expect(sets).toBeCloseTo(3, 12);
  expect(even).toBeCloseTo(0, 12);
  expect(none).toBeNaN();
});

test('fields are looked at within their strategy, strategy and seed over the whole sweep', () => {
  const data = toReport(sampleRows({ settings: FIVE }), { nowMs: 0, version: '', node: '' });
  const labels = toImportances(data, data.trials).map(({ label }) => label);
  expect(labels.slice(0, 2)).toEqual(['strategy', 'seed']);
  expect(labels.slice(2).toSorted()).toEqual([
    'cyclic: base_lr',
    'cyclic: max_lr',
    'fixed: lr',
    'plateau: factor',
    'plateau: patience',
  ]);
});
