// What holds a trial's whole tree together, so that it can be ended as one: found out by trying when the agent starts.
// Promise: what is chosen has just worked on this host. Whatever is chosen, the process has a group of its own and a watcher.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { findOwnCgroup, makeCgroup, removeCgroup } from './cgroup.ts';

/**
 * `cgroup`: each process gets a cgroup below `parent`. `namespace`: each is started by `argv` in a PID namespace, whose first
 * process takes all others with it. `group`: nothing but its process group, which a grandchild can leave.
 */
export type Confinement =
  | { readonly kind: 'cgroup'; readonly parent: string }
  | { readonly kind: 'namespace'; readonly argv: readonly string[] }
  | { readonly kind: 'group' };

/** All kinds, the best first: a namespace changes what the trial sees, a cgroup does not. */
export const CONFINEMENTS: readonly Confinement['kind'][] = ['cgroup', 'namespace', 'group'];

const TRY_MS = 5_000;

// The shell is the first process of the namespace, since that one must wait for orphans and hears no polite signals.
const UNSHARE = [
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  '--propagation',
  'slave',
  '--',
  '/bin/sh',
  '-c',
  '"$@"; exit $?',
  'espalier-init',
];

/** Without privileges a namespace needs a user namespace, in which everybody stays who he is. */
const NAMESPACES: readonly (readonly string[])[] = [
  ['unshare', ...UNSHARE],
  ['unshare', '--user', '--map-current-user', ...UNSHARE],
];

/** The first of `kinds` that works here. */
export async function chooseConfinement(
  kinds: readonly Confinement['kind'][] = CONFINEMENTS,
): Promise<Confinement> {
  for (const kind of kinds) {
    const found = await TRY[kind]();
    if (found !== undefined) return found;
  }
  return { kind: 'group' };
}

/** What it does, for people. */
export function describeConfinement({ kind }: Confinement): string {
  return WORDS[kind];
}

const WORDS: Readonly<Record<Confinement['kind'], string>> = {
  cgroup: 'a cgroup for each trial: whatever a trial has started ends with it, and with the agent',
  namespace:
    'a PID namespace for each trial: whatever a trial has started ends with it, and with the agent',
  group:
    'process groups only: what a trial has started ends with it unless it left the group; no cgroup of version 2 can be written here, and unshare cannot make a PID namespace',
};

const TRY: Readonly<Record<Confinement['kind'], () => Promise<Confinement | undefined>>> = {
  cgroup: tryCgroup,
  namespace: tryNamespace,
  group: async () => ({ kind: 'group' }),
};

/** A shell enters a cgroup and ends it, and thereby itself. */
async function tryCgroup(): Promise<Confinement | undefined> {
  const parent = await findOwnCgroup();
  if (parent === undefined) return undefined;
  const folder = await makeCgroup(parent, `try/${randomUUID()}`).catch(() => undefined);
  if (folder === undefined) return undefined;
  const script = 'echo 0 >"$1/cgroup.procs" && echo 1 >"$1/cgroup.kill" && sleep 5';
  const how = await outcomeOf(['/bin/sh', '-c', script, 'espalier-try', folder]);
  await removeCgroup(folder);
  return how === 'SIGKILL' ? { kind: 'cgroup', parent } : undefined;
}

/** The first process of a namespace is its number 1, also in its /proc. */
async function tryNamespace(): Promise<Confinement | undefined> {
  const script = 'read -r pid _ </proc/self/stat && [ "$PPID" = 1 ] && [ "$pid" = "$$" ] && exit 7';
  for (const argv of NAMESPACES)
    if ((await outcomeOf([...argv, '/bin/sh', '-c', script])) === 7)
      return { kind: 'namespace', argv };
  return undefined;
}

/** The exit status, or the signal that ended it; undefined for what cannot be started. */
async function outcomeOf([program = '', ...args]: readonly string[]): Promise<
  number | NodeJS.Signals | undefined
> {
  const child = spawn(program, args, { stdio: 'ignore', timeout: TRY_MS, killSignal: 'SIGKILL' });
  try {
    await once(child, 'exit');
  } catch {
    return undefined;
  }
  return child.signalCode ?? child.exitCode ?? undefined;
}
