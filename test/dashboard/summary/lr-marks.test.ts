import { expect, test } from 'vitest';
import { rateMarks } from '../../../src/dashboard/summary/lr-marks.ts';
import type { EpochView } from '../../../src/wire/generated/espalier/v1/sweep.ts';
import { cosineEpochs, plateauEpochs } from '../sample.ts';

function constant(rates: readonly number[]): readonly EpochView[] {
  return rates.map((rate, epoch) => ({
    epoch,
    metrics: [],
    lrFirst: rate,
    lrLast: rate,
    lrLeast: rate,
    lrGreatest: rate,
  }));
}

test('a plateau is cut where its rate drops between flat epochs', () => {
  expect(rateMarks(plateauEpochs())).toEqual({ cuts: [12, 25, 38], cycles: [] });
});

test('a cosine with restarts has cycles and no cuts', () => {
  expect(rateMarks(cosineEpochs(30))).toEqual({ cuts: [], cycles: [10, 20] });
});

test('a warm-up is no cycle', () => {
  expect(rateMarks(constant([0.01, 0.05, 0.1, 0.1, 0.1])).cycles).toEqual([]);
});

test('a rate that falls in every epoch is a curve without marks', () => {
  expect(rateMarks(constant([1, 0.9, 0.81, 0.73, 0.66, 0.6])).cuts).toEqual([]);
});

test('a change below a hundredth is none', () => {
  expect(rateMarks(constant([1, 1, 0.995, 0.995, 0.995, 0.995])).cuts).toEqual([]);
});
