// What a user's module may export.

import { expect, test } from 'vitest';

import { defineTrial } from '../../src/index.ts';
import { isTrial } from '../../src/trial/define-trial.ts';
import { toyTrial } from './toy-trial.ts';

test('a definition of either level is a trial, and nothing else is', () => {
  expect(isTrial(defineTrial(toyTrial()))).toBe(true);
  expect(isTrial(defineTrial({ open: () => Promise.reject(new Error('unused')) }))).toBe(true);
  expect([toyTrial(), undefined, null, 'trial', () => toyTrial()].some(isTrial)).toBe(false);
});

test('a definition that lacks functions is refused with their names', () => {
  expect(() => defineTrial({ data: () => undefined } as never)).toThrow(
    /model, compile must be functions/,
  );
  expect(() => defineTrial({ open: 3 } as never)).toThrow(/open must be a function/);
});

test('the config has the type that its writer claims', () => {
  defineTrial<{ readonly batch_size: number }>({
    ...toyTrial(),
    compile: ({ config }) => ({
      optimizer: { name: 'adam', beta_1: 0.9 },
      loss: 'meanSquaredError',
      batch_size: config.batch_size,
    }),
  });
  defineTrial<{ readonly batch_size: number }>({
    ...toyTrial(),
    compile: ({ config }) => {
      // @ts-expect-error -- a misspelt key of the config is found by the compiler
      const size = config.batchsize;
      return { optimizer: 'sgd', loss: 'meanSquaredError', batch_size: size };
    },
  });
});
