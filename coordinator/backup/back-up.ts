// Backs up a coordinator's state, while it runs or not: its database as it is at one moment, the files that it refers to, and who is let in.
// Promise: a folder appears under the name of the backup only whole, checked and on the disk; until then, or if anything goes wrong, there
// is none.

import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EspalierError } from '../../src/domain/errors.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { isPrivate, listAccess, takeAccess } from './copy-access.ts';
import { keepNeeded, listBlobs, takeBlobs } from './copy-blobs.ts';
import { copyDatabase, syncFile } from './copy-database.ts';
import type { BackedUpFile, BackupManifest } from './manifest.ts';
import { hashFile, MANIFEST, throwIfInterrupted } from './manifest.ts';
import type { Marks } from './marks.ts';

/** What to back up, and where to. */
export type BackupOptions = {
  /** The state folder. */
  readonly state: string;
  /** The new folder; where it is there already, the backup becomes a folder in it that is named after the time. */
  readonly target: string;
  /** Wall time. */
  readonly now: Date;
  readonly signal: AbortSignal;
};

/** What was made. */
export type Backup = {
  readonly folder: string;
  readonly manifest: BackupManifest;
  readonly sizeBytes: number;
  /** Whether it has the keys of a coordinator: whoever reads them is an operator there. */
  readonly hasKeys: boolean;
};

/** Between the copy of the database and that of the files a coordinator may have removed some: then it is done again. */
const TRIES = 10;

/**
 * Makes a backup.
 * @throws EspalierError `not-found` where there is nothing to back up, `storage` if it cannot be written or what is there is damaged,
 *   `interrupted`
 */
export async function backUp(options: BackupOptions): Promise<Backup> {
  const { state, signal } = options;
  if (!existsSync(statePaths(state).database))
    throw new EspalierError(
      'not-found',
      `${state} has no database: name a state folder with --state`,
    );
  const folder = toFolder(options);
  const partial = join(dirname(folder), `.${basename(folder)}.partial-${randomUUID()}`);
  try {
    await mkdir(partial, { recursive: true });
    const marks = await copyAll(state, partial, signal);
    await takeAccess(state, partial);
    const manifest = await describe(options, partial, marks);
    await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const path of [MANIFEST, 'blobs', '.']) await syncFile(join(partial, path));
    throwIfInterrupted(signal);
    await rename(partial, folder);
    await syncFile(dirname(folder));
    const sizeBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
    const hasKeys = manifest.files.some(({ path }) => isPrivate(path));
    return { folder, manifest, sizeBytes, hasKeys };
  } catch (error) {
    throw toBackupError(folder, error);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function toFolder({ target, now }: BackupOptions): string {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) return target;
  if (!found.isDirectory() || existsSync(join(target, MANIFEST)))
    throw new EspalierError(
      'conflict',
      `${target} is ${found.isDirectory() ? 'a backup' : 'a file'} already: name a new folder, or one to make the backup in`,
    );
  const folder = join(target, `espalier-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`);
  if (existsSync(folder)) throw new EspalierError('conflict', `${folder} is there already`);
  return folder;
}

async function copyAll(state: string, partial: string, signal: AbortSignal): Promise<Marks> {
  const [from, to] = [statePaths(state), statePaths(partial)];
  for (let tries = 0; tries < TRIES; tries += 1) {
    throwIfInterrupted(signal);
    await rm(to.database, { force: true });
    await takeBlobs(from.blobs, to.blobs, signal);
    const marks = await copyDatabase(from.database, to.database);
    // What came between the two.
    await takeBlobs(from.blobs, to.blobs, signal);
    const missing = await keepNeeded(to.database, to.blobs);
    if (missing.length === 0) return marks;
  }
  throw new EspalierError(
    'storage',
    `files that the database of ${state} refers to are not in its blobs: it has been damaged, or changes too fast to be copied`,
  );
}

async function describe(
  { state, now, signal }: BackupOptions,
  partial: string,
  marks: Marks,
): Promise<BackupManifest> {
  const { database, blobs } = statePaths(partial);
  const files: BackedUpFile[] = [];
  for (const path of [basename(database), ...listAccess(partial)])
    files.push(await describeFile(partial, path));
  files.push(...(await listBlobs(blobs, signal)));
  const createdAt = now.toISOString();
  return { kind: 'espalier-backup', format: 1, createdAt, source: state, marks, files };
}

async function describeFile(folder: string, path: string): Promise<BackedUpFile> {
  const at = join(folder, path);
  return { path, sizeBytes: statSync(at).size, sha256: await hashFile(at) };
}

function toBackupError(folder: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  const why = error.code === 'ENOSPC' ? 'the disk is full: free some space' : error.message;
  return new EspalierError('storage', `cannot write the backup ${folder}: ${why}`, {
    cause: error,
  });
}
