// The idle gap of a slot between two stages, in a real run of the digits example: from the record of one stage's last
// epoch until the next stage's first epoch begins. Opening the model, the next grant and a checkpoint lie in it.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openResults } from '../src/results/open-results.ts';
import { statePaths } from '../src/storage/state-folder.ts';
import { type Distribution, toMs } from './distribution.ts';
import { readPauses } from './sharing/pauses.ts';

const CLI = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const SWEEP = fileURLToPath(new URL('../../examples/digits/sweep.yaml', import.meta.url));

/** Runs the example once and prints wall time and gaps. */
export async function benchGap(): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'espalier-bench-'));
  try {
    const start = performance.now();
    await runExample(state);
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`${cpus().length} cores, Node ${process.versions.node}\n`);
    process.stdout.write(`digits example: ${seconds.toFixed(1)} s from command to leaderboard\n`);
    process.stdout.write('gap between stages on a slot (median / 90 % / greatest)\n');
    for (const [how, gaps] of readGaps(state))
      process.stdout.write(`  ${how}: ${toMs(gaps)} (${gaps.count} gaps)\n`);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

function runExample(state: string): Promise<void> {
  const child = spawn(process.execPath, [CLI, 'run', SWEEP, '--plain', '--state', state], {
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child
      .once('error', reject)
      .once('close', (status) =>
        status === 0 ? resolve() : reject(new Error(`espalier run ended with ${status}`)),
      );
  });
}

function readGaps(state: string): readonly (readonly [string, Distribution])[] {
  const results = openResults(statePaths(state).database);
  try {
    const { inPlace, fromCheckpoint, fromScratch } = readPauses(results);
    return [
      ['forks and goes on in place', inPlace],
      ['starts from a checkpoint', fromCheckpoint],
      ['starts from scratch', fromScratch],
    ];
  } finally {
    results.close();
  }
}
