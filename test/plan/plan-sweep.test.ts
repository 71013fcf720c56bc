// What a plan says of a sweep: families, degenerate and equal trials, whether the steps of an epoch must be known.

import { describe, expect, test } from 'vitest';

import type { StrategyGrid, SweepSpec } from '../../src/domain/sweep.ts';
import type { ConfigFacts, FamiliesOfConfig } from '../../src/plan/config-sample.ts';
import type { Note } from '../../src/plan/notes/to-notes.ts';
import { planSweep } from '../../src/plan/plan-sweep.ts';
import { trials } from '../../src/space/grid.ts';
import { sweepSpec } from '../space/sweep-spec.ts';

/** A sweep of strategies in which every value of a list is one of the axis. */
function sweepOf(items: readonly object[], changes: Partial<SweepSpec> = {}): SweepSpec {
  const learning_rate = items.map((item): StrategyGrid => {
    const { strategy = '', ...fields } = item as Record<string, unknown>;
    const axes = Object.entries(fields).map(([name, value]) => [
      name,
      Array.isArray(value) ? value : [value],
    ]);
    return { strategy: String(strategy), axes: Object.fromEntries(axes) };
  });
  return sweepSpec({ epochs: [20], learning_rate, ...changes });
}

function notesOf(items: readonly object[]): readonly Note[] {
  return planSweep(sweepOf(items)).notes;
}

/** So many families of opened configs. */
function families(
  count: number,
  stepsPerEpoch: number,
  facts: Partial<ConfigFacts> = {},
): FamiliesOfConfig {
  const all = { stepsPerEpoch, canSave: true, checkpointBytes: 100, ...facts };
  return { count, stepsPerEpoch, facts: all };
}

describe('families', () => {
  test('are the trials with one config and one seed, and counts are those of all families', () => {
    const spec = sweepOf([{ strategy: 'step', lr: 1, step_size: [5, 10] }], {
      seeds: [1, 2, 3],
      config: { batch_size: [32, 64], units: [8] },
      epochs: [15, 20],
    });
    const plan = planSweep(spec);
    expect(plan).toMatchObject({ trials: 24, families: 6, delivered: 6 * 70 });
    expect(plan.trained).toMatchObject({ least: 6 * (5 + 15 + 15), most: 6 * 35 });
    expect(plan.strategies).toEqual([{ strategy: 'step', trials: 24 }]);
  });

  test('name the trials that the grid has at their numbers', () => {
    const spec = sweepOf(
      [
        { strategy: 'fixed', lr: [1, 2] },
        { strategy: 'step', lr: 1, step_size: [1, 2] },
      ],
      { seeds: [1, 2], config: { units: [8, 16, 32] }, epochs: [3, 4] },
    );
    const all = [...trials(spec)];
    const { settings } = planSweep(spec);
    expect(settings).toHaveLength(8);
    for (const { number, spec: strategy, epochs } of settings)
      expect(all[number - 1]).toMatchObject({
        learning_rate: strategy,
        epochs,
        seed: 1,
        config: { units: 8 },
      });
  });
});

