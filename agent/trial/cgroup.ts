// Cgroups of version 2: a trial's process and all that it starts are in one, wherever they go and whatever they forget, and one
// write ends them all. Promise: what `endCgroup` has ended is gone, with its cgroup; where the host has none, nothing is found.

import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PREFIX = 'espalier-';
const [TRIES, POLL_MS] = [100, 10];

/** The folder of the cgroup that this process is in; undefined where there is no cgroup of version 2. */
export async function findOwnCgroup(): Promise<string | undefined> {
  const [mount, mine] = await Promise.all([findMount(), read('/proc/self/cgroup')]);
  const path = /^0::(\/.*)$/m.exec(mine)?.[1];
  if (mount === undefined || path === undefined) return undefined;
  const inside = relative(mount.root, path);
  return inside.startsWith('..') ? undefined : join(mount.folder, inside);
}

/** Makes the cgroup of a trial's process below `parent`; `owner` is `AGENT/PROCESS`. Rejects where that is not allowed. */
export async function makeCgroup(parent: string, owner: string): Promise<string> {
  const folder = join(parent, `${PREFIX}${owner.replaceAll('/', '-')}`);
  await mkdir(folder);
  return folder;
}

/** Sends SIGKILL to everything in a cgroup, however fast it forks; one that is gone is fine. */
export async function killCgroup(folder: string): Promise<void> {
  await writeFile(join(folder, 'cgroup.kill'), '1').catch(() => undefined);
}

/** Removes a cgroup; false where something in it lives. What has just ended may hold it for a moment longer. */
export async function removeCgroup(folder: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await remove(folder)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Processes in a cgroup and in those below it. */
export async function processesIn(folder: string): Promise<readonly number[]> {
  const own = (await read(join(folder, 'cgroup.procs'))).split('\n').filter((line) => line !== '');
  const below = await foldersIn(folder);
  const others = await Promise.all(below.map(async (name) => processesIn(join(folder, name))));
  return [...own.map(Number), ...others.flat()];
}

/** Cgroups that an earlier run of the agent has left, wherever it ran. */
export async function findCgroups(agentId: string): Promise<readonly string[]> {
  const mount = await findMount();
  if (mount === undefined) return [];
  const names = await readdir(mount.folder, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return names
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(`${PREFIX}${agentId}-`))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Where the hierarchy of version 2 is mounted, and which of its cgroups is seen there. */
async function findMount(): Promise<{ root: string; folder: string } | undefined> {
  for (const line of (await read('/proc/self/mountinfo')).split('\n')) {
    const [place, type] = line.split(' - ');
    const [, , , root, folder] = place?.split(' ') ?? [];
    if (type?.startsWith('cgroup2 ') === true && root !== undefined && folder !== undefined)
      return { root, folder };
  }
  return undefined;
}

async function remove(folder: string): Promise<boolean> {
  // A trial may have made cgroups of its own below.
  for (const name of await foldersIn(folder)) await remove(join(folder, name));
  return rmdir(folder).then(
    () => true,
    (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT',
  );
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function read(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}
