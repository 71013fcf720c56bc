// Checkpoints that agents upload, over real gRPC: what is committed, what is refused, and which files stay.

import { createHash } from 'node:crypto';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, status } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import { openResults } from '../../src/results/open-results.ts';
import { toManifestId } from '../../src/storage/manifest.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { CHANNEL_OPTIONS, protocolMetadata } from '../../src/wire/channel.ts';
import type {
  AgentServiceClient,
  Checkpoint,
  CommitManifestResponse,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import { BlobServiceClient } from '../../src/wire/generated/espalier/v1/blob.ts';
import {
  agentClient,
  ended,
  epochReport,
  ScriptedAgent,
  submitSmall,
  testClient,
  testCoordinator,
} from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/processes.ts';

const SWEEP = [
  'name: small',
  'trial: ./trial.ts',
  'objective: { metric: val_loss, mode: min }',
  'epochs: 9',
  'keep: none',
  'learning_rate: [{ strategy: fixed, lr: 0.1 }]',
].join('\n');
const STAGE = 'small/1@0';
/** What `submitSmall` uploads as the module. */
const BUNDLE = 'export default 1';
const TWO_DAYS_MS = 2 * 24 * 60 * 60 * 1000;

type Texts = Readonly<Record<string, string>>;

function toHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function toCheckpoint(epoch: number, texts: Texts): Checkpoint {
  const files = Object.entries(texts).map(([path, text]) => {
    return { path, sha256: toHash(text), sizeBytes: text.length };
  });
  return { checkpointId: toManifestId(files), epoch, files };
}

/** A coordinator with a sweep, whose one trial trains on a scripted agent and stands after its first epoch. */
async function setUp() {
  const state = temporaryFolder();
  const coordinator = await testCoordinator(state);
  const client = testClient(coordinator);
  await submitSmall(client, SWEEP);
  const service = agentClient(coordinator);
  const agent = new ScriptedAgent(service);
  agent.beat();
  await agent.desired();
  await agent.report(STAGE, 1, epochReport(0, 0.5));
  return { state, coordinator, client, agent, service };
}

type Bench = Awaited<ReturnType<typeof setUp>>;

function commit(
  service: AgentServiceClient,
  checkpoint: Checkpoint | undefined,
  stageId = STAGE,
): Promise<CommitManifestResponse> {
  return new Promise((resolve, reject) => {
    service.commitManifest({ stageId, checkpoint }, protocolMetadata(), (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });
}

/** The agent reports a checkpoint, uploads its files and commits it. */
async function store({ agent, client, service }: Bench, epoch: number, texts: Texts) {
  const checkpoint = toCheckpoint(epoch, texts);
  await agent.report(STAGE, 1, { $case: 'checkpoint', checkpoint });
  for (const text of Object.values(texts)) await client.putBlob(Buffer.from(text), toHash(text));
  return commit(service, checkpoint);
}

function blobsIn(state: string): ReadonlySet<string> {
  return new Set(readdirSync(join(state, 'blobs')));
}

function hashes(...texts: readonly string[]): ReadonlySet<string> {
  return new Set([BUNDLE, ...texts].map(toHash));
}

/** The checkpoints on record: epoch, and whether the coordinator has them. */
function recorded(state: string): readonly (readonly unknown[])[] {
  const results = openResults(statePaths(state).database);
  try {
    return results.query('SELECT epoch, stored FROM checkpoints ORDER BY epoch').rows;
  } finally {
    results.close();
  }
}

test('a checkpoint is stored once all its files are there, and its agent is told so', async () => {
  const bench = await setUp();
  expect(await store(bench, 1, { 'model.json': '{}', 'a/b.bin': 'bytes' })).toEqual({
    needed: true,
  });
  expect(recorded(bench.state)).toEqual([[1, 1]]);
  expect(blobsIn(bench.state)).toEqual(hashes('{}', 'bytes'));
  const { checkpointId } = toCheckpoint(1, { 'model.json': '{}', 'a/b.bin': 'bytes' });
  // It was told first that it is not stored yet.
  const held = { stageId: STAGE, epoch: 1, checkpointId };
  expect((await bench.agent.desired()).checkpoints).toEqual([{ ...held, stored: false }]);
  bench.agent.beat();
  expect((await bench.agent.desired()).checkpoints).toEqual([{ ...held, stored: true }]);
});

test('the same commit twice is one checkpoint', async () => {
  const bench = await setUp();
  const texts = { 'model.json': '{}' };
  await store(bench, 1, texts);
  expect(await commit(bench.service, toCheckpoint(1, texts))).toEqual({ needed: true });
  expect(recorded(bench.state)).toEqual([[1, 1]]);
  expect(blobsIn(bench.state)).toEqual(hashes('{}'));
});

test('a checkpoint with a missing file is refused; what has come stays for the rest, until nobody wants it', async () => {
  const bench = await setUp();
  const { agent, client, service, state } = bench;
  const checkpoint = toCheckpoint(1, { 'model.json': '{}', 'a/b.bin': 'bytes' });
  await agent.report(STAGE, 1, { $case: 'checkpoint', checkpoint });
  await client.putBlob(Buffer.from('{}'), toHash('{}'));
  await expect(commit(service, checkpoint)).rejects.toMatchObject({
    code: status.NOT_FOUND,
    details: 'a/b.bin of the checkpoint has not been uploaded',
  });
  expect(recorded(state)).toEqual([[1, 0]]);
  expect(blobsIn(state)).toEqual(hashes('{}'));
  await agent.report(STAGE, 1, epochReport(1, 0.4));
  await store(bench, 2, { 'model.json': 'other' });
  expect(recorded(state)).toEqual([[2, 1]]);
  expect(blobsIn(state)).toEqual(hashes('other'));
});

test('a checkpoint whose file has another size than it says is refused', async () => {
  const { agent, client, service, state } = await setUp();
  const files = [{ path: 'model.json', sha256: toHash('{}'), sizeBytes: 3 }];
  const checkpoint = { checkpointId: toManifestId(files), epoch: 1, files };
  await agent.report(STAGE, 1, { $case: 'checkpoint', checkpoint });
  await client.putBlob(Buffer.from('{}'), toHash('{}'));
  await expect(commit(service, checkpoint)).rejects.toMatchObject({
    code: status.NOT_FOUND,
    details: 'model.json of the checkpoint has 2 bytes, not 3',
  });
  expect(recorded(state)).toEqual([[1, 0]]);
});

const GOOD = toCheckpoint(1, { 'model.json': '{}' });
const [FILE = { path: '', sha256: '', sizeBytes: 0 }] = GOOD.files;

test.each<[string, Checkpoint | undefined]>([
  ['an id that is not that of its files', { ...GOOD, checkpointId: toHash('another') }],
  ['a size that its id knows nothing of', { ...GOOD, files: [{ ...FILE, sizeBytes: 3 }] }],
  ['a path out of its folder', { ...GOOD, files: [{ ...FILE, path: '../model.json' }] }],
  ['no files', { ...GOOD, files: [] }],
  ['nothing at all', undefined],
])(
  'a manifest with %s is refused, and nothing that was uploaded for it stays',
  async (_, wrong) => {
    const { client, service, state } = await setUp();
    await client.putBlob(Buffer.from('{}'), toHash('{}'));
    await expect(commit(service, wrong)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(recorded(state)).toEqual([]);
    if ((wrong?.files.length ?? 0) > 0) expect(blobsIn(state)).toEqual(hashes());
  },
);

test.each([
  ['of an unknown stage', 'small/7@3', GOOD],
  ['that was never reported', STAGE, GOOD],
  ['of another epoch than was reported', STAGE, { ...GOOD, epoch: 7 }],
])('a checkpoint %s is not needed, and its files go', async (what, stageId, checkpoint) => {
  const { agent, client, service, state } = await setUp();
  if (what.includes('another epoch')) {
    const reported = toCheckpoint(1, { 'model.json': 'other' });
    await agent.report(STAGE, 1, { $case: 'checkpoint', checkpoint: reported });
  }
  const before = recorded(state);
  await client.putBlob(Buffer.from('{}'), toHash('{}'));
  expect(await commit(service, checkpoint, stageId)).toEqual({ needed: false });
  expect(recorded(state)).toEqual(before);
  expect(blobsIn(state)).toEqual(hashes());
});

test('a checkpoint that was superseded before its files came is not needed', async () => {
  const bench = await setUp();
  const { agent, client, service, state } = bench;
  await agent.report(STAGE, 1, { $case: 'checkpoint', checkpoint: GOOD });
  await agent.report(STAGE, 1, epochReport(1, 0.4));
  await store(bench, 2, { 'model.json': 'other' });
  await client.putBlob(Buffer.from('{}'), toHash('{}'));
  expect(await commit(service, GOOD)).toEqual({ needed: false });
  expect(blobsIn(state)).toEqual(hashes('other'));
});

test('an upload that breaks off in the middle leaves nothing', async () => {
  const { coordinator, client, state } = await setUp();
  const blobs = new BlobServiceClient(
    coordinator.address,
    credentials.createInsecure(),
    CHANNEL_OPTIONS,
  );
  onTestFinished(() => blobs.close());
  const call = blobs.putBlob(protocolMetadata(), {}, () => undefined);
  call.write({ part: { $case: 'chunk', chunk: Buffer.alloc(1_000) } });
  await until('the first bytes', () =>
    [...blobsIn(state)].some((name) => name.startsWith('partial')),
  );
  call.cancel();
  await until('the end of them', () => blobsIn(state).size === 1);
  expect(await client.findMissing([toHash(BUNDLE)])).toEqual([]);
});

test('files of a released checkpoint go, but for those that another one or the sweep itself has', async () => {
  const bench = await setUp();
  const { agent, state } = bench;
  await store(bench, 1, { 'model.json': '{}', 'trial.mjs': BUNDLE, 'a.bin': 'first' });
  await agent.report(STAGE, 1, epochReport(1, 0.4));
  await store(bench, 2, { 'model.json': '{}', 'a.bin': 'second' });
  expect(recorded(state)).toEqual([[2, 1]]);
  expect(blobsIn(state)).toEqual(hashes('{}', 'second'));
});

test('a checkpoint is kept until a later one is stored, not merely reported', async () => {
  const bench = await setUp();
  const { agent, state } = bench;
  await store(bench, 1, { 'a.bin': 'first' });
  await agent.report(STAGE, 1, epochReport(1, 0.4));
  const checkpoint = toCheckpoint(2, { 'a.bin': 'second' });
  await agent.report(STAGE, 1, { $case: 'checkpoint', checkpoint });
  expect(recorded(state)).toEqual([
    [1, 1],
    [2, 0],
  ]);
  expect(blobsIn(state)).toEqual(hashes('first'));
});

test.each(['failed', 'cancelled'])(
  'when a sweep is over that was %s only its module stays',
  async (how) => {
    const bench = await setUp();
    await store(bench, 1, { 'a.bin': 'first' });
    if (how === 'cancelled') await bench.client.cancel('small');
    else {
      const isOver = (): boolean => recorded(bench.state).length === 0;
      for (let attempt = 1; attempt <= 2 && !isOver(); attempt += 1)
        await bench.agent.report(STAGE, attempt, ended('diverged', 'it was hopeless'));
    }
    expect(recorded(bench.state)).toEqual([]);
    expect(blobsIn(bench.state)).toEqual(hashes());
  },
);

test('what was uploaded and never committed goes at a start a day later; what is needed stays, however old', async () => {
  const bench = await setUp();
  const { state, coordinator } = bench;
  await store(bench, 1, { 'a.bin': 'stored' });
  await bench.agent.report(STAGE, 1, epochReport(1, 0.4));
  const checkpoint = toCheckpoint(2, { 'a.bin': 'on its way' });
  await bench.agent.report(STAGE, 1, { $case: 'checkpoint', checkpoint });
  await coordinator.close();
  const texts = ['on its way', 'abandoned', 'just come'];
  for (const text of texts) writeFileSync(join(state, 'blobs', toHash(text)), text);
  writeFileSync(join(state, 'blobs', 'partial-x'), 'half');
  const then = new Date(Date.now() - TWO_DAYS_MS);
  for (const name of blobsIn(state))
    if (name !== toHash('just come')) utimesSync(join(state, 'blobs', name), then, then);
  await testCoordinator(state);
  expect(blobsIn(state)).toEqual(hashes('stored', 'on its way', 'just come'));
});
