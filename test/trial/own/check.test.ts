// What submission finds out about strategies of one's own.

import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../src/lr/definition.ts';
import { defineStrategy } from '../../../src/lr/own.ts';
import type { Strategy } from '../../../src/lr/strategy.ts';
import { checkOwn } from '../../../src/trial/own/check.ts';

const RUN = {
  objective: { metric: 'val_loss', mode: 'min' },
  stepsPerEpoch: 10,
  epochs: 5,
} as const;

function define(strategy: (lr: number) => Strategy<never>): Definition {
  return defineStrategy({
    about: 'For a test.',
    fields: { lr: { type: { kind: 'number', above: 0 }, about: 'Learning rate.' } },
    create: ({ lr }) => strategy(lr),
  }).definition;
}

/** With a state of any kind, as plain JavaScript has it. */
function check(strategy: (lr: number) => object, values: object = { lr: 0.1 }): string | undefined {
  const definition = define((lr) => strategy(lr) as Strategy<never>);
  return checkOwn({ strategy: 'own/it', ...values }, RUN, { 'own/it': definition });
}

const still = { start: () => null, observe: (state: unknown) => state };

describe('a good strategy passes', () => {
  test('that depends on the step alone', () => {
    const strategy = {
      ...still,
      controls: (_: unknown, fromStep: number, count: number) => ({
        learningRate: Float64Array.from({ length: count }, (_value, i) => 1 / (1 + fromStep + i)),
      }),
    };
    expect(check(() => strategy)).toBeUndefined();
  });

  test('that follows a metric and moves the momentum', () => {
    const problem = check((lr) => ({
      start: () => ({ lr, best: null }),
      controls: (state: { lr: number }) => ({ learningRate: state.lr, momentum: 0.9 }),
      observe: (state: { lr: number; best: number | null }, _: number, metrics: object) => {
        const loss: unknown = Reflect.get(metrics, 'val_loss');
        if (typeof loss !== 'number') return state;
        if (state.best === null || loss < state.best) return { lr: state.lr, best: loss };
        return { ...state, lr: state.lr / 2 };
      },
    }));
    expect(problem).toBeUndefined();
  });
});

describe('what is not pure is found', () => {
  test.each<[string, (lr: number) => object, RegExp]>([
    [
      'random numbers',
      (lr) => ({ ...still, controls: () => ({ learningRate: lr * Math.random() }) }),
      /at another time and with other random numbers/,
    ],
    [
      'the time of the day',
      (lr) => ({ ...still, controls: () => ({ learningRate: lr / (1 + (Date.now() % 7)) }) }),
      /at another time and with other random numbers/,
    ],
    [
      'a date without arguments',
      (lr) => ({
        ...still,
        controls: () => ({ learningRate: lr / (1 + (new Date().getTime() % 7)) }),
      }),
      /at another time and with other random numbers/,
    ],
    [
      'the clock of the process',
      (lr) => ({
        ...still,
        controls: () => ({ learningRate: lr / (1 + (performance.now() % 7)) }),
      }),
      /at another time and with other random numbers/,
    ],
    [
      'something outside of its state',
      counting,
      /when it is asked a second time: it must not keep anything outside of its state/,
    ],
    [
      'a state that JSON does not hold',
      (lr) => ({
        ...still,
        start: () => new Map([['lr', lr]]),
        controls: (state: { get?: (name: string) => number }) => ({
          learningRate: state.get?.('lr') ?? 1,
        }),
      }),
      /when its state has been written as JSON and read again/,
    ],
    [
      'an infinity in its state',
      () => ({
        start: () => ({ best: Infinity }),
        controls: ({ best }: { best: number }) => ({ learningRate: best === Infinity ? 1 : 0.1 }),
        observe: (state: unknown) => state,
      }),
      /when its state has been written as JSON and read again/,
    ],
    [
      'the place of a step within the question',
      (lr) => ({
        ...still,
        controls: (_: unknown, _from: number, count: number) => ({
          learningRate: Float64Array.from({ length: count }, (_value, i) => lr * i),
        }),
      }),
      /when the epoch is asked for in pieces/,
    ],
  ])('%s', (_, strategy, problem) => {
    expect(check(strategy)).toMatch(problem);
  });
});

