import { expect, test } from 'vitest';
import { describeMissingMetric, toEnding } from '../../../agent/core/outcome.ts';

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'a training loss of %d is a divergence, also in the last epoch',
  (loss) => {
    expect(toEnding(4, { loss }, 0)?.outcome).toBe('diverged');
    expect(toEnding(4, { loss }, 3)?.message).toBe(
      `the training loss was ${loss} at the end of epoch 4`,
    );
  },
);

test('a validation metric that is not finite ends nothing', () => {
  expect(toEnding(0, { loss: 1, val_loss: Number.NaN }, 1)).toBeUndefined();
});

test('the attempt is completed when no epochs are left', () => {
  expect(toEnding(0, { loss: 1 }, 1)).toBeUndefined();
  expect(toEnding(1, { loss: 1 }, 0)).toEqual({ outcome: 'completed', message: '' });
});

test('a metric that is followed and absent is named, with what there is instead', () => {
  const followers = [{ metric: 'val_loss', by: "the sweep's objective" }];
  expect(describeMissingMetric(followers, { val_loss: Number.NaN })).toBeUndefined();
  expect(describeMissingMetric(followers, { loss: 1, accuracy: 0 })).toBe(
    "the sweep's objective follows val_loss, which the trial does not report; it reports loss, accuracy",
  );
  expect(describeMissingMetric([{ metric: 'toString', by: 'x' }], {})).toContain(
    'no metrics at all',
  );
});
