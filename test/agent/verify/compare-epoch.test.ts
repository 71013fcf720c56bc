// An epoch beside its record: what is the same, and what every difference is called.

import { expect, test } from 'vitest';
import { compareEpoch } from '../../../agent/verify/compare-epoch.ts';
import type { EpochRecord } from '../../../src/results/recorded-trial.ts';

const RATES = { first: 0.5, last: 0.25, least: 0.25, greatest: 0.5, applied: 0.25 };

function record(change: Partial<EpochRecord> = {}): EpochRecord {
  const metrics = { loss: 0.125, val_loss: Number.NaN };
  return { steps: 2, metrics, rates: RATES, series: Float32Array.of(0.5, 0.25), ...change };
}

test('the same numbers do not differ; NaN is NaN, and a zero has no sign', () => {
  expect(compareEpoch(record(), record())).toEqual([]);
  const zero = record({ metrics: { loss: 0 }, series: undefined });
  expect(compareEpoch(zero, { ...zero, metrics: { loss: -0 } })).toEqual([]);
});

test.each<[Partial<EpochRecord>, object]>([
  [{ steps: 3 }, { what: 'steps', recorded: 3, now: 2 }],
  [
    { metrics: { loss: 0.125 + 2 ** -55, val_loss: Number.NaN } },
    { what: 'loss', recorded: 0.125 + 2 ** -55, now: 0.125 },
  ],
  [{ metrics: { loss: 0.125, val_loss: 0 } }, { what: 'val_loss', recorded: 0, now: Number.NaN }],
  [{ metrics: { loss: 0.125 } }, { what: 'val_loss', recorded: undefined, now: Number.NaN }],
  [
    { metrics: { ...record().metrics, constructor: 1 } },
    { what: 'constructor', recorded: 1, now: undefined },
  ],
  [{ rates: { ...RATES, first: 0.1 } }, { what: 'first learning rate', recorded: 0.1, now: 0.5 }],
  [{ rates: { ...RATES, last: 0.1 } }, { what: 'last learning rate', recorded: 0.1, now: 0.25 }],
  [{ rates: { ...RATES, least: 0.1 } }, { what: 'least learning rate', recorded: 0.1, now: 0.25 }],
  [
    { rates: { ...RATES, greatest: 0.1 } },
    { what: 'greatest learning rate', recorded: 0.1, now: 0.5 },
  ],
  [
    { rates: { ...RATES, applied: 0.1 } },
    { what: 'learning rate read back', recorded: 0.1, now: 0.25 },
  ],
  [
    { series: Float32Array.of(0.5, 0.125) },
    { what: 'learning rate of step 1', recorded: 0.125, now: 0.25 },
  ],
  [
    { series: Float32Array.of(0.5) },
    { what: 'learning rate of step 1', recorded: undefined, now: 0.25 },
  ],
  [{ series: undefined }, { what: 'learning rate of step 0', recorded: undefined, now: 0.5 }],
])('a record with %j differs in that', (change, difference) => {
  expect(compareEpoch(record(change), record())).toEqual([difference]);
});
