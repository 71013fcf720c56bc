// What a strategy may say, and what is said about one that may not.

import { describe, expect, test } from 'vitest';

import { EspalierError } from '../../src/domain/errors.ts';
import { CATALOGUE } from '../../src/lr/catalogue.ts';
import { createStrategy } from '../../src/lr/create-strategy.ts';
import { parseField } from '../../src/lr/parse-field.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';

const LOSS = { metric: 'val_loss', mode: 'min' } as const;

function messagesOf(value: unknown): readonly string[] {
  const parsed = parseStrategy(value, LOSS);
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
}

describe('defaults', () => {
  test('are filled, and durations stay as written', () => {
    expect(parseStrategy({ strategy: 'step', lr: 0.1, step_size: '2 epochs' })).toEqual({
      ok: true,
      strategy: { strategy: 'step', lr: 0.1, step_size: '2 epochs', gamma: 0.1 },
    });
    expect(parseStrategy({ strategy: 'exponential', lr: 0.1, decay_rate: 0.9 })).toMatchObject({
      strategy: { decay_steps: '1 epoch', staircase: false },
    });
  });

  test('of plateau come from the objective', () => {
    expect(parseStrategy({ strategy: 'plateau', lr: 0.1 }, LOSS)).toEqual({
      ok: true,
      strategy: {
        strategy: 'plateau',
        lr: 0.1,
        monitor: 'val_loss',
        mode: 'min',
        factor: 0.1,
        patience: 10,
        min_delta: 1e-4,
        threshold_mode: 'abs',
        cooldown: 0,
        min_lr: 0,
        eps: 0,
        counting: 'keras',
      },
    });
  });

  test('of eps follow the counting', () => {
    const spec = { strategy: 'plateau', lr: 0.1, counting: 'torch' };
    expect(parseStrategy(spec, LOSS)).toMatchObject({ strategy: { eps: 1e-8 } });
    expect(parseStrategy({ ...spec, eps: 0 }, LOSS)).toMatchObject({ strategy: { eps: 0 } });
  });

  test('of a warm-up are filled too', () => {
    const parsed = parseStrategy({ strategy: 'fixed', lr: 1, warmup: { length: '1 epochs' } });
    expect(parsed).toMatchObject({
      strategy: { warmup: { length: '1 epochs', start_factor: 0.1 } },
    });
  });

  test('take the place of fields that are undefined', () => {
    const spec = { strategy: 'step', lr: 0.1, step_size: 1, gamma: undefined };
    expect(parseStrategy(spec)).toMatchObject({ strategy: { gamma: 0.1 } });
  });
});

describe('a monitor other than the objective’s metric', () => {
  test('needs a mode of its own', () => {
    expect(messagesOf({ strategy: 'plateau', lr: 0.1, monitor: 'val_acc' })).toEqual([
      'mode: received nothing; monitor "val_acc" is not the objective\'s metric, so its mode must be given: min or max',
    ]);
    expect(messagesOf({ strategy: 'plateau', lr: 1, monitor: 'val_acc', mode: 'max' })).toEqual([]);
  });

  test('is needed where there is no objective', () => {
    const parsed = parseStrategy({ strategy: 'plateau', lr: 0.1 });
    expect(parsed).toMatchObject({ ok: false, problems: [{ field: 'monitor' }] });
  });
});

const CYCLIC = { strategy: 'cyclic', base_lr: 0.1, max_lr: 0.2, step_size: 10 };
const PIECES = { strategy: 'piecewise', values: [1, 2], boundaries: [3] };
const STEP = { strategy: 'step', lr: 0.1, step_size: 2 };
const PLATEAU = { strategy: 'plateau', lr: 0.1 };

