// SQL that people write, made ready to run. Promise: nothing but one statement that reads is ever run; what is refused is told why.

import type Database from 'better-sqlite3';
import { EspalierError, reasonOf } from '../domain/errors.ts';
import type { Parameters, Value } from './value.ts';

/** A query that is ready: its columns, and its rows as they are read, in each one value for each column. */
export type Prepared = {
  readonly columns: readonly string[];
  readonly rows: () => IterableIterator<readonly Value[]>;
};

const COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;
const LITERALS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;
const READS = new Set(['select', 'with', 'values', 'explain']);

/** Statements that some try, and what to do instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  pragma:
    "ask the table-valued functions instead, such as SELECT * FROM pragma_table_info('trials')",
  attach: 'a query reads one database; "espalier export" writes files that other programs can join',
  detach: 'a query reads one database',
};

const FOR_ALL = 'the results are read-only here: only SELECT, WITH, VALUES and EXPLAIN are run';

/**
 * Compiles one statement that reads and binds its parameters.
 * @throws EspalierError `invalid` with what is wrong in the words of SQLite, or why it is refused
 */
export function prepareQuery(
  db: Database.Database,
  sql: string,
  parameters: Parameters = {},
): Prepared {
  refuseByVerb(sql);
  const statement = inWords(() => db.prepare(sql));
  if (!statement.reader || !statement.readonly) throw refused('a statement that writes', FOR_ALL);
  refuseUnknown(sql, parameters);
  const names = Object.keys(parameters);
  inWords(() => (names.length > 0 ? statement.bind(parameters) : statement));
  return {
    columns: statement.columns().map((column) => column.name),
    rows: () => readRows(statement),
  };
}

// Errors come also while rows are read: an overflow, a file that is damaged.
function* readRows(statement: Database.Statement): IterableIterator<readonly Value[]> {
  const rows = inWords(() => statement.raw().iterate() as IterableIterator<Value[]>);
  try {
    for (;;) {
      const next = inWords(() => rows.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    rows.return?.();
  }
}

function refuseByVerb(sql: string): void {
  const [verb = ''] = /^[a-z]+/i.exec(sql.replace(COMMENTS, '')) ?? [];
  if (verb === '') {
    if (sql.replace(COMMENTS, '') === '')
      throw new EspalierError('invalid', 'there is no SQL to run');
    return;
  }
  if (READS.has(verb.toLowerCase())) return;
  const instead = INSTEAD[verb.toLowerCase()];
  // Other words may be slips of the pen, which SQLite finds.
  if (instead !== undefined || WRITES.has(verb.toLowerCase()))
    throw refused(verb.toUpperCase(), instead ?? FOR_ALL);
}

const WRITES = new Set(
  'insert update delete replace create drop alter vacuum reindex analyze begin commit end rollback savepoint release'.split(
    ' ',
  ),
);

function refused(what: string, why: string): EspalierError {
  return new EspalierError('invalid', `the query is refused: ${what}: ${why}`);
}

function refuseUnknown(sql: string, parameters: Parameters): void {
  const bare = sql.replaceAll(LITERALS, ' ');
  const asked = new Set([...bare.matchAll(/[:@$](\w+)/g)].map((match) => match[1] ?? ''));
  const missing = [...asked].find((name) => !Object.hasOwn(parameters, name));
  if (missing !== undefined)
    throw new EspalierError(
      'invalid',
      `the query asks for :${missing}: give it a value, with --param ${missing}=VALUE`,
    );
  const unknown = Object.keys(parameters).find((name) => !asked.has(name));
  if (unknown !== undefined)
    throw new EspalierError(
      'invalid',
      `the query has no :${unknown}${asked.size === 0 ? '' : `: it has ${[...asked].map((name) => `:${name}`).join(', ')}`}`,
    );
}

function inWords<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof EspalierError) throw error;
    throw new EspalierError('invalid', `the query failed: ${reasonOf(error)}`, { cause: error });
  }
}