let asked = 0;
function counting(lr: number): object {
  return { ...still, controls: () => ({ learningRate: lr / (asked += 1) }) };
}

describe('values that nothing can be trained with are named with their step', () => {
  test.each<[unknown, RegExp]>([
    [{ learningRate: -1 }, /learning rate -1 in step 0 of epoch 0/],
    [{ learningRate: Number.NaN }, /learning rate NaN in step 0 of epoch 0/],
    [{ learningRate: Infinity }, /learning rate Infinity in step 0/],
    [{ learningRate: 1, momentum: 1 }, /momentum 1 in step 0 of epoch 0/],
    [{ learningRate: [0.1] }, /a number or a Float64Array of 10 values/],
    [{ learningRate: new Float64Array(3) }, /a number or a Float64Array of 10 values/],
    [0.1, /it must be \{ learningRate \}/],
    [undefined, /it must be \{ learningRate \}/],
  ])('%j', (given, problem) => {
    expect(check(() => ({ ...still, controls: () => given }))).toMatch(problem);
  });

  test('a later step is found too', () => {
    const strategy = {
      ...still,
      controls: (_: unknown, from: number) => ({ learningRate: 25 - from }),
    };
    expect(check(() => strategy)).toMatch(/-5 in step 0 of epoch 3/);
  });
});

describe('what depends on other metrics, or on odd ones, is found too', () => {
  test('random numbers once another metric is there', () => {
    const strategy = {
      start: () => ({ lr: 1 }),
      controls: (state: { lr: number }) => ({ learningRate: state.lr }),
      observe: (state: { lr: number }, _: number, { f1 }: { f1?: number }) =>
        f1 === undefined ? state : { lr: Math.random() },
    };
    expect(check(() => strategy)).toMatch(/at another time and with other random numbers/);
  });

  test('an error at a large value', () => {
    const strategy = {
      ...still,
      controls: () => ({ learningRate: 1 }),
      observe: (state: unknown, _: number, metrics: Record<string, number>) => {
        if ((metrics['val_loss'] ?? 0) > 1000) throw new Error('exploded');
        return state;
      },
    };
    expect(check(() => strategy)).toBe('exploded');
  });
});

test('the same array filled anew is as good as another one', () => {
  const values = new Float64Array(10);
  const fill = (_: unknown, from: number, count: number): Float64Array => {
    for (let i = 0; i < values.length; i += 1) values[i] = 1 / (1 + from + i);
    return count === values.length ? values : values.slice(0, count);
  };
  const strategy = {
    ...still,
    controls: (state: unknown, from: number, count: number) => ({
      learningRate: fill(state, from, count),
    }),
  };
  expect(check(() => strategy)).toBeUndefined();
});

test('a state that is too large to travel is refused, and what is no strategy', () => {
  const large = {
    start: () => Array.from({ length: 60_000 }, () => 1),
    controls: () => ({ learningRate: 1 }),
    observe: (state: unknown) => state,
  };
  expect(check(() => large)).toMatch(/its state has 120001 characters as JSON; at most 100000/);
  expect(check(() => ({ start: () => null }))).toMatch(
    /must return \{ start, controls, observe \}/,
  );
  expect(checkOwn({ strategy: 'own/it' }, RUN, {})).toMatch(
    /the trial's module exports no strategy/,
  );
});

test('what its code throws is said in its own words', () => {
  const strategy = {
    ...still,
    controls: () => ({ learningRate: 1 }),
    observe: () => {
      throw new Error('no metric today');
    },
  };
  expect(check(() => strategy)).toBe('no metric today');
});

test('values that break the table of fields are refused with field, value and rule', () => {
  const problem = check(() => ({ ...still }), { lr: -1 });
  expect(problem).toBe('lr: received -1; it must be a finite number, above 0');
});

test('clocks and random numbers are the real ones afterwards', () => {
  const before = [Math.random, Date, performance.now];
  check(() => ({ ...still, controls: () => ({ learningRate: 1 }) }));
  expect([Math.random, Date, performance.now]).toEqual(before);
  expect(Object.hasOwn(performance, 'now')).toBe(false);
});
