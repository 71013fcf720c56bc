// How long a coordinator that was killed needs until it serves again, with a hundred thousand trials and ten million rows of metrics.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { statePaths } from '../src/storage/state-folder.ts';
import { toDistribution, toMs } from './distribution.ts';
import { fillDatabase, METRICS } from './restart/fill-database.ts';

const CLI = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const RUNS = 7;
const POLL_MS = 2;

/** Builds the database, or takes the folder that is named, and prints the times of some restarts after `kill -9`. */
export async function benchRestart([given]: readonly string[]): Promise<void> {
  const state = given ?? mkdtempSync(join(tmpdir(), 'espalier-bench-'));
  const { database } = statePaths(state);
  mkdirSync(state, { recursive: true });
  try {
    if (!existsSync(database)) fillDatabase(database);
    const restarts: Restart[] = [];
    // The first one reads from the disk what the others find in memory.
    for (let run = 0; run <= RUNS; run += 1) restarts.push(await restart(state));
    const rest = restarts.slice(1);
    const megabytes = Math.round(statSync(database).size / 1e6);
    print(`${cpus().length} cores, Node ${process.versions.node}`);
    print(`100000 trials, ${METRICS} rows of metrics, ${megabytes} MB`);
    print('from the start of the process until it serves (median / 90 % / greatest)');
    print(
      `  ${toMs(toDistribution(rest.map(({ tookMs }) => tookMs)))} (${RUNS} restarts after kill -9)`,
    );
    print('time of one core that this takes, which other programs do not change');
    print(`  ${toMs(toDistribution(rest.map(({ cpuMs }) => cpuMs)))}`);
  } finally {
    if (given === undefined) rmSync(state, { recursive: true, force: true });
  }
}

type Restart = { readonly tookMs: number; readonly cpuMs: number };

async function restart(state: string): Promise<Restart> {
  const { address } = statePaths(state);
  rmSync(address, { force: true });
  const begin = performance.now();
  const words = [CLI, 'coordinator', '--listen', '0', '--state', state];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (!existsSync(address) && child.exitCode === null) await sleep(POLL_MS);
  const tookMs = performance.now() - begin;
  const cpuMs = readCpuMs(child.pid ?? 0);
  child.kill('SIGKILL');
  await ended;
  return { tookMs, cpuMs };
}

/** User and system time of a process so far, where the system tells it in hundredths of a second; NaN elsewhere. */
function readCpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
