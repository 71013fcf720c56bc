// An export has a sweep as it was at one moment, and whoever writes meanwhile does not wait.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { exportSweep } from '../../src/export/export-sweep.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { digitsState } from '../results/digits-results.ts';
import { temporaryFolder } from '../support/folder.ts';

test('what is recorded while an export writes is not in it, and is recorded at once', async () => {
  const { database } = statePaths(digitsState());
  const target = join(temporaryFolder(), 'out');
  const writer = new Database(database, { timeout: 0 });
  onTestFinished(() => void writer.close());
  const written: string[] = [];
  const order = {
    database,
    sweepId: 'digits',
    format: 'jsonl',
    target,
    force: false,
    steps: false,
    release: '3.1',
    version: '0',
  } as const;
  await exportSweep(order, new AbortController().signal, (what) => {
    written.push(what);
    // A writer that would have to wait fails at once.
    writer.exec(
      "DELETE FROM metric; DELETE FROM epoch; UPDATE trial SET state = 'failed'; DELETE FROM attempt",
    );
    writer.pragma('wal_checkpoint(PASSIVE)');
  });
  expect(written[0]).toBe('trials');
  const rows = (table: string): readonly string[] =>
    readFileSync(join(target, `${table}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
  expect([rows('trials').length, rows('epochs').length, rows('attempts').length]).toEqual([
    33, 660, 52,
  ]);
  expect(rows('epochs').every((row) => row.includes('"metric.val_loss":'))).toBe(true);
  expect(rows('trials').every((row) => row.includes('"state":"completed"'))).toBe(true);
  expect(writer.prepare('SELECT count(*) FROM epoch').pluck().get()).toBe(0);
});

test('an export that fails on the way leaves nothing, under whatever name', async () => {
  const { database } = statePaths(digitsState());
  const folder = temporaryFolder();
  const { readdirSync } = await import('node:fs');
  for (const format of ['csv', 'jsonl', 'parquet', 'tensorboard', 'optuna'] as const) {
    const order = {
      database,
      sweepId: 'digits',
      format,
      target: join(folder, 'out'),
      force: false,
      steps: false,
      release: '3.1',
      version: '0',
    } as const;
    let begun: readonly string[] = [];
    const failing = exportSweep(order, new AbortController().signal, () => {
      begun = readdirSync(folder);
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    expect(begun).toEqual([expect.stringMatching(/^\.espalier-export-.*\.partial$/)]);
    expect(readdirSync(folder)).toEqual([]);
  }
});
