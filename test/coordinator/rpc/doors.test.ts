// What a coordinator refuses at the door: connections, headers, messages, calls, and peers that stand still.

import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Metadata } from '@grpc/grpc-js';
import { credentials, status } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import type { RunningCoordinator } from '../../../coordinator/main.ts';
import { BOUNDS } from '../../../src/domain/bounds.ts';
import { protocolMetadata } from '../../../src/wire/channel.ts';
import type { Method, Outcome } from '../../fuzz/raw-calls.ts';
import { callRaw, METHODS, rawClient } from '../../fuzz/raw-calls.ts';
import {
  agentClient,
  ScriptedAgent,
  submitSmall,
  SWEEP_FILE,
  testClient,
  testCoordinator,
} from '../../support/coordinator.ts';

function method(name: string): Method {
  const found = METHODS.find(({ path }) => path.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`there is no method ${name}`);
  return found;
}

type Ask = (metadata: Metadata, bytes?: number) => Promise<Outcome>;

/** Calls over one connection. */
function asking(coordinator: RunningCoordinator): Ask {
  const client = rawClient(coordinator.address, credentials.createInsecure());
  return (metadata, bytes = 0) =>
    callRaw(client, method('FindMissing'), [Buffer.alloc(bytes)], metadata);
}

function withHeaders(count: number, bytes: number): Metadata {
  const metadata = protocolMetadata();
  for (let n = 0; n < count; n += 1) metadata.set(`x-${n}`, 'y'.repeat(bytes));
  return metadata;
}

test.each([
  ['of more bytes than may be', withHeaders(1, BOUNDS.headerBytes)],
  ['that are more than may be', withHeaders(BOUNDS.headers, 1)],
])('headers %s end their call, and the next one is served', async (_, metadata) => {
  const ask = asking(await testCoordinator());
  expect((await ask(metadata)).code).toBe(status.RESOURCE_EXHAUSTED);
  expect((await ask(withHeaders(4, 1_000))).code).toBe(status.OK);
});

test('a message above the limit ends its call in words, and the next one is served', async () => {
  const ask = asking(await testCoordinator());
  expect(await ask(protocolMetadata(), BOUNDS.messageBytes + 1)).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    details: expect.stringContaining(String(BOUNDS.messageBytes)) as string,
  });
  expect((await ask(protocolMetadata())).code).toBe(status.OK);
});

/** A connection that says nothing. */
function knock({ address }: RunningCoordinator): Socket {
  const socket = connect(Number(address.split(':').at(-1)), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Resolves once a connection is no more, however it came to that. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Resolves once a connection has been let in: the HTTP/2 layer says something first. */
async function greeted(socket: Socket): Promise<void> {
  const isClosed = closed(socket).then(() => true);
  const isGreeted = new Promise((resolve) => socket.once('data', () => resolve(false)));
  if (await Promise.race([isClosed, isGreeted])) throw new Error('the connection was closed');
}

test('a connection too many is closed, and there is room again when another has gone', async () => {
  const coordinator = await testCoordinator(undefined, { connectionsMost: 2 });
  const [one, two] = [knock(coordinator), knock(coordinator)];
  await Promise.all([greeted(one), greeted(two)]);
  await closed(knock(coordinator));
  one.destroy();
  const ask = asking(coordinator);
  await expect.poll(() => ask(protocolMetadata())).toMatchObject({ code: status.OK });
});

test('one address has fewer connections than all together', async () => {
  const coordinator = await testCoordinator(undefined, { connectionsOfAddressMost: 1 });
  await greeted(knock(coordinator));
  await closed(knock(coordinator));
});

test('a watcher too many is refused in words, and there is room again when another has gone', async () => {
  const coordinator = await testCoordinator(undefined, { watchersMost: 1 });
  const all = { sweepId: '', trialId: '' };
  const first = testClient(coordinator).watch(all);
  await first.next();
  const next = async (): Promise<unknown> => {
    const watch = testClient(coordinator).watch(all);
    const { value } = await watch.next();
    await watch.return?.();
    return value;
  };
  await expect(next()).rejects.toMatchObject({
    message: 'there are 1 watchers (watchersMost) already, the most that may be: try again later',
  });
  await first.return?.();
  await expect.poll(async () => next().catch(() => undefined)).toMatchObject({ complete: true });
});

test('an upload too many is refused in words, and one of which nothing comes is given up', async () => {
  const coordinator = await testCoordinator(undefined, { uploadsMost: 1, stallMs: 300 });
  const client = rawClient(coordinator.address, credentials.createInsecure());
  const silent = client.makeClientStreamRequest(
    method('PutBlob').path,
    (bytes: Buffer) => bytes,
    (bytes: Buffer) => bytes,
    protocolMetadata(),
    {},
    () => undefined,
  );
  const ended = once(silent, 'status');
  silent.on('error', () => undefined);
  await expect
    .poll(() => callRaw(client, method('PutBlob'), []))
    .toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: /1 uploads \(uploadsMost\)/ });
  expect(await ended).toMatchObject([
    { code: status.UNAVAILABLE, details: 'nothing came for 0.3 s: try again' },
  ]);
  await submitSmall(testClient(coordinator));
});

test('an agent too many is refused in words', async () => {
  const coordinator = await testCoordinator(undefined, { agentsMost: 1 });
  const [known, unknown] = ['ann', 'bob'].map(
    (id) => new ScriptedAgent(agentClient(coordinator), id),
  );
  known?.beat();
  await known?.desired();
  unknown?.beat();
  await expect(unknown?.desired()).rejects.toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    details: expect.stringContaining('1 agents are known, and agentsMost is 1') as string,
  });
  known?.beat();
  expect(await known?.desired()).toMatchObject({ drain: false });
});

test('a sweep too many is refused in words, and the same once more is found', async () => {
  const coordinator = await testCoordinator(undefined, { sweepsMost: 1 });
  const client = testClient(coordinator);
  await submitSmall(client);
  await expect(submitSmall(client, SWEEP_FILE, true)).rejects.toThrow(/sweepsMost is 1/);
  expect(await submitSmall(client)).toMatchObject({ existing: true });
});

test('a sweep whose trials would be too many is refused in words', async () => {
  const client = testClient(await testCoordinator(undefined, { trialsMost: 1 }));
  await expect(submitSmall(client)).rejects.toThrow(/2 trials would be kept, and trialsMost is 1/);
});

test('a clone too many is refused in words', async () => {
  const client = testClient(await testCoordinator(undefined, { trialsMost: 2 }));
  await submitSmall(client);
  await expect(client.clone('small/1', [{ name: 'seed', value: '7' }])).rejects.toThrow(
    /3 trials would be kept, and trialsMost is 2/,
  );
});

test('of clones that are asked for at once those that are too many are refused in words', async () => {
  const client = testClient(await testCoordinator(undefined, { trialsMost: 4 }));
  await submitSmall(client);
  const asked = [7, 8, 9, 10, 11].map((seed) =>
    client.clone('small/1', [{ name: 'seed', value: String(seed) }]),
  );
  const answers = await Promise.allSettled(asked);
  const refused = answers.filter((answer) => answer.status === 'rejected');
  expect(refused).toHaveLength(3);
  for (const { reason } of refused)
    expect(reason).toMatchObject({ message: expect.stringContaining('trialsMost is 4') as string });
});
