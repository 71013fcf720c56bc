// A copy of a database that others may be writing into, through SQLite's online backup.
// Promise: the copy is the database as it was at one moment, whole, in one file, on the disk, and has been read back.

import { open } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';
import { inspectDatabase, toStorageError } from '../store/open.ts';
import { behindIn, type Marks, readMarks } from './marks.ts';

/** All pages in one step: a step reads one state of the database, and a write between two steps would begin the copy anew. */
const ALL_PAGES = 2 ** 31 - 1;

const BUSY_MS = 10_000;

/**
 * Copies the database at `from` to `to`, which must not be there. Writers go on meanwhile; the log of what they write grows until it is done.
 * @throws EspalierError `not-found` where there is none, `storage` and `version` as for {@link inspectDatabase}, `storage` for a copy that turns
 *   out to be damaged or incomplete
 */
export async function copyDatabase(from: string, to: string): Promise<Marks> {
  try {
    inspectDatabase(from);
    const source = new Database(from, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
    try {
      const before = readMarks(source);
      await source.backup(to, { progress: () => ALL_PAGES });
      const marks = readBack(to);
      const behind = behindIn(marks, before);
      if (behind.length > 0)
        throw new EspalierError('storage', `the copy of ${from} lacks ${behind.join(', ')}`);
      await syncFile(to);
      return marks;
    } finally {
      source.close();
    }
  } catch (error) {
    throw toStorageError(from, error);
  }
}

/** In a state that needs no file beside it. */
function readBack(path: string): Marks {
  const db = new Database(path, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
    const found = db.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok')
      throw new EspalierError(
        'storage',
        `the database is damaged, and so is its copy: ${String(found)}. Restore an older backup`,
      );
    return readMarks(db);
  } finally {
    db.close();
  }
}

/** What was written is on the disk, also of a folder. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
