// The folders inside an agent's state folder: what trials work in and what they wrote.
// Promise: working folders and logs do not pile up, and what a trial left behind never ends the agent.

import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const KEPT_LOGS = 100;

/** Empties `work/` and tidies `logs/`. Only the owner of the folder may call this. */
export function tidyFolders(folder: string): void {
  const work = join(folder, 'work');
  if (!removeFolder(work)) renameSync(work, `${work}-left-${Date.now()}`);
  for (const path of [work, join(folder, 'logs')]) mkdirSync(path, { recursive: true });
  tidyLogs(folder);
}

/** Removes all but the newest files of `logs/`. */
export function tidyLogs(folder: string): void {
  const logs = join(folder, 'logs');
  const byAge = readdirSync(logs)
    .map((name) => ({ name, changedMs: statSync(join(logs, name)).mtimeMs }))
    .toSorted((a, b) => b.changedMs - a.changedMs);
  for (const { name } of byAge.slice(KEPT_LOGS)) rmSync(join(logs, name), { force: true });
}

/** Removes a folder with all that is in it, also what was made read-only; false if that is impossible. */
export function removeFolder(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true });
    return true;
  } catch {
    return removeReadOnly(path);
  }
}

function removeReadOnly(path: string): boolean {
  try {
    chmodSync(path, 0o700);
    for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o700);
    }
    rmSync(path, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
