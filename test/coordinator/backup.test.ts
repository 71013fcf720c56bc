// Backups: made of a coordinator that runs, restored into a folder of their own, and refused when they are not what they were.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backUp } from '../../coordinator/backup/back-up.ts';
import { restoreBackup } from '../../coordinator/backup/restore.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import {
  agentClient,
  ended,
  epochReport,
  ScriptedAgent,
  startSmall,
  submitSmall,
  testClient,
  testCoordinator,
} from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW = new Date('2026-03-01T04:00:00Z');
const { signal } = new AbortController();

/** A coordinator that runs and has one epoch of one trial, and its backup. */
async function backedUp(): Promise<{ state: string; agent: ScriptedAgent; backup: string }> {
  const { state, agent } = await startSmall();
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  const target = join(temporaryFolder(), 'backup');
  const { folder } = await backUp({ state, target, now: NOW, signal });
  return { state, agent, backup: folder };
}

async function restored(backup: string): Promise<string> {
  const state = join(temporaryFolder(), 'state');
  await restoreBackup({ backup, state, moveAside: false, now: NOW, signal });
  return state;
}

test('a backup of a coordinator that runs has what it acknowledged, and can be restored elsewhere', async () => {
  const { backup } = await backedUp();
  expect(readdirSync(backup).toSorted()).toEqual(['blobs', 'espalier.db', 'manifest.json']);
  const store = openStore(statePaths(await restored(backup)).database);
  const epochs = store.epochsOf('small/1', 0).map(({ epoch, metrics }) => [epoch, metrics]);
  store.close();
  expect(epochs).toEqual([[0, { loss: 0.5, val_loss: 0.5 }]]);
});

test('a coordinator goes on from a restored backup, code of its sweeps and all', async () => {
  const { backup } = await backedUp();
  const coordinator = await testCoordinator(await restored(backup));
  expect(await submitSmall(testClient(coordinator))).toMatchObject({ existing: true, trials: 2 });
});

test('in a folder that is there a backup is named after the time, and one that is there is not touched', async () => {
  const { state, backup } = await backedUp();
  const target = temporaryFolder();
  const { folder } = await backUp({ state, target, now: NOW, signal });
  expect(folder).toBe(join(target, 'espalier-2026-03-01T04-00-00Z'));
  await expect(backUp({ state, target, now: NOW, signal })).rejects.toThrow('is there already');
  await expect(backUp({ state, target: backup, now: NOW, signal })).rejects.toThrow(
    'is a backup already',
  );
});

test('an interrupted backup or restore leaves nothing', async () => {
  const { state, backup } = await backedUp();
  const parent = temporaryFolder();
  const [target, interrupted] = [join(parent, 'new'), AbortSignal.abort()];
  await expect(backUp({ state, target, now: NOW, signal: interrupted })).rejects.toMatchObject({
    code: 'interrupted',
  });
  const again = { backup, state: target, moveAside: true, now: NOW, signal: interrupted };
  await expect(restoreBackup(again)).rejects.toMatchObject({ code: 'interrupted' });
  expect(readdirSync(parent)).toEqual([]);
});

test('a folder in use is not restored into', async () => {
  const { state, backup } = await backedUp();
  const restoring = restoreBackup({ backup, state, moveAside: true, now: NOW, signal });
  await expect(restoring).rejects.toMatchObject({ code: 'busy' });
});

test('a folder with content is restored into only when it may be moved aside, and then it stays as it was', async () => {
  const { backup } = await backedUp();
  const state = await restored(backup);
  writeFileSync(join(state, 'mine'), 'text');
  const options = { backup, state, now: NOW, signal };
  await expect(restoreBackup({ ...options, moveAside: false })).rejects.toThrow('--move-aside');
  const { aside } = await restoreBackup({ ...options, moveAside: true });
  expect(aside).toBe(`${state}.before-restore-2026-03-01T04-00-00Z`);
  expect(readFileSync(join(aside ?? '', 'mine'), 'utf8')).toBe('text');
  expect(existsSync(join(state, 'mine'))).toBe(false);
});

test.for(['espalier.db', 'blobs', 'manifest.json'])(
  'a backup whose %s was changed is refused',
  async (name) => {
    const { backup } = await backedUp();
    const [blob = ''] = readdirSync(join(backup, 'blobs'));
    const path = name === 'blobs' ? join(backup, name, blob) : join(backup, name);
    const bytes = readFileSync(path);
    bytes[bytes.length - 9] = (bytes.at(-9) ?? 0) ^ 1;
    // The backup's files may have another name elsewhere.
    rmSync(path);
    writeFileSync(path, bytes);
    await expect(restored(backup)).rejects.toMatchObject({ code: 'storage' });
  },
);

test('a state folder whose file has been damaged is not backed up as if it were whole', async () => {
  const { state } = await backedUp();
  const { blobs } = statePaths(state);
  const [name = ''] = readdirSync(blobs);
  writeFileSync(join(blobs, name), 'other');
  const target = join(temporaryFolder(), 'backup');
  await expect(backUp({ state, target, now: NOW, signal })).rejects.toThrow('another hash');
  renameSync(join(blobs, name), join(blobs, 'gone'));
  await expect(backUp({ state, target, now: NOW, signal })).rejects.toThrow('not in its blobs');
  expect(existsSync(target)).toBe(false);
});

test('an agent that knows more than a restored coordinator is told so, and what it ran is granted anew', async () => {
  const { agent, backup } = await backedUp();
  await agent.report('small/1@0', 1, epochReport(1, 0.4));
  await agent.report('small/1@0', 1, ended('completed'));
  const coordinator = await testCoordinator(await restored(backup));
  const back = new ScriptedAgent(agentClient(coordinator));
  back.beat({
    acknowledgedSequence: 3,
    running: [{ stageId: 'small/2@0', attempt: 4, slot: 'cpu0' }],
  });
  const answer = await back.desired();
  expect(answer).toMatchObject({ forgottenReports: 2, takenSequence: 3 });
  expect(answer.assignments).toMatchObject([
    { stageId: 'small/1@0', attempt: 2, recordedEpochs: 1 },
  ]);
});

test('reports that go on where the restored coordinator has not been are stale, and said to be', async () => {
  const { agent, backup } = await backedUp();
  await agent.report('small/1@0', 1, epochReport(1, 0.4));
  const coordinator = await testCoordinator(await restored(backup));
  const back = new ScriptedAgent(agentClient(coordinator));
  expect(await back.report('small/1@0', 1, ended('completed'), 3)).toEqual({
    acknowledgedSequence: 3,
    stale: [{ stageId: 'small/1@0', attempt: 1 }],
    forgottenReports: 1,
  });
});

test('the commands make and restore a backup, and say what they did', async () => {
  const { state } = await startSmall();
  const folder = temporaryFolder();
  const backup = join(folder, 'backup');
  expect(espalier('backup', backup, '--state', state)).toMatch(
    /: 1 sweeps, 2 trials, 0 epochs; 2 files, \d+ kB, checked\n$/,
  );
  expect(espalier('restore', backup, '--state', join(folder, 'again'))).toMatch(
    /again is as it was at 20\d\d-.*Z: 1 sweeps, 2 trials, 0 epochs\n$/,
  );
});

function espalier(...words: readonly string[]): string {
  return execFileSync(process.execPath, ['dist/src/cli/main.js', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
