// What was written to a file or a folder reaches the disk.

import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Returns when it has. @throws the system's error where it cannot */
export function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
