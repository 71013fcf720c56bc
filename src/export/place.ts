// Where an export comes to stand. Promise: under its name it is whole, or not there; what stood there is replaced only if that is
// asked for, and a folder only if it is an export.

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EspalierError, reasonOf } from '../domain/errors.ts';
import { sync } from './sync.ts';

/** What becomes of an export: one file, or a folder of files. */
export type Shape = 'file' | 'folder';

/** How a file of SQLite's begins. */
const SQLITE = 'SQLite format 3\0';
const LOOKED_AT_BYTES = 1 << 20;

/** In every folder of an export: what it is. */
const LABEL = 'espalier-export.json';

/**
 * Has `body` write at a place beside `target` and then gives it its name.
 * @throws EspalierError `conflict` if something stands there, `storage` if it cannot be written, and whatever `body` throws; nothing
 *   of it is left then
 */
export async function placing<T extends object>(
  target: string,
  shape: Shape,
  force: boolean,
  body: (partial: string) => Promise<T>,
): Promise<T> {
  const final = resolve(target);
  assertFree(final, shape, force);
  const partial = join(dirname(final), `.espalier-export-${randomUUID()}.partial`);
  try {
    if (shape === 'folder') await mkdir(partial);
    const made = await body(partial);
    if (shape === 'folder') {
      await writeFile(join(partial, LABEL), `${JSON.stringify(made, null, 2)}\n`);
      sync(join(partial, LABEL));
    }
    sync(partial);
    assertFree(final, shape, force);
    await moveTo(final, partial, shape);
    sync(dirname(final));
    return made;
  } catch (error) {
    throw toStorageError(final, error);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Looks before the work is done, and again after it. */
function assertFree(final: string, shape: Shape, force: boolean): void {
  if (!existsSync(dirname(final)))
    throw new EspalierError(
      'storage',
      `there is no folder ${dirname(final)}: make it, or name another with -o`,
    );
  const journal = ['-journal', '-wal']
    .map((end) => `${final}${end}`)
    .find((path) => existsSync(path));
  if (shape === 'file' && journal !== undefined)
    throw new EspalierError(
      'conflict',
      `${journal} is there, so ${final} is in use: close what has it open, or name another with -o`,
    );
  const found = statSync(final, { throwIfNoEntry: false });
  if (found === undefined || (shape === 'folder' && isEmptyFolder(final))) return;
  if (shape === 'folder' ? !isExport(final) : !found.isFile() || isOtherDatabase(final))
    throw new EspalierError('conflict', `${final} is there and is no export: name another with -o`);
  if (!force)
    throw new EspalierError(
      'conflict',
      `${final} is there already: --force replaces it, -o names another`,
    );
}

function isEmptyFolder(path: string): boolean {
  return statSync(path).isDirectory() && readdirSync(path).length === 0;
}

/**
 * Whether a file is a database, but no study: nobody means to lose that by an export. It is not opened, which would leave other
 * files beside it; tables are named where it begins.
 */
function isOtherDatabase(path: string): boolean {
  const head = Buffer.alloc(LOOKED_AT_BYTES);
  const file = openSync(path, 'r');
  try {
    const text = head.toString('latin1', 0, readSync(file, head, 0, head.length, 0));
    return text.startsWith(SQLITE) && !text.includes('CREATE TABLE studies');
  } finally {
    closeSync(file);
  }
}

function isExport(folder: string): boolean {
  try {
    const label: unknown = JSON.parse(readFileSync(join(folder, LABEL), 'utf8'));
    return typeof label === 'object' && label !== null && 'espalier' in label;
  } catch {
    return false;
  }
}

/** A folder cannot be put in the place of another in one step: the old one steps aside, and back if that fails. */
async function moveTo(final: string, partial: string, shape: Shape): Promise<void> {
  if (shape === 'file' || !existsSync(final) || isEmptyFolder(final)) return rename(partial, final);
  const aside = `${partial}.old`;
  await rename(final, aside);
  try {
    await rename(partial, final);
  } catch (error) {
    await rename(aside, final);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

function toStorageError(final: string, error: unknown): unknown {
  if (error instanceof EspalierError || !(error instanceof Error && 'code' in error)) return error;
  return new EspalierError('storage', `cannot write ${final}: ${reasonOf(error)}`, {
    cause: error,
  });
}
