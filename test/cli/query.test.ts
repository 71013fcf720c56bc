// Answers of queries as programs read them.

import { expect, test } from 'vitest';
import { toCsvLines, toRecords } from '../../src/cli/query.ts';

const BYTES = Buffer.from([0, 255]);

test('CSV quotes what would end a cell or a line, writes bytes in hexadecimal, and nothing for NULL', () => {
  const rows = [
    ['plain', 1.5, null, BYTES],
    ['a,b', 'say "yes"', 'two\nlines', 10n ** 18n],
  ];
  expect(toCsvLines({ columns: ['a', 'a', 'c,d', 'e'], rows })).toEqual([
    'a,a,"c,d",e',
    'plain,1.5,,00ff',
    '"a,b","say ""yes""","two\nlines",1000000000000000000',
  ]);
});

test('records keep every column, also of the same name, and write bytes in hexadecimal', () => {
  const columns = ['a', 'a', 'a', 'b'];
  expect(toRecords({ columns, rows: [[1, 2, 3, BYTES]] })).toEqual([
    { a: 1, 'a:1': 2, 'a:2': 3, b: '00ff' },
  ]);
});
