// The services over real gRPC on loopback.

import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, Metadata } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import { openResults } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { CHANNEL_OPTIONS, protocolMetadata } from '../../src/wire/channel.ts';
import { BlobServiceClient } from '../../src/wire/generated/espalier/v1/blob.ts';
import {
  agentClient,
  ended,
  epochReport,
  ScriptedAgent,
  submitSmall,
  SWEEP_FILE,
  testClient,
  testCoordinator,
  startSmall,
} from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a sweep is granted, reported and completed, and the database says so', async () => {
  const state = temporaryFolder();
  const coordinator = await testCoordinator(state);
  const { sweepId, trials } = await submitSmall(testClient(coordinator));
  expect([sweepId, trials]).toEqual(['small', 2]);
  const agent = new ScriptedAgent(agentClient(coordinator));
  agent.beat();
  for (const number of [1, 2]) {
    const [assignment] = (await agent.desired()).assignments;
    expect(assignment).toMatchObject({
      stageId: `small/${number}@0`,
      attempt: 1,
      slot: 'cpu0',
      seed: 1,
      recordedEpochs: 0,
    });
    const stageId = assignment?.stageId ?? '';
    await agent.report(stageId, 1, {
      $case: 'opened',
      opened: { stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu', canSave: true },
    });
    await agent.report(stageId, 1, epochReport(0, 0.5 / number));
    await agent.report(stageId, 1, epochReport(1, 0.4 / number));
    await agent.report(stageId, 1, ended('completed'));
  }
  expect((await agent.desired()).assignments).toEqual([]);
  const results = openResults(statePaths(state).database);
  expect(results.sweep('small')).toMatchObject({ state: 'completed', completed: 2 });
  expect(results.leaderboard('small').map((row) => [row.rank, row.number, row.value])).toEqual([
    [1, 2, 0.2],
    [2, 1, 0.4],
  ]);
  expect(results.epochs('small/2').map((row) => row.metrics['val_loss'])).toEqual([0.25, 0.2]);
  results.close();
});

test('NaN and infinities come back as what they were', async () => {
  const { state, agent } = await startSmall();
  await agent.report('small/1@0', 1, epochReport(0, Number.NaN));
  await agent.report('small/1@0', 1, epochReport(1, Number.NEGATIVE_INFINITY));
  const results = openResults(statePaths(state).database);
  expect(results.epochs('small/1').map((row) => row.metrics['val_loss'])).toEqual([
    Number.NaN,
    Number.NEGATIVE_INFINITY,
  ]);
  expect(results.trial('small/1')).toMatchObject({
    best_value: null,
    last_value: null,
    last_kind: '-inf',
  });
  results.close();
});

test('a report of a superseded attempt changes nothing and is called stale', async () => {
  const coordinator = await testCoordinator();
  await submitSmall(
    testClient(coordinator),
    `${SWEEP_FILE}\nname: other`.replace('name: small\n', ''),
  );
  const client = agentClient(coordinator);
  const agent = new ScriptedAgent(client);
  agent.beat();
  expect((await agent.desired()).assignments[0]).toMatchObject({ attempt: 1 });
  agent.beat({ incarnation: '2' });
  expect((await agent.desired()).assignments[0]).toMatchObject({
    stageId: 'other/1@0',
    attempt: 2,
  });
  const answer = await agent.report('other/1@0', 1, epochReport(0, 0.5));
  expect(answer).toEqual({
    acknowledgedSequence: 1,
    stale: [{ stageId: 'other/1@0', attempt: 1 }],
    forgottenReports: 0,
  });
});

test('a repeated sequence number is acknowledged and ignored', async () => {
  const { state, agent } = await startSmall();
  await agent.report('small/1@0', 1, epochReport(0, 0.5), 1);
  expect(await agent.report('small/1@0', 1, epochReport(1, 0.1), 1)).toEqual({
    acknowledgedSequence: 1,
    stale: [],
    forgottenReports: 0,
  });
  const results = openResults(statePaths(state).database);
  expect(results.trial('small/1')).toMatchObject({ epochs_done: 1, best_value: 0.5 });
  results.close();
});

test('an epoch reported out of order fails the attempt in words', async () => {
  const { state, agent } = await startSmall();
  await agent.report('small/1@0', 1, epochReport(1, 0.5));
  const results = openResults(statePaths(state).database);
  expect(results.trial('small/1')).toMatchObject({
    state: 'failed',
    message: 'epoch 1 was reported where epoch 0 was due',
  });
  results.close();
});

test('the same sweep twice is the same sweep, unless it is wanted again', async () => {
  const client = testClient(await testCoordinator());
  await submitSmall(client);
  expect(await submitSmall(client)).toMatchObject({
    sweepId: 'small',
    existing: true,
    state: 'running',
  });
  expect(await submitSmall(client, SWEEP_FILE, true)).toMatchObject({
    sweepId: 'small-2',
    existing: false,
  });
});

test('a bad sweep file is refused with its places', async () => {
  const client = testClient(await testCoordinator());
  await expect(submitSmall(client, `${SWEEP_FILE}\nepoch: 3`)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(':8:1') as string,
  });
});

test('a cancelled sweep is withdrawn from its agent and starts nothing more', async () => {
  const coordinator = await testCoordinator();
  const client = testClient(coordinator);
  await submitSmall(client);
  const agent = new ScriptedAgent(agentClient(coordinator));
  agent.beat();
  expect((await agent.desired()).assignments).toHaveLength(1);
  expect(await client.cancel('small')).toBe(2);
  expect((await agent.desired()).assignments).toEqual([]);
  expect(await client.cancel('small')).toBe(0);
});

