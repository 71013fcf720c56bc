// The log of a daemon: JSON lines in a file in its state folder, plain lines for whoever started it.
// Promise: text from outside can neither drive the terminal nor pass for a log line of its own.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, pino } from 'pino';
import { toPlainLines } from '../domain/plain-text.ts';

/** As wide as the time before a line. */
const INDENT = ' '.repeat(9);

/** A function that logs one line. */
export function createLog(
  name: string,
  path: string,
  show: (line: string) => void,
): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true });
  const file = pino(
    { name, base: { name, pid: process.pid } },
    destination({ dest: path, sync: true }),
  );
  return (line) => {
    file.info(line);
    const shown = toPlainLines(line).replaceAll('\n', `\n${INDENT}`);
    show(`${new Date().toTimeString().slice(0, 8)} ${shown}`);
  };
}
