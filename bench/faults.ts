// `npm run bench -- faults [--kills N] [--seed N]`: a shared sweep on four agents while processes are killed at random.
// Promise: exit status 1 if anything that was acknowledged is lost or doubled, anything differs from an undisturbed run, or any
// process is left.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findConfinement } from '../agent/main.ts';
import { checkFaults, type Check } from './faults/checks.ts';
import { type DisturbedRun, runDisturbed } from './faults/disturbed-run.ts';
import { type FaultsOptions, parseFaultsOptions } from './faults/options.ts';
import { toStrikes } from './faults/strikes.ts';
import { writeSweep } from './faults/sweep/write-sweep.ts';
import { toLossTable, toRecoveryTable } from './faults/tables.ts';
import { describeTimes, LATE_MS } from './faults/times.ts';
import { runInterruptible } from './interruptible.ts';
import { print, toProcessors } from './print.ts';
import { runEspalier } from './sharing/espalier-run.ts';
import { readRecording } from './sharing/recording.ts';

const SLOTS = 4;

/** A hundred kills unless told otherwise: about a quarter of an hour on two cores. */
export async function benchFaults(args: readonly string[]): Promise<void> {
  const options = toOptions(args);
  if (options === undefined) return;
  const { isSure, words } = await findConfinement();
  for (const line of headLines(options, words)) print(line);
  await runInterruptible((signal) => compare(options, isSure, signal));
}

function toOptions(args: readonly string[]): FaultsOptions | undefined {
  try {
    return parseFaultsOptions(args, Math.random);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

/** What the numbers depend on. */
function headLines({ kills, seed }: FaultsOptions, confinement: string): readonly string[] {
  const day = new Date().toISOString().slice(0, 10);
  return [
    `${toProcessors()}, Node ${process.versions.node}, 4 agents of one slot, ${day}`,
    `${kills} kills, seed ${seed}: --kills ${kills} --seed ${seed} chooses the same ones again`,
    confinement,
    describeTimes(),
    '',
  ];
}

async function compare(
  { kills, seed }: FaultsOptions,
  isSure: boolean,
  signal: AbortSignal,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-faults-'));
  // Nobody else sleeps for just so long.
  const sleeper = isSure ? `86400.${process.pid}` : '';
  const file = writeSweep(folder, kills, sleeper);
  const calm = await runEspalier(
    file,
    { sharing: 'on', slots: SLOTS, onLine: () => undefined, signal },
    readRecording,
  );
  const { trained } = calm.recorded;
  print(`undisturbed: ${trained} epochs in ${calm.seconds.toFixed(0)} s`);
  const marks = [folder, ...(isSure ? [`sleep ${sleeper}`] : [])];
  const strikes = toStrikes(seed, kills, LATE_MS);
  const run = await runDisturbed({ folder, file, strikes, epochs: trained, marks, print, signal });
  print(`disturbed: in ${run.seconds.toFixed(0)} s`);
  const flaws = tell(run, checkFaults(kills, calm.recorded, run));
  if (flaws === 0) rmSync(folder, { recursive: true, force: true });
  else print(`what is left of it: ${folder}`);
}

/** Prints everything and returns how many checks do not hold. */
function tell(run: DisturbedRun, checks: readonly Check[]): number {
  const failed = checks.filter(({ flaws }) => flaws.length > 0);
  for (const { claim, flaws } of checks) print(`  ${toMark(flaws)} ${claim}${toWords(flaws)}`);
  for (const line of ['', ...toRecoveryTable(run), '', ...toLossTable(run), '']) print(line);
  print(
    failed.length === 0
      ? 'every check holds'
      : `checks that do not hold: ${failed.length} of ${checks.length}, see ✗ above`,
  );
  if (failed.length > 0) process.exitCode = 1;
  return failed.length;
}

function toMark(flaws: readonly string[]): string {
  return flaws.length === 0 ? '✓' : '✗';
}

/** The first few of them. */
function toWords(flaws: readonly string[]): string {
  if (flaws.length === 0) return '';
  return `: ${flaws.length} flaws, such as\n${flaws
    .slice(0, 5)
    .map((flaw) => `      ${flaw}`)
    .join('\n')}`;
}
