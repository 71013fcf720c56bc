// Every open-loop strategy of one formula against a second implementation, and what follows from the formulas alone.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { anyWarmup, specOf, type Spec } from '../any-spec.ts';
import { naive, NAIVE } from './naive-strategies.ts';
import { makeStrategy, runStrategy, toList } from '../run-strategy.ts';

const OPTIONS = { seed: 20_261_126, numRuns: 200 };

const shape = fc.record({
  epochs: fc.integer({ min: 1, max: 9 }),
  stepsPerEpoch: fc.integer({ min: 1, max: 40 }),
});

/** With every default filled. */
function filled(spec: Spec, warmup?: unknown): Readonly<Record<string, unknown>> {
  const parsed = parseStrategy(warmup === undefined ? spec : { ...spec, warmup });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.strategy;
}

function isClose(ours: number, other: number, scale: number): boolean {
  return Math.abs(ours - other) <= 1e-11 * Math.abs(other) + 1e-12 * scale;
}

describe.each(NAIVE)('%s', (strategy) => {
  test('has at every step the value of its formula, also behind a warm-up', () => {
    const warmup = fc.option(anyWarmup, { nil: undefined });
    fc.assert(
      fc.property(specOf(strategy), warmup, shape, (drawn, ramp, run) => {
        const spec = filled(drawn, ramp);
        const { lr, momentum } = runStrategy(spec, run);
        // the formula of polynomial takes end_lr away and adds it again
        const scale = Math.max(...lr, Number(spec['end_lr'] ?? 0));
        const wrong = lr.flatMap((ours, t) => {
          const other = naive(spec, t, run.stepsPerEpoch, run.epochs);
          const isSame =
            isClose(ours, other.lr, scale) &&
            (momentum.length === 0 || isClose(momentum[t] ?? -1, other.momentum ?? -2, 1));
          return isSame ? [] : [{ t, ours, other, momentum: momentum[t] }];
        });
        expect(wrong).toEqual([]);
      }),
      OPTIONS,
    );
  });

  test('has the same value at a step by itself and in any stretch', () => {
    fc.assert(
      fc.property(specOf(strategy), anyWarmup, shape, fc.nat(), (drawn, ramp, run, seed) => {
        const instance = makeStrategy(filled(drawn, ramp));
        const state = instance.start(run);
        const total = run.epochs * run.stepsPerEpoch;
        const from = seed % total;
        const { learningRate } = instance.controls(state, from, total - from);
        const alone = Array.from(
          { length: total - from },
          (_, i) => toList(instance.controls(state, from + i, 1).learningRate, 1)[0],
        );
        expect(alone).toEqual(toList(learningRate, total - from));
      }),
      { ...OPTIONS, numRuns: 40 },
    );
  });
});

/** How far a learning rate may move in one step, as a share of its range, in `length` steps from end to end. */
const STEEPEST: Readonly<Record<string, (length: number) => number>> = {
  cosine: (length) => Math.PI / 2 / length,
  polynomial: (length) => 1 / length,
  wsd: (length) => Math.PI / 2 / length,
  range_test: (length) => 1 / length,
};

