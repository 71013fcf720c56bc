// A database as a coordinator would have it after ten million rows of metrics: its sweep is submitted as any is, its epochs are written
// by SQL.

import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import type { Now } from '../../coordinator/core/model.ts';
import { openDatabase } from '../../coordinator/store/open.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { takeEvents } from '../../coordinator/turn.ts';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';

const TRIALS = 100_000;
const EPOCHS = 20;
const NAMES = ['loss', 'val_loss', 'accuracy', 'val_accuracy', 'top_5'];

/** Rows of metrics. */
export const METRICS = TRIALS * EPOCHS * NAMES.length;

const SWEEP_FILE = [
  'name: large',
  'trial: ./trial.ts',
  'objective: { metric: val_loss, mode: min }',
  `epochs: ${EPOCHS + 1}`,
  'sharing: off',
  `seeds: [${Array.from({ length: 100 }, (_, i) => i + 1).join(', ')}]`,
  'learning_rate:',
  `  - { strategy: fixed, lr: [${Array.from({ length: 1000 }, (_, i) => (i + 1) / 1e4).join(', ')}] }`,
].join('\n');

/** Of each trial all epochs but the last are recorded; three quarters of the trials were cancelled then, the others wait. */
export function fillDatabase(path: string): void {
  submit(path);
  const db = openDatabase(path);
  db.pragma('synchronous = OFF');
  db.transaction(() => {
    db.exec(
      `INSERT INTO epoch SELECT stage_id, i, 1, 100, 0.1, 0.1, 0.1, 0.1, 0.1, 1.5, 0 FROM stage, ${numbers(EPOCHS)}`,
    );
    const metric = db.prepare(
      `INSERT INTO metric SELECT stage_id, i, ?, 'finite', 1.0 / (i + rowid) FROM (SELECT rowid, stage_id FROM stage), ${numbers(EPOCHS)}`,
    );
    for (const name of NAMES) metric.run(name);
    db.exec(`UPDATE stage SET attempt = 1, recorded_epochs = ${EPOCHS}`);
    db.exec(
      "INSERT INTO attempt SELECT stage_id, 1, 'agent', 'cpu0', 'cpu', 0, 1, 'released', '', NULL, NULL FROM stage",
    );
    db.exec(
      `UPDATE trial SET epochs_done = ${EPOCHS}, best_epoch = ${EPOCHS - 1}, best_value = 1.0 / number, last_kind = 'finite', ` +
        'last_value = 1.0 / number, learning_rate = 0.1',
    );
    db.exec("UPDATE trial SET state = 'cancelled', ended_ms = 1 WHERE number % 4 > 0");
    db.exec(
      "UPDATE stage SET state = 'ended' WHERE stage_id IN (SELECT stage_id FROM trial WHERE state = 'cancelled')",
    );
  })();
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}

function submit(path: string): void {
  const parsed = parseSweepFile(SWEEP_FILE);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const store = openStore(path);
  const bundle = { path: 'bundle.mjs', sha256: '0'.repeat(64), sizeBytes: 1 };
  const sweep = { spec: parsed.spec, sweepFile: SWEEP_FILE, fingerprint: 'large', bundle };
  takeEvents(store.load(now(), 0), [{ kind: 'submitted', ...sweep, files: [], again: false }], {
    store,
    now,
    limits: DEFAULT_LIMITS,
  });
  store.close();
}

function numbers(to: number): string {
  return `(WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to}) SELECT i FROM n)`;
}

function now(): Now {
  return { monoMs: 0, wallMs: 0 };
}