describe('a setting that never moves is said to be a fixed one, and why', () => {
  test.each<[object, string]>([
    [{ strategy: 'step', lr: 0.1, step_size: 40 }, 'step_size 40 of 20 epochs'],
    [{ strategy: 'step', lr: 0.1, step_size: 4, gamma: 1 }, 'gamma 1'],
    [{ strategy: 'multistep', lr: 0.1, milestones: [[30, 20]] }, 'first milestone 20 of 20 epochs'],
    [{ strategy: 'multistep', lr: 0.1, milestones: [[]] }, 'no milestones'],
    [
      { strategy: 'piecewise', values: [[0.1, 0.2]], boundaries: [['20 epochs']] },
      'first boundary 20 epochs beyond the 20 epochs',
    ],
    [{ strategy: 'exponential', lr: 0.1, decay_rate: 1 }, 'decay_rate 1'],
    [
      {
        strategy: 'exponential',
        lr: 0.1,
        decay_rate: 2,
        decay_steps: '20 epochs',
        staircase: true,
      },
      'decay_steps 20 epochs of 20 epochs',
    ],
    [{ strategy: 'inverse_time', lr: 0.1, decay_rate: 0 }, 'decay_rate 0'],
    [
      {
        strategy: 'inverse_time',
        lr: 0.1,
        decay_rate: 2,
        decay_steps: '20 epochs',
        staircase: true,
      },
      'decay_steps 20 epochs of 20 epochs',
    ],
    [{ strategy: 'polynomial', lr: 0.1, end_lr: 0.1 }, 'end_lr = lr'],
    [{ strategy: 'polynomial', lr: 0.1, power: 0 }, 'power 0'],
    [
      { strategy: 'polynomial', lr: 0.1, decay_steps: '1e12 epochs' },
      'decay_steps 1e12 epochs of 20 epochs',
    ],
    [{ strategy: 'cosine', lr: 0.1, min_lr: 0.1 }, 'min_lr = lr'],
    [{ strategy: 'cosine', lr: 0.1, min_lr: 0.1 - 1e-12 }, 'min_lr = lr'],
    [
      { strategy: 'cosine', lr: 0.1, decay_steps: '1e6 epochs' },
      'decay_steps 1e6 epochs of 20 epochs',
    ],
    [{ strategy: 'cosine_restarts', lr: 0.1, min_lr: 0.1, first: '5 epochs' }, 'min_lr = lr'],
    [
      { strategy: 'cosine_restarts', lr: 0.1, first: '1e6 epochs' },
      'first 1e6 epochs of 20 epochs',
    ],
    [
      { strategy: 'one_cycle', max_lr: 0.1, div_factor: 1, final_div_factor: 1 },
      'div_factor 1 and final_div_factor 1',
    ],
    [
      { strategy: 'one_cycle', max_lr: 0.1, div_factor: 1, pct_start: 1 },
      'div_factor 1 and pct_start 1',
    ],
    [{ strategy: 'wsd', lr: 0.1, decay: 0 }, 'decay 0 has no step below lr'],
    [{ strategy: 'wsd', lr: 0.1, min_lr: 0.1, decay: '5 epochs' }, 'min_lr = lr'],
    [{ strategy: 'range_test', min_lr: 0.1, max_lr: 0.1 }, 'min_lr = max_lr'],
    [{ strategy: 'range_test', min_lr: 0.1, max_lr: 0.1, scale: 'linear' }, 'min_lr = max_lr'],
    [{ strategy: 'cyclic', base_lr: 0.1, max_lr: 0.1, step_size: '5 epochs' }, 'base_lr = max_lr'],
    [{ strategy: 'plateau', lr: 0.1, patience: 30 }, 'patience 30 of 20 epochs never cuts'],
    [{ strategy: 'plateau', lr: 0.1, patience: 19 }, 'patience 19 of 20 epochs never cuts'],
    [{ strategy: 'plateau', lr: 0.1, min_lr: 0.1 }, 'min_lr = lr never cuts'],
    [{ strategy: 'plateau', lr: 0.1, eps: 0.1 }, 'eps 0.1 allows no cut'],
  ])('%j', (item, reason) => {
    const message = `${reason}: same as fixed lr 0.1`;
    expect(notesOf([item])).toContainEqual({ kind: 'degenerate', message, trials: [1] });
  });

  test.each([
    { strategy: 'step', lr: 0.1, step_size: 19 },
    { strategy: 'multistep', lr: 0.1, milestones: [[19]] },
    { strategy: 'plateau', lr: 0.1, patience: 18 },
    { strategy: 'cyclic', base_lr: 0.1, max_lr: 0.2, step_size: '2 epochs' },
    {
      strategy: 'cyclic',
      base_lr: 0.1,
      max_lr: 0.1,
      step_size: '2 epochs',
      base_momentum: 0.8,
      max_momentum: 0.9,
    },
    { strategy: 'fixed', lr: 0.1 },
    { strategy: 'inverse_time', lr: 0.1, decay_rate: 1e-3 },
    { strategy: 'polynomial', lr: 0.1 },
    { strategy: 'polynomial', lr: 0.1, power: 0.01 },
    { strategy: 'cosine', lr: 0.1, min_lr: 0.09 },
    { strategy: 'cosine_restarts', lr: 0.1, first: '20 epochs' },
    { strategy: 'one_cycle', max_lr: 0.1, div_factor: 1 },
    {
      strategy: 'one_cycle',
      max_lr: 0.1,
      div_factor: 1,
      final_div_factor: 1,
      base_momentum: 0.8,
      max_momentum: 0.9,
    },
    { strategy: 'wsd', lr: 0.1, decay: '1 epochs' },
    { strategy: 'range_test', min_lr: 0.1, max_lr: 0.1001 },
  ])('not so %j', (item) => {
    expect(notesOf([item])).toEqual([]);
  });

  test('also behind a warm-up, which shortens what is left', () => {
    const warmup = { length: '5 epochs', start_factor: 0.1 };
    const [note] = notesOf([{ strategy: 'step', lr: 0.1, step_size: 15, warmup }]);
    expect(note?.message).toBe(
      'step_size 15 of 15 epochs: same as fixed lr 0.1 behind the same warm-up',
    );
  });

  test('and a warm-up that changes nothing is named', () => {
    const warmup = [{ length: 0 }, { length: '2 epochs', start_factor: 1 }];
    expect(notesOf([{ strategy: 'exponential', lr: 0.1, decay_rate: 0.5, warmup }])).toMatchObject([
      { kind: 'degenerate', message: 'a warm-up of length 0 changes nothing', trials: [1] },
      { message: 'a warm-up with start_factor 1 only puts the strategy off', trials: [2] },
    ]);
  });
});

