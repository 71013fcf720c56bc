// What /proc says of the processes of this machine.
// Promise: a process is found below the process that started it, or by words that only it has; what has ended is not there.

import { readdirSync, readFileSync } from 'node:fs';

/** A living process. */
export type Process = {
  readonly pid: number;
  readonly parent: number;
  /** Program and arguments, with spaces between them. */
  readonly command: string;
};

/** All that live. A zombie does not. */
export function listProcesses(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((found) => found !== undefined);
}

/** Those below `pid`, whoever of them started which. */
export function descendantsOf(pid: number, all: readonly Process[]): readonly Process[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

/** Those whose command or environment has one of some words; this process does not count. */
export function processesWith(
  words: readonly string[],
  all: readonly Process[],
): readonly Process[] {
  return all.filter(({ pid, command }) => {
    const environment = read(`/proc/${pid}/environ`);
    const has = (word: string): boolean => command.includes(word) || environment.includes(word);
    return pid !== process.pid && words.some(has);
  });
}

/** Sends SIGKILL; one that is gone is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function readProcess(pid: number): Process | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const [state = 'X', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if ('ZX'.includes(state)) return undefined;
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  return { pid, parent: Number(parent), command };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
