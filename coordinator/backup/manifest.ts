// What a backup holds: `manifest.json` in its folder, written last.
// Promise: a folder whose manifest fits is whole, byte for byte; anything else is refused in words.

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EspalierError } from '../../src/domain/errors.ts';
import { isInnerPath, isSha256 } from '../../src/domain/names.ts';
import type { Marks } from './marks.ts';

/** One file of a backup. Paths are inside its folder, with `/`. */
export type BackedUpFile = {
  readonly path: string;
  readonly sizeBytes: number;
  /** Of its content, in hexadecimal. */
  readonly sha256: string;
};

/** What was backed up, and when. */
export type BackupManifest = {
  readonly kind: 'espalier-backup';
  readonly format: 1;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The state folder that it is of. */
  readonly source: string;
  readonly marks: Marks;
  readonly files: readonly BackedUpFile[];
};

/** Name of the manifest in a backup's folder. */
export const MANIFEST = 'manifest.json';

/** The manifest of a backup. @throws EspalierError `not-found` where there is none, `storage` for one that cannot be right */
export function readManifest(folder: string): BackupManifest {
  const found = parse(readText(folder), folder);
  if (!isManifest(found))
    throw new EspalierError(
      'storage',
      `${join(folder, MANIFEST)} is not the manifest of a backup that this release of Espalier can read`,
    );
  return found;
}

/** Checks every file against the manifest. @throws EspalierError `storage` for the first that differs, `interrupted` */
export async function checkFiles(
  folder: string,
  { files }: BackupManifest,
  signal: AbortSignal,
): Promise<void> {
  for (const { path, sizeBytes, sha256 } of files) {
    throwIfInterrupted(signal);
    const at = join(folder, path);
    const size = statSync(at, { throwIfNoEntry: false })?.size;
    if (size !== sizeBytes || (await hashFile(at)) !== sha256)
      throw new EspalierError(
        'storage',
        `the backup ${folder} is damaged: ${path} ${size === undefined ? 'is missing' : 'is not what the manifest says'}. Use another backup`,
      );
  }
}

/** SHA-256 of a file, in hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const bytes: AsyncIterable<Uint8Array> = createReadStream(path);
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

/** @throws EspalierError `interrupted` once a signal has come */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new EspalierError('interrupted', 'interrupted: nothing was written');
}

function readText(folder: string): string {
  try {
    return readFileSync(join(folder, MANIFEST), 'utf8');
  } catch (error) {
    throw new EspalierError(
      'not-found',
      `${folder} is not a backup: it has no ${MANIFEST}. Name a folder that "espalier backup" has made`,
      { cause: error },
    );
  }
}

function parse(text: string, folder: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EspalierError('storage', `${join(folder, MANIFEST)} is damaged: no JSON`, {
      cause: error,
    });
  }
}

function isManifest(found: unknown): found is BackupManifest {
  if (typeof found !== 'object' || found === null || !('kind' in found)) return false;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- looked at field by field
  const { kind, format, createdAt, marks, files } = found as Partial<BackupManifest>;
  return (
    kind === 'espalier-backup' &&
    format === 1 &&
    typeof createdAt === 'string' &&
    typeof marks === 'object' &&
    Array.isArray(files) &&
    files.every(isFile)
  );
}

function isFile(found: unknown): found is BackedUpFile {
  if (typeof found !== 'object' || found === null) return false;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- looked at field by field
  const { path, sizeBytes, sha256 } = found as Partial<BackedUpFile>;
  return (
    typeof path === 'string' &&
    isInnerPath(path) &&
    typeof sizeBytes === 'number' &&
    typeof sha256 === 'string' &&
    isSha256(sha256)
  );
}