describe('equal trials', () => {
  test('are named with the first of them', () => {
    const notes = notesOf([
      { strategy: 'exponential', lr: 0.1, decay_rate: 0.5, staircase: true },
      { strategy: 'step', lr: 0.1, step_size: 1, gamma: [0.5, 0.4] },
    ]);
    expect(notes).toEqual([
      {
        kind: 'equal',
        message: 'equal to trial 1: the same learning rate at every step',
        trials: [2],
      },
    ]);
  });

  test('that follow metrics are equal whatever the metrics', () => {
    const [note] = notesOf([{ strategy: 'plateau', lr: 0.1, patience: [0, 1] }]);
    expect(note?.message).toContain('equal to trial 1, whatever the metrics');
  });

  test('are not named twice where one degenerate remark says it of all', () => {
    const notes = notesOf([{ strategy: 'step', lr: 0.1, step_size: 40, gamma: [0.1, 0.5] }]);
    expect(notes.map(({ kind, trials: which }) => [kind, which])).toEqual([['degenerate', [1, 2]]]);
  });
});

describe('the steps of an epoch', () => {
  test.each([
    { strategy: 'step', lr: 1, step_size: '100 steps' },
    { strategy: 'cyclic', base_lr: 1, max_lr: 2, step_size: 100 },
    {
      strategy: 'cyclic',
      base_lr: 1,
      max_lr: 2,
      step_size: '2 epochs',
      mode: 'exp_range',
      gamma: 0.9,
    },
    { strategy: 'piecewise', values: [[1, 2]], boundaries: [[100]] },
    { strategy: 'fixed', lr: 1, warmup: { length: 100 } },
    { strategy: 'cosine', lr: 1, decay_steps: 100 },
    { strategy: 'cosine_restarts', lr: 1, first: 100 },
    { strategy: 'wsd', lr: 1, decay: 100 },
    { strategy: 'wsd', lr: 1, decay: '0.05 epochs' },
    { strategy: 'cosine_restarts', lr: 1, first: '0.05 epochs', t_mul: 1 },
  ])('are needed by %j', (item) => {
    const plan = planSweep(sweepOf([item]));
    expect(plan.stepsPerEpoch.kind).toBe('missing');
    expect(plan.trained).toBeUndefined();
    const given = planSweep(sweepOf([item], { steps_per_epoch: 50 }));
    expect(given.trained).toMatchObject({ least: 20, most: 20 });
  });

  test('are named with the fields that need them, and the rest of the plan is there', () => {
    const plan = planSweep(
      sweepOf([
        { strategy: 'cyclic', base_lr: 1, max_lr: 2, step_size: 100 },
        { strategy: 'step', lr: 0.1, step_size: 40 },
      ]),
    );
    expect(plan.stepsPerEpoch).toEqual({ kind: 'missing', fields: ['cyclic step_size'] });
    expect(plan.notes.map(({ trials: which }) => which)).toEqual([[2]]);
  });

  test('are those of the opened trials, or else of the sweep file', () => {
    const spec = sweepOf([{ strategy: 'cyclic', base_lr: 1, max_lr: 2, step_size: 8 }], {
      steps_per_epoch: 4,
    });
    expect(planSweep(spec).stepsPerEpoch).toEqual({ kind: 'given', count: 4 });
    expect(planSweep(spec, [families(1, 5)]).stepsPerEpoch).toEqual({ kind: 'opened', count: 5 });
  });

  test('may differ from family to family, and each is counted with its own', () => {
    // Of 4 steps an epoch: cuts after 2 and 4 epochs, of 8: after 1 and 2.
    const spec = sweepOf([{ strategy: 'step', lr: 1, step_size: ['8 steps', '16 steps'] }], {
      config: { batch_size: [32, 64] },
      seeds: [1, 2, 3],
      epochs: [6],
    });
    const four = 2 + 4 + 4;
    const eight = 1 + 5 + 5;
    const plan = planSweep(spec, [families(3, 4), families(3, 8)]);
    expect(plan.trained).toMatchObject({ least: 3 * (four + eight), most: 3 * (four + eight) });
    expect(plan.steps).toEqual([
      { count: 4, families: 3 },
      { count: 8, families: 3 },
    ]);
    expect(plan.checkpoints).toMatchObject({ forks: 6, bytes: { held: 800, perSlot: 200 } });
  });

  test('matter only where learning rates move within an epoch', () => {
    const step = { strategy: 'step', lr: 1, step_size: [2, 3] };
    expect(planSweep(sweepOf([step])).trained?.hasMoved).toBe(false);
    const smooth = { strategy: 'exponential', lr: 1, decay_rate: [0.5, 0.6] };
    expect(planSweep(sweepOf([smooth])).trained?.hasMoved).toBe(true);
  });
});

describe('what is not shared', () => {
  const spec = sweepOf([{ strategy: 'step', lr: 1, step_size: [5, 10] }], {
    config: { batch_size: [32, 64] },
    keep: 'all',
  });

  test('are families that cannot be saved: each of their trials trains all its epochs', () => {
    const unsavable = { canSave: false, checkpointBytes: 0 };
    const plan = planSweep(spec, [families(1, 4), families(1, 4, unsavable)]);
    expect(plan).toMatchObject({
      delivered: 80,
      unsavable: 1,
      trained: { least: 35 + 40, most: 75 },
    });
    expect(plan.checkpoints).toMatchObject({ forks: 1, kept: 2 + 7 });
  });

  test('is anything where sharing is off: checkpoints are those of every trial alone', () => {
    const plan = planSweep({ ...spec, sharing: 'off' }, [families(2, 4)]);
    expect(plan.trained).toMatchObject({ least: 70, most: 70 });
    expect(plan.checkpoints).toMatchObject({ forks: 0, kept: 2 * (2 + 8) });
  });

  test('may be unknown: then checkpoints are counted, and have no size', () => {
    expect(planSweep(spec).checkpoints).toMatchObject({ forks: 2, perSlot: 2, bytes: undefined });
  });
});
