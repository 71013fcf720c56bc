// Reads a large table row by row. SQLite writes some hundred rows at once as JSON and V8 reads that, which takes half the time of
// handing over value by value.
// Promise: the values are those of the table, to the bit of a number and the character of a text; rows come in the order of their key.

import type { Database } from 'better-sqlite3';

/** Rows that are read at once: what they make together stays small, so that none of it outlives them. */
const ROWS = 200;

/** A table of ours, and what to read of it. */
export type Selection = {
  readonly table: string;
  readonly columns: readonly string[];
  /** The columns of its primary key, or `rowid`, and what is before all of it. */
  readonly key: Readonly<Record<string, string | number>>;
};

/**
 * Rows as lists of the columns and then of the key. Whole numbers are below 2⁵³; of others SQLite writes 17 digits, which are enough for every double
 * that it can hold.
 */
export function* eachRow<T extends readonly unknown[]>(
  db: Database,
  { table, columns, key }: Selection,
): Generator<T> {
  const names = Object.keys(key).join();
  const all = [...columns, ...Object.keys(key)].join();
  const marks = Object.keys(key).fill('?').join();
  const some = db
    .prepare<unknown[], string>(
      `SELECT json_group_array(json_array(${all}) ORDER BY ${names})
      FROM (SELECT ${all} FROM ${table} WHERE (${names}) > (${marks}) ORDER BY ${names} LIMIT ${ROWS})`,
    )
    .pluck();
  let rows: readonly T[] = [];
  let last: readonly unknown[] = Object.values(key);
  do {
    rows = JSON.parse(some.get(...last) ?? '[]') as readonly T[];
    last = rows.at(-1)?.slice(columns.length) ?? last;
    yield* rows;
  } while (rows.length === ROWS);
}
