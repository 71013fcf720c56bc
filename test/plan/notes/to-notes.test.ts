// Remarks about settings that are unlikely to be meant.

import { describe, expect, test } from 'vitest';

import { adviseCyclic } from '../../../src/plan/notes/cyclic-advice.ts';
import { adviseDecay } from '../../../src/plan/notes/decay-advice.ts';
import { adviseFewSteps, adviseLongWarmup } from '../../../src/plan/notes/few-steps-advice.ts';
import { toNotes } from '../../../src/plan/notes/to-notes.ts';
import type { StepsPerEpoch } from '../../../src/plan/steps-per-epoch.ts';
import { runStrategy } from '../../lr/run-strategy.ts';
import { toSetting } from '../tree-of-texts.ts';

const EPOCHS = 20;
const WARMUP = { length: '5 epochs' };

describe('cycles that Smith would not advise', () => {
  const CYCLIC = { strategy: 'cyclic', base_lr: 0.1, max_lr: 0.2 };
  test.each<[string, readonly string[]]>([
    ['1 epochs', ['step_size is 1 epoch; Smith (2015) advises 2 to 10 epochs']],
    ['2 epochs', []],
    ['10 epochs', ['training is 1 cycle of 20 epochs; Smith (2015) advises at least 3']],
    ['5 epochs', ['training is 2 cycles of 10 epochs; Smith (2015) advises at least 3']],
    ['4 epochs', ['training ends inside a cycle: 20 epochs are 2.5 cycles of 8 epochs']],
    [
      '11 epochs',
      [
        'step_size is 11 epochs; Smith (2015) advises 2 to 10 epochs',
        'training ends inside a cycle: 20 epochs are 0.9091 cycles of 22 epochs',
      ],
    ],
    [
      '30 epochs',
      [
        'step_size is 30 epochs; Smith (2015) advises 2 to 10 epochs',
        'half a cycle takes 30 epochs, training 20 epochs: the learning rate only rises',
      ],
    ],
  ])('a step_size of %s', (step_size, messages) => {
    expect(adviseCyclic(toSetting({ ...CYCLIC, step_size }, EPOCHS), 16)).toEqual(messages);
  });

  test('the setting of the paper is as advised: 4 epochs, 4 cycles', () => {
    const paper = { ...CYCLIC, base_lr: 0.001, max_lr: 0.006, step_size: 2000 };
    expect(adviseCyclic(toSetting(paper, 32), 500)).toEqual([]);
    expect(adviseCyclic(toSetting(paper, 24), 500)).toEqual([]);
  });

  test('a gamma that acts nowhere, and exp_range without one, are remarked on', () => {
    const specs = [{ gamma: 0.9 }, { mode: 'exp_range' }, { mode: 'exp_range', gamma: 0.9 }];
    const advice = specs.map((spec) =>
      adviseCyclic(toSetting({ ...CYCLIC, step_size: '2 epochs', ...spec }, EPOCHS), 16),
    );
    expect(advice).toEqual([
      ['gamma 0.9 has no effect in mode triangular, only in exp_range'],
      ['exp_range with gamma 1 is triangular'],
      [],
    ]);
  });

  test('are those behind the warm-up', () => {
    const spec = { ...CYCLIC, step_size: '2.5 epochs', warmup: WARMUP };
    expect(adviseCyclic(toSetting(spec, EPOCHS), 16)).toEqual([]);
    expect(adviseCyclic(toSetting(spec, 5), 16)).toEqual([]);
  });
});

