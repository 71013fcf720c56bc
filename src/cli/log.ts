// The log of a daemon: JSON lines in a file in its state folder, plain lines for whoever started it.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, pino } from 'pino';

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
    show(`${new Date().toTimeString().slice(0, 8)} ${line}`);
  };
}