describe('a message says the field, the value received and the rule', () => {
  test.each<[object, string]>([
    [{ ...STEP, lr: '0.1' }, 'lr: received "0.1"; it must be a finite number, above 0'],
    [{ ...STEP, lr: Number.NaN }, 'lr: received NaN; it must be a finite number, above 0'],
    [{ ...STEP, lr: Infinity }, 'lr: received Infinity; it must be a finite number, above 0'],
    [{ ...STEP, lr: 0 }, 'lr: received 0; it must be a finite number, above 0'],
    [{ ...STEP, lr: undefined }, 'lr: received nothing; it must be a finite number, above 0'],
    [{ ...STEP, gamma: -1 }, 'gamma: received -1; it must be a finite number, at least 0'],
    [
      { ...STEP, step_size: 0 },
      'step_size: received 0; it must be "N epochs" or "N steps" or a number of epochs, at least 1',
    ],
    [
      { ...STEP, step_size: '2 weeks' },
      'step_size: received "2 weeks"; it must be "N epochs" or "N steps" or a number of epochs, at least 1',
    ],
    [
      { strategy: 'multistep', lr: 1, milestones: 5 },
      'milestones: received 5; it must be a list, each item "N epochs" or "N steps" or a number of epochs, at least 0',
    ],
    [
      { strategy: 'exponential', lr: 1, decay_rate: 0.5, staircase: 1 },
      'staircase: received 1; it must be true or false',
    ],
    [
      { ...PLATEAU, factor: 1 },
      'factor: received 1; it must be a finite number, above 0 and below 1',
    ],
    [
      { ...PLATEAU, patience: 1.5 },
      'patience: received 1.5; it must be a whole number, at least 0',
    ],
    [{ ...PLATEAU, monitor: '' }, 'monitor: received ""; it must be a word'],
    [
      { ...PLATEAU, mode: 'maxi' },
      'mode: received "maxi"; it must be one of min, max (did you mean max?)',
    ],
    [{ ...PLATEAU, min_lr: 1 }, 'min_lr: received 1 with lr 0.1; min_lr must be at most lr'],
    [
      { ...CYCLIC, base_lr: 0.3 },
      'base_lr: received 0.3 with max_lr 0.2; base_lr must be at most max_lr',
    ],
    [{ ...CYCLIC, step_size: 0.5 }, 'step_size: received 0.5; step_size must be at least 1 step'],
    [
      { ...CYCLIC, base_momentum: 0.8 },
      'max_momentum: received nothing; base_momentum moves only together with max_momentum',
    ],
    [
      { ...CYCLIC, base_momentum: 0.9, max_momentum: 0.8 },
      'base_momentum: received 0.9 with max_momentum 0.8; base_momentum must be at most max_momentum',
    ],
    [
      { ...PIECES, values: [1] },
      'boundaries: received 1 boundaries for 1 values; there must be one boundary fewer than values',
    ],
    [
      { ...PIECES, values: [1, 2, 3], boundaries: [3, 3] },
      'boundaries: received [3,3]; boundaries must rise strictly',
    ],
    [
      { ...PIECES, values: [1, 2, 3], boundaries: ['1 epochs', 3] },
      'boundaries: received ["1 epochs",3]; boundaries must be all in steps or all in epochs',
    ],
    [
      { ...STEP, warmup: 5 },
      'warmup: received 5; it must be { length: "N epochs" or "N steps", start_factor: 0.1 }',
    ],
    [
      { ...STEP, warmup: { length: 5, start: 1 } },
      'warmup: received the unknown field "start"; warmup has length and start_factor',
    ],
    [
      { ...STEP, warmup: { length: 5, start_factor: 2 } },
      'warmup: received 2 as its start_factor; start_factor must be a finite number, at least 0 and at most 1',
    ],
    [{ ...STEP, gama: 1 }, 'gama: received 1, but step has no such field; did you mean gamma?'],
    [
      { strategy: 'fixed', lr: 1, patience: 1 },
      'patience: received 1, but fixed has no such field; it has lr, warmup',
    ],
    [
      { strategy: 'plataeu' },
      'strategy: received "plataeu"; it must be one of fixed, step, multistep, piecewise, exponential, inverse_time, polynomial, cosine, cosine_restarts, one_cycle, cyclic, wsd, plateau, range_test (did you mean plateau?)',
    ],
  ])('%j', (value, message) => {
    expect(messagesOf(value)).toEqual([message]);
  });

  test('and all problems are told at once', () => {
    const parsed = parseStrategy({ ...STEP, lr: -1, gamma: 'x', stepsize: 2 });
    expect(parsed.ok ? [] : parsed.problems.map(({ field }) => field)).toEqual([
      'stepsize',
      'lr',
      'gamma',
    ]);
  });

  test.each([null, 5, 'step', [], undefined, {}, { strategy: 'constructor' }, { strategy: 5 }])(
    '%j is no strategy',
    (value) => {
      expect(parseStrategy(value)).toMatchObject({ ok: false, problems: [{ field: 'strategy' }] });
    },
  );

  test('and names of the language’s own objects are unknown fields', () => {
    const spec: unknown = JSON.parse('{"strategy":"fixed","lr":1,"__proto__":2,"constructor":3}');
    const parsed = parseStrategy(spec);
    expect(parsed.ok ? [] : parsed.problems.map(({ field }) => field)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });
});

test('degenerate settings are allowed', () => {
  const good = [
    { ...STEP, gamma: 1 },
    { ...PLATEAU, patience: 1000 },
    { ...CYCLIC, base_lr: 0.2 },
    { ...CYCLIC, step_size: '1000 epochs' },
    { strategy: 'piecewise', values: [0.1], boundaries: [] },
  ];
  expect(good.flatMap(messagesOf)).toEqual([]);
});

test('one field can be checked alone', () => {
  const gamma = CATALOGUE['step']?.fields['gamma'];
  if (gamma === undefined) throw new Error('step has gamma');
  expect(parseField(gamma, 0.5)).toBeUndefined();
  expect(parseField(gamma, 'x')).toBe('received "x"; it must be a finite number, at least 0');
});

test('every default is a good value of its field', () => {
  for (const [name, { fields }] of Object.entries(CATALOGUE))
    for (const [key, field] of Object.entries(fields))
      if (field.default !== undefined)
        expect([name, key, parseField(field, field.default)]).toEqual([name, key, undefined]);
});

test('a spec that cannot be run is refused with every problem', () => {
  const spec = { strategy: 'step', lr: -1, step_size: 0 };
  expect(() => createStrategy(spec)).toThrow(EspalierError);
  expect(() => createStrategy(spec)).toThrow(/lr: received -1.*\n.*step_size: received 0/);
});
