// The files that a copied database refers to: code and data of its sweeps, and checkpoints that the coordinator has.
// Promise: each is there under its hash, with the content that the hash names.

import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';
import { syncFile } from './copy-database.ts';
import { type BackedUpFile, hashFile, throwIfInterrupted } from './manifest.ts';

const SHA256 = /^[0-9a-f]{64}$/;

/** Copies every blob of `from` into `to`: what is needed of them shows when the database has been copied. */
export async function takeBlobs(from: string, to: string, signal: AbortSignal): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = await readdir(from).catch(() => []);
  for (const name of names.filter((each) => SHA256.test(each))) {
    throwIfInterrupted(signal);
    await takeFile(join(from, name), join(to, name)).catch(unlessGone);
  }
}

/** Blobs that a database refers to and that are not in `folder`; the others there are removed. */
export async function keepNeeded(database: string, folder: string): Promise<readonly string[]> {
  const needed = readNeeded(database);
  for (const name of await readdir(folder)) if (!needed.has(name)) await rm(join(folder, name));
  return [...needed].filter((name) => !existsSync(join(folder, name)));
}

/** What lies in a folder of blobs, in order. @throws EspalierError `storage` for one whose content is not what its name says */
export async function listBlobs(
  folder: string,
  signal: AbortSignal,
): Promise<readonly BackedUpFile[]> {
  const files: BackedUpFile[] = [];
  for (const sha256 of (await readdir(folder)).toSorted()) {
    throwIfInterrupted(signal);
    const path = join(folder, sha256);
    if ((await hashFile(path)) !== sha256)
      throw new EspalierError(
        'storage',
        `the file blobs/${sha256} of the state folder is damaged: its content has another hash`,
      );
    files.push({ path: `blobs/${sha256}`, sizeBytes: (await stat(path)).size, sha256 });
  }
  return files;
}

/** A copy of its own: a backup must outlive what happens to the file that it is of. Where the file system can, it costs nothing until then. */
export async function takeFile(from: string, to: string): Promise<void> {
  if (existsSync(to)) return;
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await syncFile(to);
}

/** The coordinator removes what is released, also just now. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

function readNeeded(database: string): ReadonlySet<string> {
  const db = new Database(database, { readonly: true });
  try {
    const rows = db.prepare(
      `SELECT bundle_json ->> 'sha256' FROM sweep
       UNION SELECT value ->> 'sha256' FROM sweep, json_each(files_json)
       UNION SELECT value ->> 'sha256' FROM checkpoint, json_each(files_json) WHERE stored = 1`,
    );
    return new Set(rows.pluck().all().map(String));
  } finally {
    db.close();
  }
}
