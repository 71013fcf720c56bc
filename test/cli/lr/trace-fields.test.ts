// `espalier lr trace` and the catalogue: every strategy is traced, and every setting that may not be is refused with its field, the
// value received and the rule.

import { describe, expect, test } from 'vitest';

import { traceLine } from '../../../src/cli/lr/trace.ts';
import { CATALOGUE } from '../../../src/lr/catalogue.ts';
import type { Bounds, Field } from '../../../src/lr/spec.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A good setting of each strategy with the fields that must be given, and its learning rates of four steps. */
const GOOD: Readonly<Record<string, readonly [fields: Fields, rates: readonly number[]]>> = {
  fixed: [{ lr: 1 }, [1, 1, 1, 1]],
  step: [{ lr: 1, step_size: 1, gamma: 0.5 }, [1, 1, 0.5, 0.5]],
  multistep: [{ lr: 1, milestones: ['1 steps', '3 steps'], gamma: 0.5 }, [1, 0.5, 0.5, 0.25]],
  piecewise: [{ values: [1, 2], boundaries: [2] }, [1, 1, 1, 2]],
  exponential: [{ lr: 1, decay_rate: 0.25 }, [1, 0.5, 0.25, 0.125]],
  inverse_time: [{ lr: 1, decay_rate: 2 }, [1, 0.5, 1 / 3, 0.25]],
  polynomial: [{ lr: 1 }, [1, 0.75, 0.5, 0.25]],
  cosine: [{ lr: 1, decay_steps: 2 }, [1, 0.5, 0, 0]],
  cosine_restarts: [{ lr: 1, first: 1, m_mul: 0.5 }, [1, 0.5, 0.25, 0.25]],
  one_cycle: [
    { max_lr: 1, pct_start: 0.5, div_factor: 4, final_div_factor: 1, anneal: 'linear' },
    [0.25, 1, 0.625, 0.25],
  ],
  cyclic: [{ base_lr: 1, max_lr: 2, step_size: 2 }, [1, 1.5, 2, 1.5]],
  wsd: [{ lr: 1, decay: 2 }, [1, 1, 1, 0.5]],
  plateau: [{ lr: 1, monitor: 'loss', mode: 'min' }, [1, 1, 1, 1]],
  range_test: [{ min_lr: 1, max_lr: 16 }, [1, 2, 4, 8]],
};

function ask(strategy: string, fields: Fields): { readonly lr?: unknown; readonly error?: string } {
  const learning_rate = { strategy, ...fields };
  return JSON.parse(traceLine(JSON.stringify({ learning_rate, epochs: 2, steps_per_epoch: 2 })));
}

test('every strategy has a good setting here', () => {
  expect(Object.keys(GOOD).toSorted()).toEqual(Object.keys(CATALOGUE).toSorted());
});

test.each(Object.entries(GOOD))('%s is traced', (strategy, [fields, rates]) => {
  const { lr } = ask(strategy, fields);
  expect(Array.isArray(lr) ? lr : []).toHaveLength(4);
  rates.forEach((rate, step) => expect(lr).toHaveProperty(String(step), expect.closeTo(rate, 12)));
});

const BAD_WARMUPS = [
  { length: -1 },
  { length: '2 weeks' },
  { length: 1, start_factor: 2 },
  { length: 1, start_factor: '1' },
  { length: 1, end_factor: 1 },
];

/** Values that no field of this type takes. */
function badValues({ type }: Field): readonly unknown[] {
  const always = [null, {}, { length: -1 }];
  switch (type.kind) {
    case 'number':
      return [...always, '0.1', true, [1], ...outside(type)];
    case 'integer':
      return [...always, '1', 1.5, [1], ...outside(type)];
    case 'boolean':
      return [...always, 0, 1, 'true', []];
    case 'text':
      return [...always, '', ' ', 1, ['loss']];
    case 'choice':
      return [...always, '', 'nothing of the kind', 1, true, [type.choices[0]]];
    case 'duration':
      return [...always, '2 weeks', '', true, [1], -1, '-1 steps', ...outside(type)];
    case 'numbers':
      return [...always, 1, 'x', ['0.1'], [null], outside(type)];
    case 'durations':
      return [...always, 1, '1 steps', ['2 weeks'], [null], [-1], outside(type)];
    case 'warmup':
      return [null, 1, '5 epochs', [], {}, ...BAD_WARMUPS];
  }
}

