// What durability rests on in the database itself.

import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../coordinator/store/open.ts';
import { openStore } from '../../../coordinator/store/store.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { temporaryFolder } from '../../support/folder.ts';

test('a commit is synced before it returns: a loss of power takes nothing back', () => {
  const db = openDatabase(statePaths(temporaryFolder()).database);
  onTestFinished(() => void db.close());
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
});

test('nobody else can write from the beginning of a transaction: what it decides by is what it changes', () => {
  const path = statePaths(temporaryFolder()).database;
  const store = openStore(path);
  const other = new Database(path, { timeout: 0 });
  onTestFinished(() => {
    other.close();
    store.close();
  });
  const write = (): void => void other.exec('UPDATE meta SET application = application');
  store.transaction(() => {
    expect(store.epochMetrics('small/1@0', 0)).toBeUndefined();
    expect(write).toThrow(/locked/);
  });
  expect(write).not.toThrow();
});
