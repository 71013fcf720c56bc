// Reads a large table row by row. SQLite writes some hundred rows at once as JSON and V8 reads that, which takes half the time of
// handing over value by value.
// Promise: the values are those of the table, to the bit of a number and the character of a text; rows come in the order of their creation.

import assert from 'node:assert/strict';
import type { Database } from 'better-sqlite3';

/** Rows that are read at once: what they make together stays small, so that none of it outlives them. */
const ROWS = 200;

/** A table of ours that has rowids, and what to read of it: columns, or expressions with a name of their own (`… AS name`). */
export type Selection = { readonly table: string; readonly columns: readonly string[] };

/**
 * Rows as lists of the columns. Whole numbers are below 2⁵³; of others SQLite writes 17 digits, which are enough for every double that it can
 * hold.
 */
export function* eachRow<T extends readonly unknown[]>(
  db: Database,
  { table, columns }: Selection,
): Generator<T> {
  const names = columns.map((column) => column.split(' AS ').at(-1)).join();
  const some = db
    .prepare<[number], string>(
      `SELECT json_group_array(json_array(${names}, rowid))
      FROM (SELECT ${columns.join()}, rowid FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS})`,
    )
    .pluck();
  let last = 0;
  for (;;) {
    const rows = JSON.parse(some.get(last) ?? '[]') as readonly (readonly [...T, number])[];
    for (const row of rows) {
      const rowid = row[columns.length] as number;
      // To order them in the aggregate as well takes a third longer.
      assert(rowid > last, `${table} is read in the order of its rowids`);
      last = rowid;
      yield row as unknown as T;
    }
    if (rows.length < ROWS) return;
  }
}
