// `{ find: … }` in the place of a learning rate: what it may say, and the value that takes its place.

import { expect, test } from 'vitest';
import {
  findFindingProblem,
  findingsOf,
  hasFindings,
  isFinding,
  settleFindings,
  toFinding,
  toFindKey,
  toTestKey,
} from '../../src/lr/find.ts';

const DEFAULTS = {
  min_lr: 1e-7,
  max_lr: 10,
  steps: 100,
  scale: 'exponential',
  suggest: 'valley',
  seeds: [1, 2, 3],
  times: 1,
};

test.each<[unknown, boolean]>([
  [{ find: {} }, true],
  [{ find: null }, true],
  [{ find: 'rightly or not' }, true],
  [{ found: {} }, false],
  [Object.create({ find: {} }), false],
  [['find'], false],
  ['find', false],
  [0.1, false],
  [null, false],
])('%j is written as a value to be found: %s', (value, is) => {
  expect(isFinding(value)).toBe(is);
});

test('fields that are not said have their defaults, and nothing at all is all of them', () => {
  expect(toFinding({ find: {} })).toEqual({ find: DEFAULTS });
  expect(toFinding({ find: null })).toEqual({ find: DEFAULTS });
  expect(toFinding({ find: { steps: 50, times: 0.5 } })).toEqual({
    find: { ...DEFAULTS, steps: 50, times: 0.5 },
  });
});

test.each<object | null>([
  {},
  null,
  { min_lr: 1e-5, max_lr: 1, steps: 6 },
  { min_lr: 0, scale: 'linear', steps: 20_000 },
  { suggest: 'steepest' },
  { suggest: 'minimum', seeds: [0] },
  { seeds: Array.from({ length: 20 }, (_, i) => i) },
  { seeds: [2 ** 32 - 1] },
  { times: 0.25 },
])('%j is a good one', (find) => {
  expect(findFindingProblem({ find })).toBeUndefined();
});

const SEEDS = 'seeds must be a list of 1 to 20 different whole numbers from 0 to 4294967295';
const TIMES = 'times must be a finite number, above 0, and so must times × max_lr';

test.each<[unknown, string]>([
  ['soon', 'received {"find":"soon"}; find must be a mapping, such as { find: {} }'],
  [[], 'received {"find":[]}; find must be a mapping, such as { find: {} }'],
  [
    { step: 50 },
    'received the unknown field "step"; find has min_lr, max_lr, steps, scale, suggest, seeds, times',
  ],
  [
    { toString: 1 },
    'received the unknown field "toString"; find has min_lr, max_lr, steps, scale, suggest, seeds, times',
  ],
  [{ scale: 'log' }, 'received "log" as its scale; scale must be one of exponential, linear'],
  [{ min_lr: 'low' }, 'received "low"; min_lr, max_lr and steps must be numbers'],
  [{ max_lr: null }, 'received null; min_lr, max_lr and steps must be numbers'],
  [{ steps: '50' }, 'received "50"; min_lr, max_lr and steps must be numbers'],
  [{ min_lr: 0 }, 'min_lr: received 0; it must be above 0 on the exponential scale'],
  [
    { min_lr: -1, scale: 'linear' },
    'min_lr: received -1; it must be at least 0 on the linear scale',
  ],
  [{ max_lr: 1e-7 }, 'max_lr: received 1e-7; it must be above min_lr, 1e-7'],
  [{ max_lr: Infinity }, 'max_lr: received Infinity; it must be above min_lr, 1e-7'],
  [{ steps: 5 }, 'steps: received 5; it must be a whole number from 6 to 20000'],
  [{ steps: 7.5 }, 'steps: received 7.5; it must be a whole number from 6 to 20000'],
  [{ steps: 20_001 }, 'steps: received 20001; it must be a whole number from 6 to 20000'],
  [
    { suggest: 'best' },
    'received "best" as its suggest; suggest must be one of valley, steepest, minimum',
  ],
  [{ seeds: 1 }, `received 1 as its seeds; ${SEEDS}`],
  [{ seeds: [] }, `received [] as its seeds; ${SEEDS}`],
  [{ seeds: [1, 1] }, `received [1,1] as its seeds; ${SEEDS}`],
  [{ seeds: [-1] }, `received [-1] as its seeds; ${SEEDS}`],
  [{ seeds: [0.5] }, `received [0.5] as its seeds; ${SEEDS}`],
  [{ seeds: ['1'] }, `received ["1"] as its seeds; ${SEEDS}`],
  [{ seeds: [2 ** 32] }, `received [4294967296] as its seeds; ${SEEDS}`],
  [
    { seeds: Array.from({ length: 21 }, (_, i) => i) },
    `received [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20] as its seeds; ${SEEDS}`,
  ],
  [{ times: 0 }, `received 0 as its times; ${TIMES}`],
  [{ times: -1 }, `received -1 as its times; ${TIMES}`],
  [{ times: 'twice' }, `received "twice" as its times; ${TIMES}`],
  [{ times: Infinity }, `received Infinity as its times; ${TIMES}`],
  [{ times: 1e308 }, `received 1e+308 as its times; ${TIMES}`],
])('%j is refused with the field, the value and the rule', (find, words) => {
  expect(findFindingProblem({ find })).toBe(words);
});

