// The sweep on four agents, struck again and again, and what is left of it.
// Promise: nothing is left running or on the disk, unless something was found: then the folder stays to be looked at.

import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openResults, type Results } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { type Recording, readRecording } from '../sharing/recording.ts';
import { type Account, toAccount } from './account.ts';
import { type JournalAccount, toJournalAccount } from './journal.ts';
import { Household, type Target } from './household.ts';
import { listProcesses, processesWith } from './processes.ts';
import type { Blow, OpenAttempt } from './recovery.ts';
import { readTold, type Told } from './spool-record.ts';
import type { Strike, Victim } from './strikes.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const POLL_MS = 10;
/** Without an epoch for so long, the sweep stands still. */
const STILL_MS = 120_000;
/** What has just been killed needs a moment to be gone. */
const GONE_MS = 5_000;

/** What is known of a run when it is over. */
export type DisturbedRun = {
  readonly recording: Recording;
  readonly account: Account;
  readonly journal: JournalAccount;
  readonly blows: readonly Blow[];
  readonly coordinatorStarts: readonly number[];
  readonly told: readonly Told[];
  /** Processes that are still there. */
  readonly orphans: readonly string[];
  readonly integrity: string;
  readonly seconds: number;
};

export type DisturbedOptions = {
  readonly folder: string;
  readonly file: string;
  readonly strikes: readonly Strike[];
  /** Epochs that the sweep trains in all. */
  readonly epochs: number;
  /** Words by which the processes of this run can be known. */
  readonly marks: readonly string[];
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
};

/** Runs it. Rejects when the sweep stands still, and when aborted. */
export async function runDisturbed(options: DisturbedOptions): Promise<DisturbedRun> {
  const house = new Household(options.folder);
  const began = performance.now();
  try {
    await house.begin();
    await submit(options.file, house.state);
    const blows = await strikeAll(house, options);
    await untilCompleted(house, options.signal);
    const seconds = (performance.now() - began) / 1000;
    await house.leave();
    return { ...readRun(house), blows, seconds, orphans: await findOrphans(house, options.marks) };
  } finally {
    await house.end();
  }
}

async function submit(file: string, state: string): Promise<void> {
  const args = [CLI, 'submit', file, '--state', state];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`espalier submit ended with ${String(status)}`);
}

async function strikeAll(house: Household, options: DisturbedOptions): Promise<readonly Blow[]> {
  const { strikes, epochs, print, signal } = options;
  const blows: Blow[] = [];
  for (const strike of strikes) {
    await untilEpochs(house, Math.round(strike.atShare * epochs), signal);
    blows.push(await carryOut(house, strike, blows, signal));
    if (blows.length % 10 === 0) print(`${blows.length} of ${strikes.length} kills`);
  }
  return blows;
}

/** Waits for a target where there is none: whoever was killed before is not back yet. */
async function carryOut(
  house: Household,
  strike: Strike,
  before: readonly Blow[],
  signal: AbortSignal,
): Promise<Blow> {
  const aim = await until('a target', signal, () => findAim(house, strike, before));
  const { victim, target, open } = aim;
  const atMs = Date.now();
  await house.strike(target, strike.awayMs);
  const awayMs = victim === 'agent' ? strike.awayMs : 0;
  return { victim, atMs, awayMs, agentId: target.member?.agentId, open };
}

type Aim = {
  readonly victim: Victim;
  readonly target: Target;
  readonly open: readonly OpenAttempt[];
};

/** A watcher that was killed does not come back before its trial's process has: where none is left, that is struck. */
function findAim(house: Household, strike: Strike, before: readonly Blow[]): Aim | undefined {
  const isSpent = strike.victim === 'supervisor' && house.targets('supervisor').length === 0;
  const victim = isSpent ? 'trial' : strike.victim;
  const targets = house.targets(victim);
  const target = targets[Math.floor(strike.pick * targets.length)];
  if (target === undefined) return undefined;
  const open = readOpen(house, target);
  return victim === 'trial' && wasEnded(open, before) ? undefined : { victim, target, open };
}

/** A trial that ends twice in the same way at the same epoch is given up: that is its nature, not the machine's. */
function wasEnded(open: Blow['open'], before: readonly Blow[]): boolean {
  const ended = before.filter(({ victim }) => victim === 'trial').flatMap((blow) => blow.open);
  return open.some((one) => ended.some((other) => toKey(one) === toKey(other)));
}

function toKey({ stageId, recorded }: OpenAttempt): string {
  return `${stageId} ${recorded}`;
}

function readOpen(house: Household, { member }: Target): Blow['open'] {
  if (member === undefined) return [];
  const sql = `
    SELECT stage_id, a.attempt, recorded_epochs FROM attempt a JOIN stage g USING (stage_id)
    WHERE agent_id = '${member.agentId}' AND ended_ms IS NULL`;
  const { rows } = withResults(house, (results) => results.query(sql));
  return rows.map(([id, attempt, recorded]) => ({
    stageId: String(id),
    attempt: Number(attempt),
    recorded: Number(recorded),
  }));
}

async function untilEpochs(house: Household, count: number, signal: AbortSignal): Promise<void> {
  await until(`epoch ${count}`, signal, () => countEpochs(house) >= count || undefined);
}

async function untilCompleted(house: Household, signal: AbortSignal): Promise<void> {
  const sql = "SELECT count(*) FROM sweep WHERE state = 'completed'";
  const isOver = (): boolean =>
    withResults(house, (results) => results.query(sql).rows[0]?.[0] === 1);
  for (let epochs = -1, now = 0; !isOver(); epochs = now)
    await until('the end of the sweep', signal, () => {
      now = countEpochs(house);
      return now > epochs || isOver() || undefined;
    });
}

function countEpochs(house: Household): number {
  const sql = 'SELECT count(*) FROM epoch';
  return withResults(house, (results) => Number(results.query(sql).rows[0]?.[0]));
}

async function until<T>(what: string, signal: AbortSignal, look: () => T | undefined): Promise<T> {
  const end = performance.now() + STILL_MS;
  for (;;) {
    signal.throwIfAborted();
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`the sweep stands still: waited for ${what}`);
    await sleep(POLL_MS);
  }
}

function readRun(house: Household): Omit<DisturbedRun, 'blows' | 'seconds' | 'orphans'> {
  const tellers = house.members.map(({ agentId, folder }) => ({ agentId, told: readTold(folder) }));
  return withResults(house, (results) => ({
    recording: readRecording(results),
    account: toAccount(tellers, results),
    journal: toJournalAccount(house.journal, results),
    told: tellers.flatMap(({ told }) => told),
    integrity: results.query('PRAGMA integrity_check').rows.join('; '),
    coordinatorStarts: house.coordinatorStarts,
  }));
}

async function findOrphans(house: Household, marks: readonly string[]): Promise<readonly string[]> {
  const all = [...marks, ...house.members.map(({ agentId }) => agentId)];
  const end = performance.now() + GONE_MS;
  for (;;) {
    const found = processesWith(all, listProcesses());
    if (found.length === 0 || performance.now() > end)
      return found.map(({ pid, command }) => `${pid} ${command.slice(0, 120)}`);
    await sleep(POLL_MS);
  }
}

function withResults<T>(house: Household, read: (results: Results) => T): T {
  const results = openResults(statePaths(house.state).database);
  try {
    return read(results);
  } finally {
    results.close();
  }
}
