// `espalier verify` as a user types it: what a run with shared beginnings has recorded, trained again trial by trial.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openResults } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { recordSweep } from '../agent/verify/record-sweep.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, processesWith, type Running, until } from '../support/processes.ts';

const FORKS = join(import.meta.dirname, 'fixtures/forks.yaml');
/** For each of seven optimizers: 3 epochs together, 4 of `step`, 2 of the other two together, and 2 of each. */
const TRAINED = 7 * (3 + 4 + 2 + 2 * 2);

describe('a sweep whose trials shared their beginnings', { timeout: 240_000 }, () => {
  test('is the same number for number when each trial trains alone; a changed bit is found', async () => {
    const state = temporaryFolder();
    expect(await espalier(['run', FORKS, '--state', state, '--slots', '2']).ended).toBe(0);
    expect(read(state, 'SELECT sum(recorded_epochs) FROM stages')).toBe(TRAINED);
    // Some stages went on in place, others from a checkpoint in another process.
    expect(read(state, 'SELECT count(*) FROM attempt WHERE start_epoch > 0')).toBeGreaterThan(7);

    const verify = espalier(['verify', 'forks', '--state', state, '--slots', '2']);
    expect([await verify.ended, verify.output()]).toEqual([
      0,
      expect.stringContaining('forks: 21 same\n'),
    ]);

    change(state, `UPDATE metric SET value = value + 1e-15 WHERE name = 'loss' AND epoch = 6`);
    const again = espalier(['verify', 'forks', '21', '--state', state]);
    expect([await again.ended, again.output()]).toEqual([
      9,
      expect.stringMatching(
        /^forks\/21 {2}epoch 6: loss \S+ recorded, \S+ now; 1 of 7 epochs differ/,
      ),
    ]);
  });
});

/** A sweep whose trial never opens, being verified; its processes know the folder `temporary`. */
async function verifyForever(): Promise<{ readonly run: Running; readonly temporary: string }> {
  const code = `import { defineTrial } from 'espalier';
    export default defineTrial({ open: () => new Promise(() => setInterval(() => {}, 1000)) });`;
  const state = recordSweep([{ strategy: { strategy: 'fixed', lr: 0.1 } }], '', code);
  const temporary = temporaryFolder();
  const run = espalier(['verify', 's', '--state', state], { env: { TMPDIR: temporary } });
  await until('the trial', () => trialsOf(temporary).length > 0);
  return { run, temporary };
}

function trialsOf(temporary: string): readonly number[] {
  const trials = processesWith('trial/main');
  return processesWith(temporary).filter((pid) => trials.includes(pid));
}

test('Ctrl-C ends it, and neither a process nor a file is left', async () => {
  const { run, temporary } = await verifyForever();
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(trialsOf(temporary)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

test('killed itself, it leaves no process', async () => {
  const { run, temporary } = await verifyForever();
  run.child.kill('SIGKILL');
  await run.ended;
  await until('the end of the trial', () => trialsOf(temporary).length === 0);
});

function read(state: string, sql: string): unknown {
  const results = openResults(statePaths(state).database);
  try {
    return results.query(sql).rows[0]?.[0];
  } finally {
    results.close();
  }
}

function change(state: string, sql: string): void {
  const db = new Database(statePaths(state).database);
  db.exec(sql);
  db.close();
}
