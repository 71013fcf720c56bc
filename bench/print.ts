// What all benchmarks print: lines, and the machine that the numbers depend on.

import { cpus } from 'node:os';

/** Prints a line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The processors of this machine, such as `2 × AMD EPYC`. */
export function toProcessors(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
}