test('unknown ids are said to be unknown', async () => {
  const client = testClient(await testCoordinator());
  await expect(client.cancel('nothing')).rejects.toMatchObject({
    code: 'not-found',
    message: 'no sweep nothing',
  });
  await expect(client.watch({ sweepId: 'nothing', trialId: '' }).next()).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('a watcher is told everything first and then what has changed', async () => {
  const coordinator = await testCoordinator();
  const client = testClient(coordinator);
  await submitSmall(client);
  const watch = client.watch({ sweepId: 'small', trialId: 'small/1' });
  onTestFinished(async () => void (await watch.return?.()));
  const first = (await watch.next()).value;
  expect(first).toMatchObject({
    complete: true,
    sweeps: [{ pending: 2 }],
    trials: [{ number: 1 }, { number: 2 }],
  });
  const agent = new ScriptedAgent(agentClient(coordinator));
  agent.beat();
  await agent.desired();
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  for (;;) {
    const { value } = await watch.next();
    const message = value ?? first;
    expect(message?.trials.map((trial) => trial.number)).not.toContain(2);
    if ((message?.epochs.length ?? 0) > 0) {
      expect(message).toMatchObject({
        complete: false,
        epochs: [{ epoch: 0 }],
        trials: [{ trialId: 'small/1', hasValue: true, bestValue: 0.5, recent: [0.5] }],
      });
      return;
    }
  }
});

test('another protocol is refused in words', async () => {
  const client = agentClient(await testCoordinator());
  const metadata = new Metadata();
  metadata.set('espalier-protocol', '99');
  const call = client.session(metadata);
  const error = await new Promise((resolve) => call.on('error', resolve).resume());
  expect(error).toMatchObject({ code: 9, details: expect.stringContaining('protocol') as string });
});

test('an upload that lies or breaks off leaves nothing behind', async () => {
  const state = temporaryFolder();
  const coordinator = await testCoordinator(state);
  const client = testClient(coordinator);
  const wrong = createHash('sha256').update('something else').digest('hex');
  await expect(client.putBlob(Buffer.from('data'), wrong)).rejects.toMatchObject({
    code: 'invalid',
  });
  const blobs = new BlobServiceClient(
    coordinator.address,
    credentials.createInsecure(),
    CHANNEL_OPTIONS,
  );
  onTestFinished(() => blobs.close());
  await new Promise((resolve) => {
    const call = blobs.putBlob(protocolMetadata(), {}, resolve);
    call.write({ part: { $case: 'chunk', chunk: Buffer.from('half') } });
    call.end();
  });
  expect(await client.findMissing([wrong])).toEqual([wrong]);
  expect(readdirSync(join(state, 'blobs'))).toEqual([]);
});

test('a message over the size limit is refused and the coordinator goes on', async () => {
  const client = testClient(await testCoordinator());
  await expect(submitSmall(client, `# ${'x'.repeat(2 ** 20)}`)).rejects.toMatchObject({
    code: 'invalid',
  });
  expect(await submitSmall(client)).toMatchObject({ sweepId: 'small' });
});

test('words that a caller made too long, also of characters in two halves, are answered and end nothing', async () => {
  const client = testClient(await testCoordinator());
  await expect(client.cancel(`a${'😀'.repeat(4_000)}`)).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(client.cancel('nothing')).rejects.toMatchObject({ code: 'not-found' });
});

test('a sweep of which hundreds of trials failed with long words can be watched', async () => {
  const coordinator = await testCoordinator();
  const client = testClient(coordinator);
  const seeds = `seeds: [${Array.from({ length: 300 }, (_, i) => i).join(', ')}]`;
  await submitSmall(client, `${SWEEP_FILE}\n${seeds}`);
  const agent = new ScriptedAgent(agentClient(coordinator));
  agent.beat();
  for (let number = 1; number <= 300; number += 1) {
    await agent.report(`small/${number}@0`, 1, ended('failed', 'x'.repeat(8_000)));
  }
  const told = new Set<number>();
  for await (const { trials } of client.watch({ sweepId: 'small', trialId: '' })) {
    for (const trial of trials) told.add(trial.number);
    if (told.size === 600) break;
  }
  expect(told.size).toBe(600);
});

test('data files are listed once a sweep, however many slots train it, and too many are refused', async () => {
  const coordinator = await testCoordinator();
  const client = testClient(coordinator);
  const bundle = {
    path: 'bundle.mjs',
    sha256: createHash('sha256').update('x').digest('hex'),
    sizeBytes: 1,
  };
  await client.putBlob(Buffer.from('x'), bundle.sha256);
  const files = (n: number): (typeof bundle)[] =>
    Array.from({ length: n }, (_, i) => ({ ...bundle, path: `data/${i}.csv` }));
  await expect(
    client.submit({ sweepFile: SWEEP_FILE, bundle, files: files(4_000), again: false }),
  ).rejects.toMatchObject({ code: 'invalid' });
  await client.submit({ sweepFile: SWEEP_FILE, bundle, files: files(500), again: false });
  const agent = new ScriptedAgent(agentClient(coordinator));
  agent.beat({ slots: ['cpu0', 'cpu1'].map((name) => ({ name, kind: 'cpu', description: '' })) });
  const { assignments, files: lists } = await agent.desired();
  expect([assignments.length, lists.map((list) => list.files.length)]).toEqual([2, [500]]);
});
