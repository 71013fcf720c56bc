import { describe, expect, it } from 'vitest';
import type { SweepSpec } from '../../src/domain/sweep.ts';
import { parseSweepFile, type ParseOptions } from '../../src/spec/parse-sweep-file.ts';
import { trials } from '../../src/space/grid.ts';

const DIGITS = `\
name: digits-lr
trial: ./digits.ts                       # a module whose default export is defineTrial(...)
objective: { metric: val_loss, mode: min }
files: [./digits.csv.gz]
epochs: 20
seeds: [1, 2, 3]
config:
  batch_size: [32, 64]
  optimizer: momentum
learning_rate:
  - { strategy: fixed, lr: [0.1, 0.01] }
  - strategy: plateau
    lr: 0.1
    monitor: val_loss
    factor: [0.1, 0.2, 0.5]
    patience: [2, 5]
    min_lr: 0.0001
  - strategy: cyclic
    base_lr: 0.001
    max_lr: [0.006, 0.06]
    step_size: [2 epochs, 4 epochs]
    mode: [triangular, triangular2, exp_range]
    gamma: 0.99994
search: grid
stop: none
slots: { kind: any, per_trial: 1 }
sharing: on
checkpoint_every: 5 epochs
keep: best
retries: 3
`;

const LEAST = `\
name: least
trial: ./trial.ts
objective: { metric: accuracy, mode: max }
epochs: 3
learning_rate:
  - { strategy: fixed, lr: 0.1 }
`;

const parse = (text: string, options?: ParseOptions): SweepSpec => {
  const parsed = parseSweepFile(text, options);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, undefined, 2));
  expect(parsed.trials).toBe([...trials(parsed.spec)].length);
  return parsed.spec;
};

