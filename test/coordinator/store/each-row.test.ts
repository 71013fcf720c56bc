// Rows that are read as JSON are those that are read one by one.

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { eachRow } from '../../../coordinator/store/each-row.ts';
import { Dice } from '../../support/dice.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_126);
const COLUMNS = ['name', 'whole', 'real', 'empty'];

type Row = readonly [name: string, whole: number, real: number, empty: null];

/** A table of `count` rows, every third of which has been deleted again. */
function tableOf(count: number, toReal: () => number): Database.Database {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (name TEXT, whole INTEGER, real REAL, empty TEXT) STRICT');
  const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, NULL)');
  const names = ['', 'a', '"\\', '\u0000', 'é ü \n\t', '🌳', '</script>', '{"a":1}'];
  for (let i = 0; i < count; i += 1)
    insert.run(names[i % names.length], Number.MAX_SAFE_INTEGER - i, toReal());
  db.exec('DELETE FROM t WHERE rowid % 3 = 0');
  return db;
}

test.each([0, 1, 299, 300, 301, 1000])(
  'of %d rows each comes once, in the order of their creation, with all values to the bit',
  (count) => {
    const dice = new Dice(SEED, 'rows', count);
    const bits = new DataView(new ArrayBuffer(8));
    const toReal = (): number => {
      bits.setUint32(0, dice.below(2 ** 32));
      bits.setUint32(4, dice.below(2 ** 32));
      const value = bits.getFloat64(0);
      return Number.isFinite(value) ? value : dice.unit();
    };
    const db = tableOf(count, toReal);
    const expected = db.prepare('SELECT * FROM t ORDER BY rowid').raw().all();
    const found = [...eachRow<Row>(db, { table: 't', columns: COLUMNS })];
    expect(found.map((row) => row.slice(0, COLUMNS.length))).toStrictEqual(expected);
    db.close();
  },
);

test('whatever double SQLite holds comes back: the least, the greatest, and one that needs 17 digits', () => {
  const values = [5e-324, -5e-324, 1.7976931348623157e308, 0.1 + 0.2, 1 / 3, 2 ** -1022];
  let next = 0;
  const db = tableOf(values.length, () => values[next++] ?? 0);
  const found = [...eachRow<Row>(db, { table: 't', columns: COLUMNS })].map(([, , real]) => real);
  expect(found).toStrictEqual(values.filter((_, i) => (i + 1) % 3 !== 0));
  db.close();
});

test('a column may be an expression with a name', () => {
  const db = tableOf(4, () => 1);
  const columns = ['name', '(SELECT count(*) FROM t) AS rows'];
  const found = [...eachRow<readonly [string, number]>(db, { table: 't', columns })];
  expect(found.map(([name, rows]) => [name, rows])).toEqual([
    ['', 3],
    ['a', 3],
    ['\u0000', 3],
  ]);
  db.close();
});
