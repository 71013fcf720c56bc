// One process for each state folder. The lock is an exclusive SQLite transaction that is never committed: the kernel drops
// it with the process, also on kill -9, and no stale file has to be told from a live one.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EspalierError } from '../domain/errors.ts';

/** Held until released or until the process ends. */
export type FolderLock = { release(): void };

/**
 * Creates `folder` where it is missing and locks it.
 * @param holder what to call its holder in the error, such as "coordinator"
 * @throws EspalierError `busy` if another process holds it, `storage` if the folder cannot be written
 */
export function lockFolder(folder: string, holder: string): FolderLock {
  try {
    mkdirSync(folder, { recursive: true });
    const db = new Database(join(folder, 'lock'), { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => db.close() };
  } catch (error) {
    throw toLockError(folder, holder, error);
  }
}

function toLockError(folder: string, holder: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && error.code === 'SQLITE_BUSY') {
    return new EspalierError(
      'busy',
      `${folder} is in use by another ${holder}: stop that one, or name another folder with --state`,
    );
  }
  return new EspalierError('storage', `cannot use ${folder}: ${error.message}`, { cause: error });
}
