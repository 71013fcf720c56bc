import { expect, test } from 'vitest';
import { summarizeRates, toRateChunks } from '../../../agent/core/rate-report.ts';

test('an epoch with one rate has four equal numbers and no series', () => {
  expect(summarizeRates(0.5)).toEqual({ lrFirst: 0.5, lrLast: 0.5, lrLeast: 0.5, lrGreatest: 0.5 });
  expect(toRateChunks(0.5)).toEqual([]);
});

test('a series is summarised by its first, last, least and greatest rate', () => {
  const rates = Float32Array.of(0.5, 0.25, 2, 1);
  expect(summarizeRates(rates)).toEqual({ lrFirst: 0.5, lrLast: 1, lrLeast: 0.25, lrGreatest: 2 });
});

test('chunks cover a series without gap or overlap', () => {
  const rates = Float32Array.from({ length: 10 }, (_, step) => step);
  const chunks = toRateChunks(rates, 4);
  expect(chunks.map(({ fromStep }) => fromStep)).toEqual([0, 4, 8]);
  expect(chunks.flatMap(({ values }) => values)).toEqual([...rates]);
});

test('a chunk holds at most 64 Ki values', () => {
  const chunks = toRateChunks(new Float32Array(65_537).fill(1));
  expect(chunks.map(({ values }) => values.length)).toEqual([65_536, 1]);
});
