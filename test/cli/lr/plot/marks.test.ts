// What happens on a curve, found in its values.

import { describe, expect, test } from 'vitest';
import type { StrategySpec } from '../../../../src/lr/spec.ts';
import { parseStrategy } from '../../../../src/lr/parse-strategy.ts';
import { findHappenings, isStairs, toMarks } from '../../../../src/cli/lr/plot/marks.ts';
import { traceStrategy } from '../../../../src/cli/lr/trace-strategy.ts';

const OBJECTIVE = { metric: 'val_loss', mode: 'min' } as const;

/** What happens to a strategy of the catalogue in 20 epochs of 10 steps, in epochs. */
function happenings(
  spec: StrategySpec,
  losses: readonly number[] = [],
): readonly (readonly [string, number])[] {
  const parsed = parseStrategy(spec, OBJECTIVE);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const metrics = losses.map((val_loss) => ({ val_loss }));
  const training = { strategy: parsed.strategy, epochs: 20, stepsPerEpoch: 10, metrics };
  return findHappenings(parsed.strategy, traceStrategy(training).rates, 10).map(
    ({ kind, step }) => [kind, step / 10] as const,
  );
}

/** What happens to a curve of 400 steps of a strategy that only its values are known of. */
function turns(valueAt: (step: number) => number): readonly (readonly [string, number])[] {
  const rates = Float64Array.from({ length: 400 }, (_, step) => valueAt(step));
  return findHappenings({ strategy: 'of_values' }, rates, 10).map(
    ({ kind, step }) => [kind, step] as const,
  );
}

function cosine(share: number): number {
  return (1 + Math.cos(Math.PI * share)) / 2;
}

/** Restarts at 100 and at 300. */
function restarts(step: number): number {
  if (step < 100) return cosine(step / 100);
  return step < 300 ? cosine((step - 100) / 200) : cosine((step - 300) / 400);
}

describe('strategies of the catalogue', () => {
  test('a fixed rate has none', () => {
    expect(happenings({ strategy: 'fixed', lr: 1 })).toEqual([]);
  });

  test('each cut of step and multistep is one', () => {
    expect(happenings({ strategy: 'step', lr: 1, step_size: 6 })).toEqual([
      ['cut', 6],
      ['cut', 12],
      ['cut', 18],
    ]);
    expect(happenings({ strategy: 'multistep', lr: 1, milestones: [15, 3] })).toEqual([
      ['cut', 3],
      ['cut', 15],
    ]);
  });

  test('pieces may rise as well', () => {
    const spec = { strategy: 'piecewise', values: [1, 2, 0.5], boundaries: [29, 99] };
    expect(happenings(spec)).toEqual([
      ['rise', 3],
      ['cut', 10],
    ]);
  });

  test('a staircase has its cuts, a smooth decay none', () => {
    const spec = { strategy: 'exponential', lr: 1, decay_rate: 0.5, decay_steps: '8 epochs' };
    expect(happenings({ ...spec, staircase: true })).toEqual([
      ['cut', 8],
      ['cut', 16],
    ]);
    expect(happenings(spec)).toEqual([]);
  });

  test('cycles begin at the bottom and have a peak', () => {
    const spec = { strategy: 'cyclic', base_lr: 1, max_lr: 2, step_size: '4 epochs' };
    const expected = [
      ['peak', 4],
      ['cycle', 8],
      ['peak', 12],
      ['cycle', 16],
    ];
    for (const mode of ['triangular', 'triangular2'])
      expect(happenings({ ...spec, mode })).toEqual(expected);
  });

  test('a plateau is cut where its metric stays away from its best', () => {
    const spec = { strategy: 'plateau', lr: 1, patience: 2 };
    expect(happenings(spec, [3, 2, 1, 1, 1, 0, 0])).toEqual([['cut', 5]]);
  });

  test('a warm-up ends, and what follows is marked behind it', () => {
    const spec = { strategy: 'step', lr: 1, step_size: 6, warmup: { length: '2 epochs' } };
    expect(happenings(spec)).toEqual([
      ['warm-up ends', 2],
      ['cut', 8],
      ['cut', 14],
    ]);
    expect(happenings({ strategy: 'fixed', lr: 1, warmup: { length: '30 epochs' } })).toEqual([]);
  });

  test('of a plateau with an epoch of one step, consecutive cuts are all found', () => {
    const rates = Float64Array.from([1, 0.5, 0.25, 0.25]);
    expect(findHappenings({ strategy: 'plateau', monitor: 'loss' }, rates, 1)).toEqual([
      { kind: 'cut', step: 1 },
      { kind: 'cut', step: 2 },
    ]);
  });
});

describe('any curve', () => {
  test('a cosine down to the end has no happening', () => {
    expect(turns((t) => cosine(t / 400))).toEqual([]);
  });

  test('a cosine that is held at its end ends its decay', () => {
    expect(turns((t) => cosine(Math.min(1, t / 200)))).toEqual([['decay ends', 200]]);
  });

  test('each restart begins a cycle', () => {
    expect(turns(restarts)).toEqual([
      ['cycle', 100],
      ['cycle', 300],
    ]);
  });

  test('one cycle has one peak', () => {
    expect(turns((t) => (t < 120 ? 1 - cosine(t / 120) : cosine((t - 120) / 280)))).toEqual([
      ['peak', 120],
    ]);
  });

  test('a long level before a decay says where the decay begins', () => {
    expect(turns((t) => (t <= 300 ? 1 : 1 - (t - 300) / 100))).toEqual([['decay begins', 300]]);
  });

  test('a cut between levels is found without knowing the strategy', () => {
    expect(turns((t) => (t < 150 ? 1 : 0.1))).toEqual([['cut', 150]]);
  });

  test('rounding is no change', () => {
    expect(turns((t) => 1 + (t % 2) * 1e-15)).toEqual([]);
  });
});

test('stairs are known by what the strategy says of itself', () => {
  expect(isStairs({ strategy: 'anything', staircase: true })).toBe(true);
  expect(isStairs({ strategy: 'anything', monitor: 'loss' })).toBe(true);
  expect(isStairs({ strategy: 'cyclic' })).toBe(false);
});

test('too many of a kind are counted instead of marked', () => {
  const cuts = Array.from({ length: 41 }, (_, step) => ({ kind: 'cut', step }) as const);
  expect(toMarks([{ kind: 'peak', step: 5 }, ...cuts], 10, 2)).toEqual({
    marks: [{ x: 0.5, label: 'peak', sign: '▴', series: 2 }],
    many: ['41 × cut'],
  });
  expect(toMarks(cuts.slice(1), 10, 0).marks).toHaveLength(40);
});
