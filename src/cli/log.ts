// The log of a daemon: JSON lines in a file in its state folder, plain lines for whoever started it.
// Promise: text from outside can neither drive the terminal nor pass for a log line of its own.

import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { destination, pino } from 'pino';
import { EspalierError, reasonOf } from '../domain/errors.ts';
import { toPlainLines } from '../domain/plain-text.ts';

/** As wide as the time before a line. */
const INDENT = ' '.repeat(9);

/** A function that logs one line. */
export function createLog(
  name: string,
  path: string,
  show: (line: string) => void,
): (line: string) => void {
  const file = openLog(name, path);
  return (line) => {
    file.info(line);
    const shown = toPlainLines(line).replaceAll('\n', `\n${INDENT}`);
    show(`${new Date().toTimeString().slice(0, 8)} ${shown}`);
  };
}

function openLog(name: string, path: string): Logger {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(path, 'a');
    return pino(
      { name, base: { name, pid: process.pid } },
      destination({ dest: descriptor, sync: true }),
    );
  } catch (error) {
    const why = reasonOf(error);
    throw new EspalierError(
      'storage',
      `cannot write into ${dirname(path)}: ${why}: name another folder`,
      { cause: error },
    );
  }
}
