// Strategies as a sweep file may write them: with learning rates that are still to be found.

import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../src/lr/catalogue.ts';
import { toFinding } from '../../src/lr/find.ts';
import { parseFindings, withUsualRates } from '../../src/lr/parse-findings.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';

const LOSS = { metric: 'val_loss', mode: 'min' } as const;
const FIND = toFinding({ find: {} });

function messagesOf(value: unknown): readonly string[] {
  const parsed = parseFindings(value, LOSS);
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
}

/** Fields that a strategy cannot do without, beside its learning rates. */
const NEEDED: Readonly<Record<string, object>> = {
  step: { step_size: 2 },
  multistep: { milestones: [2] },
  exponential: { decay_rate: 0.9 },
  inverse_time: { decay_rate: 0.9, decay_steps: 1 },
  cosine_restarts: { first: 2 },
  cyclic: { step_size: 2 },
  wsd: { decay: 2 },
};

describe('what can be found', () => {
  const findable = Object.entries(CATALOGUE).map(([name, { fields }]) => [
    name,
    Object.keys(fields).filter((field) => fields[field]?.findable === true),
  ]);

  test('is the learning rate that a strategy rests on, and of cyclic both bounds', () => {
    expect(Object.fromEntries(findable)).toEqual({
      fixed: ['lr'],
      step: ['lr'],
      multistep: ['lr'],
      piecewise: [],
      exponential: ['lr'],
      inverse_time: ['lr'],
      polynomial: ['lr'],
      cosine: ['lr'],
      cosine_restarts: ['lr'],
      one_cycle: ['max_lr'],
      cyclic: ['base_lr', 'max_lr'],
      wsd: ['lr'],
      plateau: ['lr'],
      range_test: [],
    });
  });

  test.each(findable.filter(([, fields]) => fields?.length !== 0))(
    'of %s comes out filled like all its other fields, and again the same',
    (name, fields) => {
      const rates = (value: unknown): object =>
        Object.fromEntries([fields].flat().map((field) => [field, value]));
      const given = { strategy: name, ...NEEDED[String(name)] };
      const parsed = parseFindings({ ...given, ...rates({ find: {} }) }, LOSS);
      const plain = parseStrategy({ ...given, ...rates(0.1) }, LOSS);
      if (!plain.ok) throw new Error(JSON.stringify(plain.problems));
      expect(parsed).toEqual({ ok: true, strategy: { ...plain.strategy, ...rates(FIND) } });
      expect(parsed.ok && parseFindings(parsed.strategy, LOSS)).toEqual(parsed);
    },
  );
});

test('a strategy with nothing to be found is parsed as ever', () => {
  for (const value of [{ strategy: 'plateau', lr: 0.1 }, { strategy: 'nope' }, 'fixed', null])
    expect(parseFindings(value, LOSS)).toEqual(parseStrategy(value, LOSS));
});

test('a strategy with something to be found cannot be run', () => {
  expect(parseStrategy({ strategy: 'fixed', lr: FIND }).ok).toBe(false);
});

test.each<[string, object, RegExp]>([
  [
    'a find with a problem is named by its field',
    { strategy: 'cyclic', base_lr: 0, max_lr: { find: { steps: 2 } }, step_size: 2 },
    /^max_lr: steps: received 2; it must be a whole number from 6 to 20000$/,
  ],
  [
    'other fields are told by their own rule',
    { strategy: 'cosine', lr: 0.1, min_lr: { find: {} } },
    /^min_lr: received \{"find":\{\}\}; it must be a finite number, at least 0$/,
  ],
  [
    'a range test has its ends given',
    { strategy: 'range_test', min_lr: 1e-5, max_lr: { find: {} } },
    /^max_lr: received \{"find":\{\}\}; it must be /,
  ],
  [
    'a warmup is no learning rate',
    { strategy: 'fixed', lr: { find: {} }, warmup: { find: {} } },
    /^warmup: /,
  ],
  [
    'beside a find, a wrong field is wrong as ever',
    { strategy: 'step', lr: { find: {} }, step_size: -1 },
    /^step_size: received -1; /,
  ],
  [
    'a strategy that is not there finds nothing',
    { strategy: 'fix', lr: { find: {} } },
    /^strategy: received "fix"/,
  ],
])('%s', (_, value, words) => {
  expect(messagesOf(value)).toEqual([expect.stringMatching(words)]);
});

test('every find with a problem is told', () => {
  const value = {
    strategy: 'cyclic',
    base_lr: { find: { steps: 2 } },
    max_lr: { find: { times: 0 } },
    step_size: 2,
  };
  expect(messagesOf(value).map((message) => message.split(':')[0])).toEqual(['base_lr', 'max_lr']);
});

test.each<object>([
  { strategy: 'cyclic', base_lr: 0.5, max_lr: { find: {} }, step_size: 2 },
  { strategy: 'cyclic', base_lr: { find: {} }, max_lr: 0.001, step_size: 2 },
  { strategy: 'cosine', lr: { find: {} }, min_lr: 0.5 },
  { strategy: 'plateau', lr: { find: {} }, min_lr: 0.5 },
])('a rule that some rate would keep is not broken yet: %j', (value) => {
  expect(messagesOf(value)).toEqual([]);
});

test('what is to be found is taken for 0.1, as base_lr for 0.025, each times its times', () => {
  const rest = { strategy: 'cyclic', step_size: 2, mode: 'triangular' };
  expect(
    withUsualRates({ ...rest, base_lr: { find: { times: 2 } }, max_lr: { find: { times: 4 } } }),
  ).toEqual({ ...rest, base_lr: 0.05, max_lr: 0.4 });
  const low = { strategy: 'cyclic', base_lr: { find: {} }, max_lr: 0.02, step_size: 1 };
  expect(withUsualRates(low)).toMatchObject({ base_lr: 0.0025 });
  const high = { strategy: 'cosine', lr: { find: {} }, min_lr: 0.2 };
  expect(withUsualRates(high)).toMatchObject({ lr: 1 });
  const plain = { strategy: 'fixed', lr: 0.3 };
  expect(withUsualRates(plain)).toBe(plain);
});
