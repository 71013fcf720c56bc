// Files that only their owner reads.
// Promise: such a file is whole or not there, and nobody else could open it at any moment.

import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { EspalierError } from '../domain/errors.ts';

/** Writes `text` to `path`, with its folder where it is missing. @throws EspalierError `storage` if it cannot be written */
export function writePrivateFile(path: string, text: string): void {
  const fresh = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(fresh, { force: true });
    const file = openSync(fresh, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EspalierError('storage', `cannot write ${path}: ${why}`, { cause: error });
  }
}
