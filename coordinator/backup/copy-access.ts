// Who is let in, in a backup: the coordinator's authority, its ledger, and what commands on its machine show. Without them
// everybody would have to join anew.
// Promise: nobody but their owner can open the copies, at any moment.

import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import Database from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';
import { type StatePaths, statePaths } from '../../src/storage/state-folder.ts';
import { syncFile } from './copy-database.ts';

/** How long one waits for a command that writes into the ledger. */
const BUSY_MS = 5_000;

/** Copies what `state` has of who is let in, while a coordinator runs there or not. @throws EspalierError `storage` for a damaged ledger */
export async function takeAccess(state: string, target: string): Promise<void> {
  const [from, to] = [statePaths(state), statePaths(target)];
  if (!existsSync(from.authority)) return;
  await makePrivateFolder(target);
  for (const name of ['authority', 'local'] as const)
    if (existsSync(from[name])) await copyPrivately(from[name], to[name]);
  if (existsSync(from.ledger)) await copyLedger(from.ledger, to.ledger);
  await syncFile(dirname(to.ledger));
}

/** Those files that are in `folder`, as paths inside it. */
export function listAccess(folder: string): readonly string[] {
  return privateFiles(statePaths(folder))
    .filter((path) => existsSync(path))
    .map((path) => relative(folder, path).replaceAll('\\', '/'));
}

/** Whether a path inside a backup is for its owner's eyes only. */
export function isPrivate(path: string): boolean {
  return path.startsWith('access/');
}

/** Makes the folder that they lie in. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'access'), { recursive: true, mode: 0o700 });
}

/** A copy, on the disk, that only its owner reads, whoever may read the original. */
export async function copyPrivately(from: string, to: string): Promise<void> {
  const content = await readFile(from);
  const file = await open(to, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function privateFiles({ authority, local, ledger }: StatePaths): readonly string[] {
  return [authority, ledger, local];
}

/** Through SQLite: what was written last may lie in files beside it. */
async function copyLedger(from: string, to: string): Promise<void> {
  await (await open(to, 'wx', 0o600)).close();
  const source = new Database(from, { readonly: true, timeout: BUSY_MS });
  try {
    await source.backup(to);
  } finally {
    source.close();
  }
  const copy = new Database(to, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
    if (copy.pragma('quick_check(1)', { simple: true }) !== 'ok')
      throw new EspalierError('storage', `${from} is damaged: restore it from an older backup`);
  } finally {
    copy.close();
  }
  await syncFile(to);
}
