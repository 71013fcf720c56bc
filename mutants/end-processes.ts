// Ends what a suite has left running: a bug may be that nothing else ends it.
// Promise: only processes are ended that work in a folder of ours, which is made for one run of the table.

import { readdirSync, readlinkSync } from 'node:fs';

/** Kills every process whose working folder lies in `folder`; how many there were. Without /proc there are none to be found. */
export function endProcessesIn(folder: string): number {
  const pids = listPids().filter((pid) => isIn(folder, pid));
  for (const pid of pids) kill(pid);
  return pids.length;
}

/** Kills a group of processes; one that is gone is fine. */
export function endGroup(group: number): void {
  kill(-group);
}

function listPids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function isIn(folder: string, pid: number): boolean {
  try {
    return pid !== process.pid && `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`);
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
