// The idle gap of a slot between two stages, in a real run of the digits example: from the record of one stage's last
// epoch until the next stage's first epoch begins. Opening the model and the next grant lie in it.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openResults } from '../src/results/open-results.ts';
import { statePaths } from '../src/storage/state-folder.ts';

const CLI = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const SWEEP = fileURLToPath(new URL('../../examples/digits/sweep.yaml', import.meta.url));

const GAPS = `
  SELECT min(e.recorded_ms - e.seconds * 1000) - lag(max(e.recorded_ms)) OVER (PARTITION BY a.agent_id, a.slot ORDER BY a.granted_ms) AS gap_ms
  FROM epoch e JOIN attempt a USING (stage_id, attempt) GROUP BY a.stage_id, a.attempt`;

/** Runs the example once and prints wall time and gaps. */
export async function benchGap(): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'espalier-bench-'));
  try {
    const start = performance.now();
    await runExample(state);
    const seconds = (performance.now() - start) / 1000;
    const gaps = readGaps(state);
    const at = (share: number): string =>
      `${Math.round(gaps[Math.floor((gaps.length - 1) * share)] ?? Number.NaN)} ms`;
    process.stdout.write(`${cpus().length} cores, Node ${process.versions.node}\n`);
    process.stdout.write(`digits example: ${seconds.toFixed(1)} s from command to leaderboard\n`);
    process.stdout.write(
      `gap between stages on a slot: median ${at(0.5)}, 90 % ${at(0.9)}, greatest ${at(1)} (${gaps.length} gaps)\n`,
    );
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

function readGaps(state: string): readonly number[] {
  const results = openResults(statePaths(state).database);
  try {
    const { rows } = results.query(
      `SELECT gap_ms FROM (${GAPS}) WHERE gap_ms IS NOT NULL ORDER BY gap_ms`,
    );
    return rows.map(([gapMs]) => Number(gapMs));
  } finally {
    results.close();
  }
}
