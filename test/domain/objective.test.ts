import { expect, test } from 'vitest';
import { findDivergence } from '../../src/domain/objective.ts';

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'a training loss of %d is a divergence, in words with its epoch',
  (loss) => {
    const words = `the training loss was ${loss} at the end of epoch 4`;
    expect(findDivergence(4, { loss, val_loss: 1 })).toBe(words);
  },
);

test('a validation metric that is not finite is no divergence, nor is a training loss that is absent', () => {
  expect(findDivergence(0, { loss: 1, val_loss: Number.NaN })).toBeUndefined();
  expect(findDivergence(0, { val_loss: Number.NaN })).toBeUndefined();
});
