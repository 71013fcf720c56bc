// The database file, opened for reading. Promise: nothing is written, and no coordinator waits for who reads.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EspalierError, reasonOf } from '../domain/errors.ts';

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

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
