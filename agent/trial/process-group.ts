// Finds and kills the processes of a trial: those of its group and of its cgroup, and those that left the group but carry its mark.
// Promise: `killTree` returns when none of them is alive any more.

import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCgroups, killCgroup, processesIn, removeCgroup } from './cgroup.ts';
import { OWNER_VARIABLE } from './environment.ts';

const POLL_MS = 10;
const STUCK_MS = 10_000;

/** What tells a trial's processes from all others. */
export type Tree = {
  readonly group: number;
  readonly owner: string;
  /** The folder of their cgroup, where they have one; removed with them. */
  readonly cgroup: string | undefined;
};

/** Sends `signal` to the group; a group that is gone is fine. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/**
 * Kills the tree and waits until nothing of it is alive. A process that the kernel cannot end (a driver that hangs) keeps this
 * waiting, and thereby its slot out of use; `onStuck` hears of it every 10 s.
 */
export async function killTree(
  tree: Tree,
  onStuck: (pids: readonly number[]) => void,
): Promise<void> {
  for (;;) {
    signalGroup(tree.group, 'SIGKILL');
    if (tree.cgroup !== undefined) await killCgroup(tree.cgroup);
    for (const pid of await findMarked(tree.owner)) killOne(pid);
    const left = await waitUntilGone(() => findTree(tree));
    if (left.length === 0) return void (tree.cgroup && (await removeCgroup(tree.cgroup)));
    onStuck(left);
  }
}

/** Kills what an earlier run of the agent `agentId` left behind, waits for its end, and says how many processes that were. */
export async function killSurvivors(agentId: string): Promise<number> {
  const cgroups = await findCgroups(agentId);
  const find = async (): Promise<readonly number[]> => {
    const held = await Promise.all(cgroups.map(processesIn));
    return [...new Set([...held.flat(), ...(await findMarked(`${agentId}/`))])];
  };
  const survivors = await find();
  await Promise.all(cgroups.map(killCgroup));
  for (const pid of survivors) killOne(pid);
  await waitUntilGone(find);
  for (const cgroup of cgroups) await removeCgroup(cgroup);
  return survivors.length;
}

async function waitUntilGone(find: () => Promise<readonly number[]>): Promise<readonly number[]> {
  const end = performance.now() + STUCK_MS;
  for (;;) {
    const left = await find();
    if (left.length === 0 || performance.now() >= end) return left;
    await sleep(POLL_MS);
  }
}

async function findTree(tree: Tree): Promise<readonly number[]> {
  const held = tree.cgroup === undefined ? [] : await processesIn(tree.cgroup);
  if (held.length > 0) return held;
  const pids = await listPids();
  if (pids === undefined) return isGroupAlive(tree.group) ? [tree.group] : [];
  const inGroup = await filter(pids, async (pid) => (await readGroup(pid)) === tree.group);
  return inGroup.length > 0 ? inGroup : findMarked(tree.owner);
}

/** Living processes whose mark begins with `owner`. Without /proc none are found. */
async function findMarked(owner: string): Promise<readonly number[]> {
  const mark = `\0${OWNER_VARIABLE}=${owner}`;
  return filter((await listPids()) ?? [], async (pid) => {
    if (pid === process.pid || (await readGroup(pid)) === undefined) return false;
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    return `\0${environment}`.includes(mark);
  });
}

async function listPids(): Promise<readonly number[] | undefined> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.map(Number).filter((pid) => Number.isInteger(pid) && pid > 0);
  return pids.length > 0 ? pids : undefined;
}

/** The group of a living process. A zombie is not alive: it waits for a parent that may never come. */
async function readGroup(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === undefined || group === undefined || 'ZX'.includes(state)
    ? undefined
    : Number(group);
}

async function filter(
  pids: readonly number[],
  keep: (pid: number) => Promise<boolean>,
): Promise<readonly number[]> {
  const kept = await Promise.all(pids.map(async (pid) => ((await keep(pid)) ? pid : undefined)));
  return kept.filter((pid) => pid !== undefined);
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    return !isGone(error);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
