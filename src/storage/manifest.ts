// The manifest of a checkpoint: which files it is made of, by content.
// Promise: the id follows from paths, hashes and sizes alone, so that two checkpoints with the same files have one id.

import { createHash } from 'node:crypto';
import type { SizedFile } from '../domain/names.ts';

/** Files of one checkpoint at most. */
export const FILES_MOST = 500;

/** Characters of a manifest at most: those of all slots of an agent travel in one message. */
const CHARACTERS_MOST = 64 * 1024;

/** Whether a manifest is short enough to travel. */
export function fitsMessage(files: readonly SizedFile[]): boolean {
  return files.length <= FILES_MOST && JSON.stringify(files).length <= CHARACTERS_MOST;
}

/** SHA-256, in hexadecimal, over the files in the order of their paths. */
export function toManifestId(files: readonly SizedFile[]): string {
  const lines = files
    .map(({ path, sha256, sizeBytes }) => JSON.stringify([path, sha256, sizeBytes]))
    .toSorted();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
