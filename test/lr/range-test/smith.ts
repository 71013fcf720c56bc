// Smith's own range tests, as Caffe logged them.

import { readFileSync } from 'node:fs';

/** One of his tests: learning rates, test accuracies and training losses. */
export type SmithTest = {
  readonly learningRates: readonly number[];
  readonly accuracies: readonly number[];
  readonly losses: readonly number[];
};

type Row = readonly [rate: number, accuracy: number, loss: number];

/** Reads a series of test/oracle/caffe_range_tests.json. */
export function readRangeTest(id: string): SmithTest {
  const text = readFileSync(
    new URL('../../oracle/caffe_range_tests.json', import.meta.url),
    'utf8',
  );
  const file: { series: readonly { id: string; rows: readonly Row[] }[] } = JSON.parse(text);
  const rows = file.series.find((series) => series.id === id)?.rows;
  if (rows === undefined) throw new Error(`no range test ${id}`);
  return {
    learningRates: rows.map(([rate]) => rate),
    accuracies: rows.map(([, accuracy]) => accuracy),
    losses: rows.map(([, , loss]) => loss),
  };
}