describe('decays that do not end with the training', () => {
  const COSINE = { strategy: 'cosine', lr: 1, min_lr: 0.1 };
  const LINE = { strategy: 'polynomial', lr: 1 };
  const SGDR = { strategy: 'cosine_restarts', lr: 1, first: '5 epochs' };
  test.each<[object, string]>([
    [
      { ...COSINE, decay_steps: '40 epochs' },
      'decay_steps 40 epochs of 20 epochs: the learning rate ends at 0.55, not at min_lr 0.1',
    ],
    [
      { ...COSINE, decay_steps: '10 epochs' },
      'decay_steps 10 epochs of 20 epochs: the learning rate is min_lr 0.1 for the last 10 epochs',
    ],
    [
      { ...COSINE, min_lr: 0, decay_steps: 16 },
      'decay_steps 16 steps of 20 epochs: the learning rate is min_lr 0 for the last 19 epochs, in which nothing is learnt',
    ],
    [
      { ...COSINE, decay_steps: '20 epochs', warmup: WARMUP },
      'decay_steps 20 epochs of 15 epochs: the learning rate ends at 0.2318, not at min_lr 0.1',
    ],
    [
      { ...LINE, decay_steps: '25 epochs' },
      'decay_steps 25 epochs of 20 epochs: the learning rate ends at 0.2, not at end_lr 0',
    ],
    [
      { ...LINE, decay_steps: '5 epochs' },
      'decay_steps 5 epochs of 20 epochs: the learning rate is end_lr 0 for the last 15 epochs, in which nothing is learnt',
    ],
    [
      { ...LINE, decay_steps: '8 epochs', cycle: true },
      'training ends inside a cycle, which takes epochs 16 to 24 of 20: the learning rate ends at 0.1667, not at end_lr 0',
    ],
    [
      { ...SGDR, t_mul: 1, first: '8 epochs' },
      'training ends inside a cosine, which takes epochs 16 to 24 of 20: the learning rate ends at 0.5, not at min_lr 0',
    ],
    [
      SGDR,
      'training ends inside a cosine, which takes epochs 15 to 35 of 20: the learning rate ends at 0.8536, not at min_lr 0',
    ],
    [
      { ...SGDR, first: '40 epochs' },
      'first 40 epochs of 20 epochs: there is no restart, and the learning rate ends at 0.5, not at min_lr 0',
    ],
    [
      { strategy: 'wsd', lr: 1, decay: '40 epochs' },
      'decay 40 epochs of 20 epochs: it takes all of the training, and lr is never held',
    ],
    [
      { strategy: 'wsd', lr: 1, decay: '16 epochs', warmup: WARMUP },
      'decay 16 epochs of 15 epochs: it takes all of the training, and lr is never held',
    ],
  ])('%j', (spec, message) => {
    expect(adviseDecay(toSetting(spec, EPOCHS), 16)).toEqual([message]);
  });

  test.each([
    COSINE,
    LINE,
    { ...COSINE, decay_steps: '20 epochs' },
    { ...COSINE, decay_steps: '15 epochs', warmup: WARMUP },
    { ...COSINE, decay_steps: '18 epochs' },
    { ...LINE, decay_steps: '10 epochs', cycle: true },
    { ...LINE, cycle: true },
    { ...SGDR, t_mul: 1 },
    { ...SGDR, t_mul: 3 },
    { ...SGDR, first: '20 epochs' },
    { ...SGDR, warmup: WARMUP },
    { strategy: 'wsd', lr: 1, decay: '20 epochs' },
    { strategy: 'wsd', lr: 1, decay: 0 },
    { strategy: 'one_cycle', max_lr: 1 },
    { strategy: 'inverse_time', lr: 1, decay_rate: 1 },
    { strategy: 'exponential', lr: 1, decay_rate: 0.5, decay_steps: '40 epochs' },
    { strategy: 'range_test', min_lr: 0.1, max_lr: 1 },
    { ...COSINE, decay_steps: '40 epochs', warmup: { length: '20 epochs' } },
  ])('but not %j', (spec) => {
    expect(adviseDecay(toSetting(spec, EPOCHS), 16)).toEqual([]);
  });

  test('restarts whose lengths are whole but for rounding end with the training', () => {
    const spec = { ...SGDR, first: '0.7 epochs', t_mul: 1 };
    for (const epochs of [7, 14, 21, 49])
      expect(adviseDecay(toSetting(spec, epochs), 10)).toEqual([]);
  });

  test('and the rate that is named is where the training does end, however many steps an epoch has', () => {
    const spec = { ...COSINE, decay_steps: '40 epochs' };
    const messages = [1, 16, 1000].map((steps) => adviseDecay(toSetting(spec, EPOCHS), steps)[0]);
    expect(new Set(messages).size).toBe(1);
    const { lr } = runStrategy(spec, { epochs: EPOCHS, stepsPerEpoch: 1000 });
    expect(lr.at(-1)).toBeCloseTo(0.55, 3);
  });
});

