import { expect, test } from 'vitest';
import { describeMissingMetric } from '../../../agent/core/outcome.ts';

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
