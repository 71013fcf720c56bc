// Answers of queries as programs read them.

import { expect, test } from 'vitest';
import { writeAnswer, type Format } from '../../src/cli/query/write-answer.ts';
import type { Prepared } from '../../src/results/prepare-query.ts';
import type { Value } from '../../src/results/value.ts';

const BYTES = Buffer.from([0, 255]);

function written(
  format: Format,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
  most = 10,
): { text: string; isCut: boolean } {
  let text = '';
  const answer: Prepared = { columns, rows: () => rows.values() };
  const isCut = writeAnswer(answer, format, most, (piece) => (text += piece));
  return { text, isCut };
}

test('CSV quotes what would end a cell or a line, writes bytes in hexadecimal, and nothing for NULL', () => {
  const rows = [
    ['plain', 1.5, null, BYTES],
    ['a,b', 'say "yes"', 'two\nlines', 10n ** 18n],
  ];
  expect(written('csv', ['a', 'a', 'c,d', 'e'], rows).text).toBe(
    'a,a,"c,d",e\nplain,1.5,,00ff\n"a,b","say ""yes""","two\nlines",1000000000000000000\n',
  );
});

test('records keep every column, also of the same name, and write bytes in hexadecimal', () => {
  const columns = ['a', 'a', 'a', 'b'];
  const record = { a: 1, 'a:1': 2, 'a:2': 3, b: '00ff' };
  const { text } = written('json', columns, [[1, 2, 3, BYTES]]);
  expect(JSON.parse(text)).toEqual([record]);
  expect(written('jsonl', columns, [[1, 2, 3, BYTES]]).text).toBe(`${JSON.stringify(record)}\n`);
});

const parsed = (rows: readonly (readonly Value[])[]): unknown =>
  JSON.parse(written('json', ['a'], rows).text);

test('JSON of several rows, of one and of none can be parsed', () => {
  expect(parsed([[1], [2], [null]])).toEqual([{ a: 1 }, { a: 2 }, { a: null }]);
  expect(parsed([[Infinity]])).toEqual([{ a: 'Infinity' }]);
  expect(parsed([])).toEqual([]);
});

test('a table stops at its limit and says so; programs get every row', () => {
  const rows = Array.from({ length: 5 }, (_, i) => [i]);
  expect(written('table', ['a'], rows, 2)).toEqual({ text: 'a\n0\n1\n', isCut: true });
  expect(written('table', ['a'], rows, 5).isCut).toBe(false);
  expect(written('csv', ['a'], rows, 2)).toEqual({ text: 'a\n0\n1\n2\n3\n4\n', isCut: false });
});