describe('trainings that are too short', () => {
  const CYCLE = { strategy: 'one_cycle', max_lr: 1 };

  test.each<[object, number, number, string]>([
    [CYCLE, 2, 5, 'one_cycle has 2 steps to rise and 7 to fall, of 10'],
    [CYCLE, 1, 3, 'one_cycle has 0 steps to rise and 2 to fall, of 3'],
    [{ ...CYCLE, pct_start: 0.9 }, 1, 20, 'one_cycle has 17 steps to rise and 2 to fall, of 20'],
    [
      { ...CYCLE, three_phase: true, pct_start: 0.1 },
      1,
      30,
      'one_cycle has 2 steps to rise and 2 to fall, of 30',
    ],
    [
      { ...CYCLE, warmup: { length: 30 } },
      2,
      20,
      'one_cycle has 2 steps to rise and 7 to fall, of 10',
    ],
  ])('%j of %d epochs with %d steps', (spec, epochs, steps, message) => {
    expect(adviseFewSteps(toSetting(spec, epochs), steps)).toEqual([message]);
  });

  test.each<[object, number]>([
    [CYCLE, 20],
    [{ ...CYCLE, pct_start: 0 }, 5],
    [{ ...CYCLE, pct_start: 1 }, 5],
    [{ ...CYCLE, warmup: { length: '9 epochs' } }, 1],
    [{ strategy: 'cosine', lr: 1 }, 1],
  ])('but not %j of one epoch with %d steps', (spec, steps) => {
    expect(adviseFewSteps(toSetting(spec, 1), steps)).toEqual([]);
  });

  test('are so only by the true steps of an epoch', () => {
    const settings = [toSetting({ ...CYCLE, pct_start: 0.1 }, 1)];
    const told = (kind: 'given' | 'opened' | 'assumed'): number => {
      const steps: StepsPerEpoch = { kind, count: 16 };
      return toNotes(settings, steps, []).notes.length;
    };
    expect([told('given'), told('opened'), told('assumed')]).toEqual([1, 1, 0]);
  });

  test('for a warm-up that takes them all are said to be', () => {
    const spec = { strategy: 'cosine', lr: 1, warmup: WARMUP };
    const message = 'the warm-up takes all of 5 epochs: cosine never starts';
    expect(adviseLongWarmup(toSetting(spec, 5), 16)).toEqual([message]);
    expect(adviseLongWarmup(toSetting(spec, 6), 16)).toEqual([]);
  });
});

test('what never moves is not said to end elsewhere', () => {
  const spec = { strategy: 'cosine', lr: 1, min_lr: 1, decay_steps: '40 epochs' };
  const { notes } = toNotes([toSetting(spec, EPOCHS)], { kind: 'assumed', count: 16 }, []);
  expect(notes.map(({ message }) => message)).toEqual(['min_lr = lr: same as fixed lr 1']);
});

test('a decay that ends elsewhere is said to in the plan, once for all its trials', () => {
  const settings = [0.1, 0.2].map((lr, i) =>
    toSetting({ strategy: 'wsd', lr, decay: '40 epochs' }, EPOCHS, i + 1),
  );
  const { notes } = toNotes(settings, { kind: 'assumed', count: 16 }, []);
  expect(notes).toEqual([
    {
      kind: 'advice',
      message: 'decay 40 epochs of 20 epochs: it takes all of the training, and lr is never held',
      trials: [1, 2],
    },
  ]);
});
