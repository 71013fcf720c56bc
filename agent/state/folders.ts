// Tidies what earlier runs of an agent left in its state folder.
// Promise: working folders do not pile up, and of the logs the newest stay.

import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const KEPT_LOGS = 100;

/** Empties `work/`, and removes all but the newest files of `logs/`. Only the owner of the folder may call this. */
export function tidyFolders(folder: string): void {
  const [work, logs] = [join(folder, 'work'), join(folder, 'logs')];
  rmSync(work, { recursive: true, force: true });
  for (const path of [work, logs]) mkdirSync(path, { recursive: true });
  const byAge = readdirSync(logs)
    .map((name) => ({ name, changedMs: statSync(join(logs, name)).mtimeMs }))
    .toSorted((a, b) => b.changedMs - a.changedMs);
  for (const { name } of byAge.slice(KEPT_LOGS)) rmSync(join(logs, name), { force: true });
}