/** The numbers just outside of what is allowed. */
function outside({ least, above, most, below }: Bounds): readonly number[] {
  const bad = [
    least === undefined ? [] : [least - 1e-9, least - 1],
    above === undefined ? [] : [above, above - 1],
    most === undefined ? [] : [most + 1e-9, most + 1],
    below === undefined ? [] : [below, below + 1],
  ].flat();
  expect(bad).not.toEqual([]);
  return bad;
}

const FIELDS = Object.entries(CATALOGUE).flatMap(([strategy, { fields }]) =>
  Object.entries(fields).map(([name, field]): [string, string, Field] => [strategy, name, field]),
);

describe('a field with a value that it does not take is refused', () => {
  test.each(FIELDS)('%s %s', (strategy, name, field) => {
    const [fields] = GOOD[strategy] ?? [{}];
    for (const value of badValues(field)) {
      const { error = '' } = ask(strategy, { ...fields, [name]: value });
      const written = JSON.stringify(value);
      expect(error).toMatch(new RegExp(`^learning_rate\\.${name}: received .*; .*(must be|has) `));
      if (field.type.kind !== 'warmup')
        expect(error).toContain(`: received ${written}; it must be `);
    }
  });

  test.each(
    FIELDS.filter(([, , { default: given, optional }]) => !optional && given === undefined),
  )('%s without %s', (strategy, name) => {
    const [fields] = GOOD[strategy] ?? [{}];
    const { error } = ask(strategy, { ...fields, [name]: undefined });
    expect(error).toContain(`learning_rate.${name}: received nothing; it must be `);
  });
});

/** The first of two learning rates above the second, which is to be the higher. */
function tooHigh(strategy: string, low: string, high: string): [string, Fields, string] {
  const message = `${low}: received 2 with ${high} 1; ${low} must be at most ${high}`;
  return [strategy, { [low]: 2, [high]: 1 }, message];
}

describe('fields that do not go together are refused, with the rule', () => {
  test.each<[string, Fields, string]>([
    tooHigh('cosine', 'min_lr', 'lr'),
    tooHigh('cosine_restarts', 'min_lr', 'lr'),
    tooHigh('wsd', 'min_lr', 'lr'),
    tooHigh('plateau', 'min_lr', 'lr'),
    tooHigh('cyclic', 'base_lr', 'max_lr'),
    tooHigh('range_test', 'min_lr', 'max_lr'),
    [
      'range_test',
      { min_lr: 0 },
      'min_lr: received 0 with scale exponential; min_lr must be above 0',
    ],
    [
      'one_cycle',
      { three_phase: true, pct_start: 0.6 },
      'pct_start: received 0.6 with three_phase; pct_start must be at most 0.5',
    ],
    ['cosine_restarts', { first: 0.5 }, 'first: received 0.5; first must be at least 1 step'],
    [
      'cyclic',
      { step_size: '0.5 steps' },
      'received "0.5 steps"; step_size must be at least 1 step',
    ],
    ...['one_cycle', 'cyclic'].flatMap((strategy): [string, Fields, string][] => [
      [
        strategy,
        { base_momentum: 0.8 },
        'max_momentum: received nothing; base_momentum moves only together with max_momentum',
      ],
      [
        strategy,
        { max_momentum: 0.8 },
        'base_momentum: received nothing; max_momentum moves only together with base_momentum',
      ],
      [
        strategy,
        { base_momentum: 0.9, max_momentum: 0.8 },
        'base_momentum: received 0.9 with max_momentum 0.8; base_momentum must be at most',
      ],
    ]),
    ['piecewise', { values: [1] }, 'boundaries: received 1 boundaries for 1 values; there must be'],
    ['piecewise', { values: [1, 2, 3], boundaries: [3, 3] }, 'boundaries must rise strictly'],
    [
      'piecewise',
      { values: [1, 2, 3], boundaries: [3, '4 epochs'] },
      'boundaries must be all in steps or all in epochs',
    ],
    ['plateau', { monitor: undefined }, 'monitor: received nothing; there is no objective'],
    ['plateau', { mode: undefined }, 'mode: received nothing; monitor "loss" is not the objective'],
  ])('%s %j', (strategy, fields, message) => {
    const [good] = GOOD[strategy] ?? [{}];
    const { error } = ask(strategy, { ...good, ...fields });
    expect(error).toContain(message);
    expect(error).toMatch(/^learning_rate\./);
  });

  test.each(Object.keys(CATALOGUE))('and %s has no field of another name', (strategy) => {
    const [good] = GOOD[strategy] ?? [{}];
    const { error } = ask(strategy, { ...good, nonsense: 1 });
    expect(error).toContain(
      `learning_rate.nonsense: received 1, but ${strategy} has no such field; it has `,
    );
  });
});