describe('a sweep file', () => {
  it('is read into the spec, key by key, with constants as lists of one', () => {
    expect(parse(DIGITS)).toEqual({
      name: 'digits-lr',
      trial: './digits.ts',
      objective: { metric: 'val_loss', mode: 'min', at: 'best' },
      files: ['./digits.csv.gz'],
      epochs: [20],
      seeds: [1, 2, 3],
      config: { batch_size: [32, 64], optimizer: ['momentum'] },
      learning_rate: [
        { strategy: 'fixed', axes: { lr: [0.1, 0.01] } },
        {
          strategy: 'plateau',
          axes: {
            lr: [0.1],
            monitor: ['val_loss'],
            factor: [0.1, 0.2, 0.5],
            patience: [2, 5],
            min_lr: [0.0001],
          },
        },
        {
          strategy: 'cyclic',
          axes: {
            base_lr: [0.001],
            max_lr: [0.006, 0.06],
            step_size: ['2 epochs', '4 epochs'],
            mode: ['triangular', 'triangular2', 'exp_range'],
            gamma: [0.99994],
          },
        },
      ],
      search: 'grid',
      stop: 'none',
      slots: { kind: 'any', per_trial: 1 },
      sharing: 'on',
      checkpoint_every: { unit: 'epochs', count: 5 },
      keep: 'best',
      retries: 3,
      exclusive: false,
      priority: 0,
      backends: [],
    } satisfies SweepSpec);
  });

  it('counts its trials: (2 + 6 + 12) strategies, 2 batch sizes, 3 seeds', () => {
    expect(parseSweepFile(DIGITS)).toMatchObject({ ok: true, trials: 120 });
  });

  it('needs five keys, and has a default for each of the others', () => {
    expect(parse(LEAST)).toEqual({
      name: 'least',
      trial: './trial.ts',
      objective: { metric: 'accuracy', mode: 'max', at: 'best' },
      files: [],
      epochs: [3],
      seeds: [1],
      config: {},
      learning_rate: [{ strategy: 'fixed', axes: { lr: [0.1] } }],
      search: 'grid',
      stop: 'none',
      slots: { kind: 'any', per_trial: 1 },
      sharing: 'on',
      checkpoint_every: { unit: 'epochs', count: 5 },
      keep: 'best',
      retries: 3,
      exclusive: false,
      priority: 0,
      backends: [],
    } satisfies SweepSpec);
  });

  it.each([
    ['sharing: off', { sharing: 'off' }],
    ['sharing: false', { sharing: 'off' }],
    ['sharing: true', { sharing: 'on' }],
    ['slots: { kind: gpu }', { slots: { kind: 'gpu', per_trial: 1 } }],
    ['checkpoint_every: 1 epoch', { checkpoint_every: { unit: 'epochs', count: 1 } }],
    ['checkpoint_every: 2', { checkpoint_every: { unit: 'epochs', count: 2 } }],
    ['keep: none', { keep: 'none' }],
    ['retries: 0', { retries: 0 }],
    ['exclusive: true', { exclusive: true }],
    ['priority: -3', { priority: -3 }],
    ['backends: [webgpu, cpu]', { backends: ['webgpu', 'cpu'] }],
    ['backends: wasm', { backends: ['wasm'] }],
    ['backends: []', { backends: [] }],
    ['files: data/*.csv', { files: ['data/*.csv'] }],
    ['steps_per_epoch: 47', { steps_per_epoch: 47 }],
    ['seeds: 7', { seeds: [7] }],
    [
      'config: { on: on, "yes": no, none: null }',
      { config: { on: ['on'], yes: ['no'], none: [null] } },
    ],
    ['config: { layers: [[64, 32], [128]] }', { config: { layers: [[64, 32], [128]] } }],
    ['config: { 1: 2, "": 0x10 }', { config: { '1': [2], '': [16] } }],
    ['config: { a: &a [1, 2], b: *a }', { config: { a: [1, 2], b: [1, 2] } }],
  ])('reads %s', (line, expected) => {
    expect(parse(`${LEAST}${line}\n`)).toMatchObject(expected);
  });

  it.each<[string, Readonly<Record<string, readonly unknown[]>>]>([
    ['strategy: multistep, lr: 0.1, milestones: [3, 5 epochs]', { milestones: [[3, '5 epochs']] }],
    ['strategy: multistep, lr: 0.1, milestones: [[3], [3, 5]]', { milestones: [[3], [3, 5]] }],
    [
      'strategy: piecewise, values: [[0.1, 0.01], [0.2, 0.02]], boundaries: [10]',
      {
        values: [
          [0.1, 0.01],
          [0.2, 0.02],
        ],
        boundaries: [[10]],
      },
    ],
    [
      'strategy: fixed, lr: 1e-3, warmup: { length: 2 epochs }',
      { warmup: [{ length: '2 epochs' }] },
    ],
    [
      'strategy: fixed, lr: 1, warmup: [{ length: 5 }, { length: 9, start_factor: 0 }]',
      { warmup: [{ length: 5 }, { length: 9, start_factor: 0 }] },
    ],
    ['strategy: step, step_size: 5, lr: 0.1', { lr: [0.1], step_size: [5] }],
    ['strategy: plateau, lr: 0.1, monitor: loss, mode: min', { monitor: ['loss'], mode: ['min'] }],
  ])('reads the strategy { %s }', (item, expected) => {
    const text = LEAST.replace('strategy: fixed, lr: 0.1', item);
    const [grid] = parse(text).learning_rate;
    expect(grid?.axes).toMatchObject(expected);
  });

  it('has the axes of a strategy in the order of its table of fields, however they are written', () => {
    const item =
      'warmup: { length: 3 }, min_lr: 0, patience: 3, factor: 0.5, lr: 0.1, strategy: plateau';
    const [grid] = parse(LEAST.replace('strategy: fixed, lr: 0.1', item)).learning_rate;
    expect(Object.keys(grid?.axes ?? {})).toEqual(['lr', 'factor', 'patience', 'min_lr', 'warmup']);
  });

  it('may begin with a byte order mark and have Windows line ends', () => {
    expect(parse(`\u{FEFF}${DIGITS.replaceAll('\n', '\r\n')}`)).toEqual(parse(DIGITS));
  });

  it('may be JSON', () => {
    const { config, ...rest } = parse(LEAST);
    const learning_rate = [{ strategy: 'fixed', lr: 0.1 }];
    const text = JSON.stringify({ ...rest, config, learning_rate, checkpoint_every: '5 epochs' });
    expect(parse(text)).toEqual(parse(LEAST));
  });

  it('may have as many trials as the limit, not one more', () => {
    expect(parseSweepFile(DIGITS, { maxTrials: 120 }).ok).toBe(true);
    expect(parseSweepFile(DIGITS, { maxTrials: 119 })).toEqual({
      ok: false,
      problems: [
        {
          file: 'sweep.yaml',
          line: 10,
          column: 1,
          path: 'learning_rate',
          message: 'received a grid of 120 trials; it must be at most 119',
        },
      ],
    });
  });
});
