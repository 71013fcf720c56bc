// What a coordinator refuses to start on, in words.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { startCoordinator } from '../../coordinator/main.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import {
  submitSmall,
  temporaryFolder,
  testClient,
  testCoordinator,
} from '../support/coordinator.ts';

const quiet = { insecure: false, log: () => undefined };

function start(state: string, host = '127.0.0.1', port = 0): ReturnType<typeof startCoordinator> {
  return startCoordinator({ listen: { host, port }, state, ...quiet });
}

test('anything but loopback is refused unless it is said to be insecure', async () => {
  await expect(start(temporaryFolder(), '0.0.0.0')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('--insecure') as string,
  });
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
  writeFileSync(
    statePaths(state).database,
    'this is a text file and not a database, by far'.repeat(40),
  );
  await expect(start(state)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('is not a database') as string,
  });
});

test('a database of another program is left alone', async () => {
  const state = temporaryFolder();
  const db = new Database(statePaths(state).database);
  db.exec('CREATE TABLE theirs (x)');
  db.close();
  await expect(start(state)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('another program') as string,
  });
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