test('beside find nothing can be said', () => {
  const both = { find: {}, times: 2 };
  expect(findFindingProblem(both)).toBe(
    'received {"find":{},"times":2}; beside find nothing can be said',
  );
});

const CYCLIC = {
  strategy: 'cyclic',
  base_lr: { find: { times: 0.5 } },
  max_lr: { find: {} },
  step_size: 2,
};

test('the findings of a strategy are told by field, with every field of theirs filled', () => {
  expect(hasFindings(CYCLIC)).toBe(true);
  expect(findingsOf(CYCLIC)).toEqual([
    ['base_lr', { find: { ...DEFAULTS, times: 0.5 } }],
    ['max_lr', { find: DEFAULTS }],
  ]);
  const fixed = { strategy: 'fixed', lr: 0.1, warmup: { length: 2 } };
  expect(hasFindings(fixed)).toBe(false);
  expect(findingsOf(fixed)).toEqual([]);
});

test('base_lr gets the lower bound and any other field the upper one, each times its times', () => {
  const rates = { max_lr: 0.4, base_lr: 0.08 };
  expect(settleFindings(CYCLIC, () => rates)).toEqual({
    ...CYCLIC,
    base_lr: 0.04,
    max_lr: 0.4,
  });
  const twice = { strategy: 'step', lr: { find: { times: 2 } }, step_size: 2, gamma: 0.1 };
  expect(settleFindings(twice, () => rates)).toEqual({ ...twice, lr: 0.8 });
});

test.each([
  [0.123_456, 1, 0.123],
  [0.123_5, 1, 0.123],
  [0.123_51, 1, 0.124],
  [0.000_012_349, 1, 0.000_012_3],
  [9.996, 1, 10],
  [1.5, 1, 1.5],
  [0.1, 3, 0.3],
  [1 / 3, 0.5, 0.167],
])('%f times %f is %f, to three significant digits', (max_lr, times, lr) => {
  const spec = { strategy: 'fixed', lr: { find: { times } } };
  expect(settleFindings(spec, () => ({ max_lr, base_lr: 1 }))).toEqual({ strategy: 'fixed', lr });
});

test('each field has the rates of its own test, and a missing one leaves all of them open', () => {
  const spec = { ...CYCLIC, base_lr: { find: { steps: 50 } } };
  const rates = { max_lr: 0.4, base_lr: 0.1 };
  const other = { max_lr: 8, base_lr: 2 };
  expect(settleFindings(spec, ({ steps }) => (steps === 50 ? rates : other))).toMatchObject({
    base_lr: 0.1,
    max_lr: 8,
  });
  expect(settleFindings(spec, ({ steps }) => (steps === 50 ? rates : undefined))).toBeUndefined();
});

test('what has nothing to be found is what it was', () => {
  const fixed = { strategy: 'fixed', lr: 0.123_456 };
  expect(settleFindings(fixed, () => undefined)).toEqual(fixed);
});

test('one test serves all ways to read it, and one reading every times', () => {
  const { find } = toFinding({ find: {} });
  const keys = (change: object): readonly boolean[] => {
    const other = toFinding({ find: change }).find;
    return [toTestKey(other) === toTestKey(find), toFindKey(other) === toFindKey(find)];
  };
  expect(keys({ steps: 100 })).toEqual([true, true]);
  expect(keys({ times: 2 })).toEqual([true, true]);
  expect(keys({ suggest: 'minimum' })).toEqual([true, false]);
  for (const change of [
    { min_lr: 1e-6 },
    { max_lr: 1 },
    { steps: 99 },
    { scale: 'linear' },
    { seeds: [1, 2] },
  ])
    expect(keys(change)).toEqual([false, false]);
});
