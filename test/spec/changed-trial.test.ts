// A trial with some values changed: what a person types becomes values, or is refused in the words of a sweep file.

import { expect, test } from 'vitest';
import { changeTrial, toStrategyKey } from '../../src/spec/changed-trial.ts';
import { trialAt } from '../../src/space/grid.ts';
import { submissionOf } from '../support/sweep.ts';

const { spec } = submissionOf([
  'objective: { metric: val_loss, mode: min }',
  'epochs: 4',
  'config: { width: [8, 16], layers: [[1, 2]], optimizer: momentum }',
  'learning_rate: [{ strategy: step, lr: 0.5, step_size: 2 }]',
]);

const { learning_rate: strategy, ...rest } = trialAt(spec, 0);
const TRIAL = { ...rest, strategy };

function change(...changes: readonly string[]) {
  const named = changes.map((text) => {
    const [name = '', value = ''] = text.split('=');
    return { name, value };
  });
  return changeTrial(spec, TRIAL, named);
}

function problems(...changes: readonly string[]): readonly string[] {
  const changed = change(...changes);
  return changed.ok ? [] : changed.problems;
}

test('what is named is changed, all else stays', () => {
  expect(change('seed=3', 'epochs=9', 'width=32', 'learning_rate.lr=0.25')).toMatchObject({
    ok: true,
    words: ['seed 3', 'epochs 9', 'width 32', 'learning_rate.lr 0.25'],
    values: {
      seed: 3,
      epochs: 9,
      config: { width: 32, layers: [1, 2], optimizer: 'momentum' },
      strategy: { strategy: 'step', lr: 0.25, gamma: 0.1 },
    },
  });
});

test('a list is one value, and a name of the config that is taken can be written config.NAME', () => {
  expect(change('layers=[3, 4]', 'config.width=4', 'config.depth=2')).toMatchObject({
    ok: true,
    values: { config: { layers: [3, 4], width: 4, depth: 2 } },
  });
});

test('a strategy of another kind has only the fields that are given', () => {
  const changed = change('learning_rate.strategy=fixed', 'learning_rate.lr=0.1');
  expect(changed).toMatchObject({ ok: true, values: { strategy: { strategy: 'fixed', lr: 0.1 } } });
  expect(problems('learning_rate.strategy=fixed')).toEqual([
    'learning_rate.lr: received nothing; it must be a finite number, above 0',
  ]);
});

test.each([
  [
    'learning_rate.step_sise=4',
    'learning_rate.step_sise: received the unknown key step_sise; did you mean step_size?',
  ],
  ['learning_rate.lr=-1', 'learning_rate.lr: received -1; it must be a finite number, above 0'],
  ['epochs=0', 'epochs: received 0; it must be a whole number, at least 1 and at most 1000000'],
  ['seed=x', 'seed: received "x"; it must be a whole number, at least 0 and at most 4294967295'],
  ['widt=3', 'widt: the trial has no such value; did you mean width?'],
  [
    'colour=red',
    'colour: the trial has no such value; it has width, layers, optimizer, epochs, seed, learning_rate.FIELD. A new one of the config is written config.colour',
  ],
  ['objective=loss', 'objective: is the same for all trials of a sweep'],
  [
    'learning_rate=3',
    'learning_rate: name a field of it, such as learning_rate.lr, or learning_rate.strategy',
  ],
  ['width=', 'width: received nothing; a value is written as in a sweep file'],
  ['width=[1', 'width: Flow sequence must end with a ]; a value is written as in a sweep file'],
])('%s', (text, words) => {
  expect(problems(text)).toEqual([words]);
});

test('a rate can be left to range tests', () => {
  expect(change('learning_rate.lr={ find: {} }')).toMatchObject({ ok: true });
});

test('all that is wrong is said at once, and nothing can be given twice', () => {
  expect(problems('epochs=-1', 'learning_rate.lr=x')).toHaveLength(2);
  expect(problems('seed=2', 'seed=3')).toEqual(['seed: is given twice', 'seed: is given twice']);
});

test('two strategies are the same one however their durations are written', () => {
  expect(toStrategyKey({ ...strategy, step_size: 2 })).toBe(
    toStrategyKey({ ...strategy, step_size: '2 epochs' }),
  );
  expect(toStrategyKey({ ...strategy, step_size: 3 })).not.toBe(toStrategyKey(strategy));
});