describe('a learning rate that is continuous', () => {
  const steps = fc.integer({ min: 4, max: 400 });
  const slopes: readonly [string, (length: number) => Readonly<Record<string, unknown>>][] = [
    ['cosine', () => ({ strategy: 'cosine', lr: 1, min_lr: 0.1 })],
    ['cosine', (length) => ({ strategy: 'cosine', lr: 1, decay_steps: length / 2 })],
    ['polynomial', () => ({ strategy: 'polynomial', lr: 1, end_lr: 0.3 })],
    ['wsd', (length) => ({ strategy: 'wsd', lr: 1, decay: length })],
    ['wsd', (length) => ({ strategy: 'wsd', lr: 1, decay: length / 2, decay_type: 'cosine' })],
    ['range_test', () => ({ strategy: 'range_test', min_lr: 0, max_lr: 1, scale: 'linear' })],
  ];

  test.each(slopes)('%s moves no further in a step than its slope allows', (strategy, specFor) => {
    fc.assert(
      fc.property(steps, (total) => {
        const spec = specFor(total);
        const length = Number(spec['decay_steps'] ?? spec['decay'] ?? total);
        const { lr } = runStrategy(spec, { epochs: 1, stepsPerEpoch: total });
        const jumps = lr.slice(1).map((value, i) => Math.abs(value - (lr[i] ?? 0)));
        const allowed = (STEEPEST[strategy]?.(length) ?? 0) + 1e-12;
        expect(Math.max(0, ...jumps)).toBeLessThanOrEqual(allowed);
      }),
      { ...OPTIONS, numRuns: 50 },
    );
  });

  test('one_cycle moves no further in a step than the steeper of its phases', () => {
    const pct = fc.double({ min: 0.1, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(steps, pct, fc.constantFrom('cos', 'linear'), (total, pct_start, anneal) => {
        const spec = { strategy: 'one_cycle', max_lr: 1, pct_start, anneal };
        const { lr } = runStrategy(spec, { epochs: 1, stepsPerEpoch: total });
        const rise = Math.max(pct_start * total - 1, 0);
        const shortest = Math.min(rise === 0 ? Infinity : rise, total - 1 - rise);
        const jumps = lr.slice(1).map((value, i) => Math.abs(value - (lr[i] ?? 0)));
        expect(Math.max(0, ...jumps)).toBeLessThanOrEqual(Math.PI / 2 / shortest + 1e-12);
      }),
      { ...OPTIONS, numRuns: 100 },
    );
  });

  test('cosine_restarts rises at restarts only, and there to their height', () => {
    fc.assert(
      fc.property(specOf('cosine_restarts'), shape, (drawn, run) => {
        const spec = filled({ ...drawn, min_lr: 0, t_mul: 2 });
        const { lr } = runStrategy(spec, run);
        const rises = lr.flatMap((value, t) => (t > 0 && value > (lr[t - 1] ?? 0) ? [t] : []));
        const starts = restartsOf(spec, run.stepsPerEpoch, lr.length);
        expect(rises.filter((t) => !starts.includes(t))).toEqual([]);
      }),
      OPTIONS,
    );
  });
});

/** The first step of each cosine that is twice as long as the one before. */
function restartsOf(
  { first }: Readonly<Record<string, unknown>>,
  stepsPerEpoch: number,
  total: number,
): readonly number[] {
  const count = Number.parseFloat(String(first));
  const inEpochs = String(first).includes('epoch');
  const length = Math.max(1, inEpochs ? (Math.round(count * 100) * stepsPerEpoch) / 100 : count);
  const starts: number[] = [];
  for (let i = 1; length * (2 ** i - 1) < total; i += 1)
    starts.push(Math.ceil(length * (2 ** i - 1) - 1e-9));
  return starts;
}

describe('a stretch of a million steps', () => {
  test.each(NAIVE)('of %s has the formula’s values at its ends and in its middle', (strategy) => {
    const [spec] = fc.sample(specOf(strategy), { seed: 7, numRuns: 1 });
    if (spec === undefined) throw new Error('nothing drawn');
    const all = filled(spec);
    const instance = makeStrategy(all);
    const state = instance.start({ epochs: 1, stepsPerEpoch: 1_000_000 });
    const values = toList(instance.controls(state, 0, 1_000_000).learningRate, 1_000_000);
    const scale = values.reduce((a, b) => Math.max(a, b), 0);
    for (const t of [0, 1, 499_999, 999_998, 999_999]) {
      const { lr } = naive(all, t, 1_000_000, 1);
      expect([t, isClose(values[t] ?? -1, lr, scale) || `${values[t]} and ${lr}`]).toEqual([
        t,
        true,
      ]);
    }
    expect(values.some((value) => !(value >= 0 && value <= 10))).toBe(false);
  });
});
