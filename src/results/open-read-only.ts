// The database file, opened for reading. Promise: nothing is written, and no coordinator waits for who reads.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EspalierError, reasonOf } from '../domain/errors.ts';
import type { All } from './read-history.ts';

const BUSY_MS = 5_000;

/**
 * Opens a database of Espalier; `path` is its file or a state folder.
 * @throws EspalierError `not-found` if there is none, `storage` if it is not one of Espalier's
 */
export function openReadOnly(path: string): Database.Database {
  const file = isFolder(path) ? join(path, 'espalier.db') : path;
  if (!existsSync(file))
    throw new EspalierError(
      'not-found',
      `no results at ${file}: run a sweep first, or name its folder with --state`,
    );
  try {
    const db = new Database(file, { readonly: true, timeout: BUSY_MS });
    db.prepare('SELECT application FROM meta').get();
    return db;
  } catch (error) {
    throw new EspalierError(
      'storage',
      `${file} is not a results database of Espalier: ${reasonOf(error)}`,
      { cause: error },
    );
  }
}

/** Opens it for queries that people write: also a statement that would write elsewhere is refused by SQLite itself. */
export function openForQueries(path: string): Database.Database {
  const db = openReadOnly(path);
  db.pragma('query_only = ON');
  return db;
}

/**
 * Runs queries of ours and gives their rows. What is missing in a schema was added by a release after it.
 * @throws EspalierError `version` then, on the first such query
 */
export function toAll(db: Database.Database): All {
  return <T>(sql: string, ...values: readonly (string | number)[]): readonly T[] => {
    try {
      return db.prepare(sql).all(...values) as T[];
    } catch (error) {
      if (!/^no such (?:table|column)/.test(reasonOf(error))) throw error;
      throw new EspalierError(
        'version',
        `${db.name} is of an earlier release (${reasonOf(error)}): start "espalier coordinator" on its folder once, which adds what is missing`,
        { cause: error },
      );
    }
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
