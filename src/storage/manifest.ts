// The manifest of a checkpoint: which files it is made of, by content.
// Promise: the id follows from paths, hashes and sizes alone, so that two checkpoints with the same files have one id.

import { createHash } from 'node:crypto';
import { BOUNDS } from '../domain/bounds.ts';
import type { SizedFile } from '../domain/names.ts';

/** Whether a manifest is short enough to travel: those of all slots of an agent are in one message. */
export function fitsMessage(files: readonly SizedFile[]): boolean {
  return (
    files.length <= BOUNDS.checkpointFiles &&
    JSON.stringify(files).length <= BOUNDS.manifestCharacters
  );
}

/** SHA-256, in hexadecimal, over the files in the order of their paths. */
export function toManifestId(files: readonly SizedFile[]): string {
  const lines = files
    .map(({ path, sha256, sizeBytes }) => JSON.stringify([path, sha256, sizeBytes]))
    .toSorted();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
