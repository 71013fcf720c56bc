// What a coordinator finds of its database when it starts: damage, loss, an older copy.

import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { startCoordinator } from '../../coordinator/main.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import {
  agentClient,
  epochReport,
  ScriptedAgent,
  submitSmall,
  testClient,
  testCoordinator,
} from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';

/** The state folder of a coordinator that has ended, with two epochs of a trial. */
async function ended(between: (state: string) => void = () => undefined): Promise<string> {
  const state = temporaryFolder();
  const coordinator = await testCoordinator(state);
  await submitSmall(testClient(coordinator));
  const agent = new ScriptedAgent(agentClient(coordinator));
  agent.beat();
  await agent.desired();
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  between(state);
  await agent.report('small/1@0', 1, epochReport(1, 0.4));
  await coordinator.close();
  return state;
}

/** Lines of the log of a coordinator that starts and ends. */
async function startedIn(state: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const coordinator = await startCoordinator({
    listen: { host: '127.0.0.1', port: 0 },
    state,
    insecure: false,
    log: (line) => lines.push(line),
  });
  await coordinator.close();
  return lines;
}

test('a database whose stage lacks the rows of its last epoch is refused, in words that say what to do', async () => {
  const state = await ended();
  const db = new Database(statePaths(state).database);
  db.exec('DELETE FROM epoch WHERE epoch = 1');
  db.close();
  await expect(startedIn(state)).rejects.toThrow(
    /stage small\/1@0 has 2 epochs, and the rows of the last are missing.*restore a backup with "espalier restore"/,
  );
});

test('a database with a page of zeroes, or cut short, is refused in words or reads as it was, page by page', async () => {
  const state = await ended();
  const { database } = statePaths(state);
  const whole = readFileSync(database);
  const expected = stateOf(database);
  let refused = 0;
  for (let from = 0; from < whole.length; from += 4096) {
    const zeroed = Buffer.concat([
      whole.subarray(0, from),
      Buffer.alloc(4096),
      whole.subarray(from + 4096),
    ]);
    for (const bytes of [zeroed, whole.subarray(0, from + 512)]) {
      const path = join(temporaryFolder(), 'damaged.db');
      writeFileSync(path, bytes);
      const found = stateOf(path);
      if (found instanceof EspalierError) refused += 1;
      else expect(found).toEqual(expected);
    }
  }
  expect(refused).toBeGreaterThan(whole.length / 4096);
});

/** What is loaded, or the refusal. */
function stateOf(path: string): unknown {
  try {
    const store = openStore(path);
    const { trials, stages } = store.load({ monoMs: 0, wallMs: 0 }, 1);
    const history = store.history('small/1@0');
    store.close();
    return { trials: [...trials], stages: [...stages], history };
  } catch (error) {
    if (error instanceof EspalierError) return error;
    throw error;
  }
}

test('an older copy that was put back is told of at the start, once', async () => {
  const copy = join(temporaryFolder(), 'copy.db');
  const state = await ended((folder) => {
    const db = new Database(statePaths(folder).database, { readonly: true });
    db.exec(`VACUUM INTO '${copy}'`);
    db.close();
  });
  const { database } = statePaths(state);
  expect(statSync(`${database}-wal`, { throwIfNoEntry: false })).toBeUndefined();
  expect((await startedIn(state)).filter((line) => line.includes('has less'))).toEqual([]);
  rmSync(database);
  copyFileSync(copy, database);
  const [line = ''] = await startedIn(state);
  expect(line).toContain('1 of 2 reports');
  expect(line).toContain('espalier restore');
  expect((await startedIn(state)).filter((each) => each.includes('has less'))).toEqual([]);
  onTestFinished(() => rmSync(copy, { force: true }));
});
