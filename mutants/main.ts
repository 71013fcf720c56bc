// `npm run mutants [-- NAME…]`: plants each bug into a copy of the sources, and prints which test caught it.
// Promise: exit status 1 if a bug survives, a suite fails without any, or a patch is stale; the copies are gone at the end.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInterruptible } from '../bench/interruptible.ts';
import { MUTANTS } from './catalogue.ts';
import type { Mutant } from './mutant.ts';
import { printTable } from './print-table.ts';
import { Workbench } from './workbench.ts';

const BENCHES = 2;

/** From `dist/mutants/main.js`. */
const ROOT = join(import.meta.dirname, '../..');

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown !== undefined) return refuse(unknown);
  const mutants = MUTANTS.filter(({ name }) => names.length === 0 || names.includes(name));
  await runInterruptible(async (signal) => run(mutants, signal));
}

async function run(mutants: readonly Mutant[], signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-mutants-'));
  try {
    const benches = Array.from(
      { length: Math.min(BENCHES, mutants.length) },
      (_, i) => new Workbench(ROOT, join(folder, String(i)), signal),
    );
    process.exitCode = await printTable(mutants, benches, print);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function refuse(name: string): void {
  const known = MUTANTS.map((mutant) => mutant.name).join('\n  ');
  process.stderr.write(
    `there is no planted bug ${name}: name some of these, or none for all\n  ${known}\n`,
  );
  process.exitCode = 2;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main(process.argv.slice(2));
