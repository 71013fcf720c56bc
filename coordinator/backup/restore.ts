// Makes a state folder of a backup.
// Promise: the folder appears whole, from a backup that was checked byte for byte; nothing is ever deleted: what was there is moved aside.

import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EspalierError } from '../../src/domain/errors.ts';
import { lockFolder } from '../../src/storage/folder-lock.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { inspectDatabase } from '../store/open.ts';
import { copyPrivately, isPrivate, makePrivateFolder } from './copy-access.ts';
import { syncFile } from './copy-database.ts';
import { type BackupManifest, checkFiles, readManifest, throwIfInterrupted } from './manifest.ts';

/** Files of {@link lockFolder}, which this process has. */
const LOCK: ReadonlySet<string> = new Set(['lock', 'lock-journal']);

/** What to restore, and where to. */
export type RestoreOptions = {
  readonly backup: string;
  /** The state folder. */
  readonly state: string;
  /** Whether what is in the state folder may be moved aside. */
  readonly moveAside: boolean;
  /** Wall time. */
  readonly now: Date;
  readonly signal: AbortSignal;
};

/** What was restored. */
export type Restored = {
  readonly manifest: BackupManifest;
  /** Where that lies which was there before. */
  readonly aside: string | undefined;
  /** Whether it is of a coordinator that asks for certificates: who is let in is then as it was. */
  readonly hasKeys: boolean;
};

/**
 * Restores a backup.
 * @throws EspalierError `not-found` and `storage` for what is no backup, or a damaged one, `version` for one of a newer release, `busy` while
 *   a coordinator runs in the state folder, `conflict` for a folder that is not empty, `interrupted`
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { backup, state, signal } = options;
  const manifest = readManifest(backup);
  const isThere = existsSync(state);
  const lock = isThere ? lockFolder(state, 'coordinator') : undefined;
  try {
    if (hasContent(state) && !options.moveAside)
      throw new EspalierError(
        'conflict',
        `${state} holds the state of a coordinator: name another folder with --state, or say --move-aside to keep it under another name`,
      );
    await checkFiles(backup, manifest, signal);
    inspectDatabase(statePaths(backup).database);
    const partial = `${state}.partial-${randomUUID()}`;
    try {
      await fill(partial, backup, manifest, signal);
      throwIfInterrupted(signal);
      const aside = hasContent(state) ? await moveAside(options) : await clear(state);
      await rename(partial, state);
      await syncFile(dirname(state));
      const hasKeys = manifest.files.some(({ path }) => isPrivate(path));
      return { manifest, aside, hasKeys };
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  } finally {
    lock?.release();
  }
}

function hasContent(state: string): boolean {
  if (!existsSync(state)) return false;
  return readdirSync(state).some((name) => !LOCK.has(name));
}

/** Copies, never links: what a coordinator writes must not reach the backup. */
async function fill(
  folder: string,
  backup: string,
  { files }: BackupManifest,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(statePaths(folder).blobs, { recursive: true });
  if (files.some(({ path }) => isPrivate(path))) await makePrivateFolder(folder);
  for (const { path } of files) {
    throwIfInterrupted(signal);
    await copyOne(join(backup, path), join(folder, path), isPrivate(path));
  }
  await syncFile(statePaths(folder).blobs);
  await syncFile(folder);
}

async function copyOne(from: string, to: string, isSecret: boolean): Promise<void> {
  if (isSecret) return copyPrivately(from, to);
  await copyFile(from, to);
  return syncFile(to);
}

/** An empty folder, but for the lock, gives way. */
async function clear(state: string): Promise<undefined> {
  for (const name of LOCK) await rm(join(state, name), { force: true });
}

async function moveAside({ state, now }: RestoreOptions): Promise<string> {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const aside = join(dirname(state), `${basename(state)}.before-restore-${time}Z`);
  if (existsSync(aside)) throw new EspalierError('conflict', `${aside} is there already`);
  await rename(state, aside);
  return aside;
}
