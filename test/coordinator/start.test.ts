// What a coordinator refuses to start on, in words.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { startCoordinator } from '../../coordinator/main.ts';
import { readCoordinator, statePaths } from '../../src/storage/state-folder.ts';
import { submitSmall, testClient, testCoordinator } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';

const quiet = { insecure: false, log: () => undefined };

function start(state: string, host = '127.0.0.1', port = 0): ReturnType<typeof startCoordinator> {
  return startCoordinator({ listen: { host, port }, state, ...quiet });
}

test.each([
  ['127.0.0.1', false, false],
  ['0.0.0.0', false, true],
  ['0.0.0.0', true, false],
])('a coordinator on %s, insecure %s, is protected: %s', async (host, insecure, isProtected) => {
  const listen = { host, port: 0 };
  const state = temporaryFolder();
  const coordinator = await startCoordinator({ ...quiet, listen, state, insecure });
  expect(coordinator.isProtected).toBe(isProtected);
  expect(readCoordinator(state)?.isProtected).toBe(isProtected);
  expect(existsSync(statePaths(state).authority)).toBe(isProtected);
  await coordinator.close();
});

test('a port in use is named', async () => {
  const port = Number((await testCoordinator()).address.split(':')[1]);
  await expect(start(temporaryFolder(), '127.0.0.1', port)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(`:${port}`) as string,
  });
});

test('a state folder in use is refused, and free again once its coordinator has closed', async () => {
  const state = temporaryFolder();
  const first = await start(state);
  await expect(start(state)).rejects.toMatchObject({
    code: 'busy',
    message: expect.stringContaining(state) as string,
  });
  await first.close();
  await (await start(state)).close();
});

test('a file that is no database is left alone', async () => {
  const state = temporaryFolder();
  const text = 'this is a text file and not a database, by far'.repeat(40);
  writeFileSync(statePaths(state).database, text);
  await expect(start(state)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('is not a database') as string,
  });
  expect(readFileSync(statePaths(state).database, 'utf8')).toBe(text);
});

const FOREIGN: Readonly<Record<string, string>> = {
  'tables of its own': 'CREATE TABLE theirs (x)',
  'a version above ours': 'CREATE TABLE theirs (x); PRAGMA user_version = 99',
  'a version and nothing else': 'PRAGMA user_version = 99',
  'a version like ours': 'CREATE TABLE theirs (x); PRAGMA user_version = 2',
  'a table called meta': 'CREATE TABLE meta (key, value); PRAGMA user_version = 2',
  'a table meta of an application':
    "CREATE TABLE meta (application); INSERT INTO meta VALUES ('x')",
};

test.for(Object.entries(FOREIGN))(
  'a database of another program is left alone: %s',
  async ([, sql]) => {
    const state = temporaryFolder();
    const file = statePaths(state).database;
    const db = new Database(file);
    db.exec(sql);
    db.close();
    const before = readFileSync(file);
    await expect(start(state)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('another program') as string,
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  },
);

test('what another program had not yet moved from its log into its database stays where it is', async () => {
  const state = temporaryFolder();
  const file = statePaths(state).database;
  const theirs = new Database(join(state, 'theirs.db'));
  theirs.pragma('journal_mode = WAL');
  theirs.exec('CREATE TABLE theirs (x)');
  for (const end of ['', '-wal']) copyFileSync(join(state, `theirs.db${end}`), `${file}${end}`);
  theirs.close();
  const before = readFileSync(file);
  await expect(start(state)).rejects.toThrow('another program');
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a database of a newer release is refused', async () => {
  const state = temporaryFolder();
  await (await start(state)).close();
  const db = new Database(statePaths(state).database);
  db.pragma('user_version = 99');
  db.close();
  await expect(start(state)).rejects.toMatchObject({
    code: 'version',
    message: expect.stringContaining('schema 99') as string,
  });
});

test('a folder where the database should be is named', async () => {
  const state = temporaryFolder();
  mkdirSync(join(state, 'espalier.db'));
  await expect(start(state)).rejects.toMatchObject({ code: 'storage' });
});

test('a coordinator that was closed and started again knows its sweeps', async () => {
  const state = temporaryFolder();
  const first = await start(state);
  const client = testClient(first);
  await submitSmall(client);
  await first.close();
  const second = testClient(await testCoordinator(state));
  expect(await submitSmall(second)).toMatchObject({
    sweepId: 'small',
    existing: true,
    state: 'running',
  });
});

test('closing twice is closing once', async () => {
  const coordinator = await start(temporaryFolder());
  await Promise.all([coordinator.close(), coordinator.close()]);
  await coordinator.close();
  await coordinator.ended;
});

test('a start that fails after listening leaves nothing open', async () => {
  const state = temporaryFolder();
  const obstacle = `${statePaths(state).address}.new`;
  mkdirSync(obstacle);
  const port = await freePort();
  await expect(start(state, '127.0.0.1', port)).rejects.toMatchObject({ code: 'EISDIR' });
  rmSync(obstacle, { recursive: true });
  await (await start(state, '127.0.0.1', port)).close();
});

test('a start that fails while loading leaves the folder free', async () => {
  const state = temporaryFolder();
  await (await start(state)).close();
  edit(state, 'ALTER TABLE trial_stage RENAME TO hidden');
  await expect(start(state)).rejects.toThrow('trial_stage');
  edit(state, 'ALTER TABLE hidden RENAME TO trial_stage');
  await (await start(state)).close();
});

test('a coordinator that cannot commit ends with the reason, answers its callers and frees its folder', async () => {
  const state = temporaryFolder();
  const coordinator = await start(state);
  const ended = coordinator.ended.catch((error: unknown) => error);
  const client = testClient(coordinator);
  edit(
    state,
    "CREATE TRIGGER broken BEFORE INSERT ON sweep BEGIN SELECT RAISE(ABORT, 'no more'); END",
  );
  await expect(submitSmall(client)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await ended).toMatchObject({
    code: 'storage',
    message: expect.stringContaining('no more') as string,
  });
  expect(existsSync(statePaths(state).address)).toBe(false);
  edit(state, 'DROP TRIGGER broken');
  await (await start(state)).close();
});

/** What another hand does to the database. */
function edit(state: string, sql: string): void {
  const db = new Database(statePaths(state).database);
  db.exec(sql);
  db.close();
}

async function freePort(): Promise<number> {
  const coordinator = await start(temporaryFolder());
  await coordinator.close();
  return Number(coordinator.address.split(':')[1]);
}
