// `npm run bench -- sharing [GRID…]`: what it saves to train a shared beginning once. Real sweeps on real data by the real program,
// each grid with sharing and without, one after the other on the same machine.
// Promise: exit status 1 if anything of the two runs differs that must not, or any number is worse than it must be.

import * as tf from '@tensorflow/tfjs';
import { readSweepFile } from '../src/submission/prepare-submission.ts';
import { runInterruptible } from './interruptible.ts';
import { print, toProcessors } from './print.ts';
import { checkGrid } from './sharing/checks.ts';
import { hasClothes } from './sharing/grids/clothes.ts';
import { type GridName, type GridRun, GRIDS, runGrid, SLOTS, toPath } from './sharing/grid-run.ts';
import { toMainTable, toPauseTable } from './sharing/tables.ts';

/** Runs the grids named, or all of them: about twenty minutes on two cores. */
export async function benchSharing(names: readonly string[]): Promise<void> {
  const grids = GRIDS.filter((grid) => names.length === 0 || names.includes(grid));
  const unknown = names.find((name) => !GRIDS.some((grid) => grid === name));
  if (unknown !== undefined) return refuse(unknown);
  for (const line of headLines()) print(line);
  await runInterruptible((signal) => runGrids(grids, signal));
}

async function runGrids(grids: readonly GridName[], signal: AbortSignal): Promise<void> {
  const runs: GridRun[] = [];
  let flaws = 0;
  for (const grid of grids) {
    const run = await runGrid(grid, (line) => print(`${grid}: ${line}`), signal);
    runs.push(run);
    for (const { claim, flaw } of checkGrid(run)) {
      print(`  ${flaw === undefined ? '✓' : '✗'} ${claim}${flaw === undefined ? '' : `: ${flaw}`}`);
      if (flaw !== undefined) flaws += 1;
    }
  }
  for (const line of ['', ...toMainTable(runs), '', ...toPauseTable(runs), '']) print(line);
  print(flaws === 0 ? 'every check holds' : `${flaws} checks do not hold: see ✗ above`);
  if (flaws > 0) process.exitCode = 1;
}

/** What the numbers depend on. */
function headLines(): readonly string[] {
  const versions = `Node ${process.versions.node}, tfjs ${tf.version.tfjs}`;
  const day = new Date().toISOString().slice(0, 10);
  return [`${toProcessors()}, ${SLOTS} slots, ${versions}, ${dataName()}, ${day}`, ''];
}

function dataName(): string {
  const { folder } = readSweepFile(toPath('step')).spec.config;
  const isInstalled = folder?.some((path) => hasClothes(String(path))) ?? false;
  return isInstalled ? 'Fashion-MNIST' : 'digits (Fashion-MNIST is not installed)';
}

function refuse(name: string): void {
  process.stderr.write(
    `there is no grid ${name}: name any of ${GRIDS.join(', ')}, or none for all\n`,
  );
  process.exitCode = 2;
}
