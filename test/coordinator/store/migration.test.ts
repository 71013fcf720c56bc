// Databases of earlier releases: they are brought up to date, and what they hold stays.

import { readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { decideSubmission } from '../../../coordinator/core/decide/submission.ts';
import { emptyState } from '../../../coordinator/core/model.ts';
import { openStore } from '../../../coordinator/store/store.ts';
import { openResults, type Results } from '../../../src/results/open-results.ts';
import { toFinding } from '../../../src/lr/find.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { submission } from '../../support/sweep.ts';

const SCHEMA = new URL('../../../coordinator/store/schema/', import.meta.url);
const FILES = readdirSync(SCHEMA).toSorted();
const NOW = { monoMs: 0, wallMs: 0 };

/** A database as the release with these schema files made it. */
function databaseOf(files: readonly string[]): string {
  const path = statePaths(temporaryFolder()).database;
  const db = new Database(path);
  for (const file of files) db.exec(readFileSync(new URL(file, SCHEMA), 'utf8'));
  db.exec("INSERT INTO meta VALUES (1, 'espalier')");
  db.pragma(`user_version = ${files.length}`);
  db.close();
  return path;
}

/** The database of the release before range tests, with a sweep that it took. */
function withoutFoundRates(lines: readonly string[] = []): string {
  const path = statePaths(temporaryFolder()).database;
  const store = openStore(path);
  store.transaction(() => {
    for (const fact of decideSubmission(emptyState(), { ...submission(2, 3, lines), now: NOW }))
      store.write(fact, 0);
  });
  store.close();
  const db = new Database(path);
  db.exec(`
    DROP VIEW clones; DROP VIEW priorities;
    ALTER TABLE trial DROP COLUMN priority; ALTER TABLE trial DROP COLUMN cloned_from; ALTER TABLE sweep DROP COLUMN priority;
    DROP VIEW found_rates; DROP TABLE found_rate; PRAGMA user_version = 3`);
  db.close();
  return path;
}

function ask(path: string, sql: string): readonly unknown[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

function resultsOf(path: string): Results {
  const results = openResults(path);
  onTestFinished(() => results.close());
  return results;
}

const SHAPE =
  "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name";

test.each(FILES.slice(0, -1).map((_, i) => i + 1))(
  'a database with the first %i of the schema files gets the others, and is then as a new one',
  (count) => {
    const fresh = statePaths(temporaryFolder()).database;
    openStore(fresh).close();
    const old = databaseOf(FILES.slice(0, count));
    expect(ask(old, SHAPE)).not.toEqual(ask(fresh, SHAPE));
    openStore(old).close();
    expect(ask(old, SHAPE)).toEqual(ask(fresh, SHAPE));
    expect(ask(old, 'PRAGMA user_version')).toEqual([{ user_version: FILES.length }]);
    expect(ask(old, 'PRAGMA foreign_key_check')).toEqual([]);
  },
);

test('a database of the release before range tests keeps its sweeps and takes what tests find', () => {
  const path = withoutFoundRates();
  const before = ask(path, 'SELECT * FROM trial');
  const store = openStore(path);
  expect([...store.load(NOW, 0).trials.keys()]).toEqual(['small/1', 'small/2']);
  expect(ask(path, 'SELECT * FROM trial')).toMatchObject(before);
  const { find } = toFinding({ find: {} });
  const rate = { max_lr: 0.1, base_lr: 0.025, least: 0.05, greatest: 0.2, found: 2, tested: 3 };
  const write = (max_lr: number, wallMs: number): void => {
    const rates = [{ ...rate, max_lr, find, words: 'so' }];
    store.transaction(() =>
      store.write({ kind: 'rates-found', sweepId: 'small', config: { a: 1 }, rates, wallMs }, 0),
    );
  };
  write(0.1, 5);
  const row = { sweep_id: 'small', config_json: '{"a":1}', find_json: JSON.stringify(find) };
  const results = resultsOf(path);
  expect(results.foundRates('small')).toEqual([{ ...row, ...rate, words: 'so', found_ms: 5 }]);
  expect(results.foundRates('large')).toEqual([]);
  // The latest test counts.
  write(0.3, 6);
  expect(results.foundRates('small')).toMatchObject([{ max_lr: 0.3, found_ms: 6 }]);
  store.close();
});

test('sweeps of a release before priorities could be changed have those of their files', () => {
  const path = withoutFoundRates(['priority: 7']);
  const store = openStore(path);
  const state = store.load(NOW, 0);
  expect(state.sweeps.get('small')).toMatchObject({ priority: 7 });
  expect(state.trials.get('small/1')).toMatchObject({ priority: 0, clonedFrom: null });
  store.close();
  const rows = ask(path, 'SELECT * FROM priorities');
  expect(rows).toEqual([{ sweep_id: 'small', trial_id: null, priority: 7 }]);
});

test('results of the release before range tests can be read: no rates were found there', () => {
  const results = resultsOf(withoutFoundRates());
  expect(results.foundRates('small')).toEqual([]);
  expect(results.trials('small')).toHaveLength(2);
});
