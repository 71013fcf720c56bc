// Floods on a coordinator process: it keeps serving an honest client meanwhile, and its memory stays bounded.

import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { credentials } from '@grpc/grpc-js';
import { expect, test, vi } from 'vitest';
import { statePaths } from '../../src/storage/state-folder.ts';
import { protocolMetadata } from '../../src/wire/channel.ts';
import { PROTOCOL, PROTOCOL_KEY } from '../../src/wire/protocol.ts';
import { ReportRequest } from '../../src/wire/generated/espalier/v1/agent.ts';
import { WatchRequest } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { SweepClient } from '../../src/wire/sweep-client.ts';
import { submitSmall } from '../support/coordinator.ts';
import { Dice } from '../support/dice.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, until } from '../support/processes.ts';
import { randomBytes } from './bytes.ts';
import { METHODS, rawClient, same } from './raw-calls.ts';
import { SEED } from './seeds.ts';

vi.setConfig({ testTimeout: 120_000 });

const MIB = 1024 * 1024;
/** What a flood may cost at its worst, beside what the coordinator needs at rest. */
const MORE_MOST = 160 * MIB;

const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** A coordinator process; `during` is told what is flooded, and has an honest client ask all the while. */
async function startTarget() {
  const state = temporaryFolder();
  const limits = ['watchersMost=16', 'stallMs=2000', 'connectionsOfAddressMost=200'];
  const flags = limits.flatMap((limit) => ['--limit', limit]);
  const coordinator = espalier([
    'coordinator',
    '--listen',
    '127.0.0.1:0',
    '--state',
    state,
    ...flags,
  ]);
  const address = await until('an address', () => readAddress(statePaths(state).address));
  const pid = coordinator.child.pid ?? 0;
  const client = new SweepClient(address);
  await submitSmall(client);
  const flood = async (attack: () => Promise<unknown>): Promise<void> => {
    const before = readKib(pid, 'VmRSS');
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    const over = attack().then(() => true);
    // Each answer is one of the state as it is; whoever asks waits a little, and the flood does not.
    do expect(await client.pause('small')).toBeGreaterThanOrEqual(0);
    while (!(await Promise.race([over, pauseFor(50)])));
    const more = (readKib(pid, 'VmHWM') - before) * 1024;
    expect(more, `it took ${Math.round(more / MIB)} MiB more`).toBeLessThan(MORE_MOST);
  };
  const end = async (): Promise<void> => {
    client.close();
    coordinator.child.kill('SIGTERM');
    expect(await coordinator.ended).toBe(0);
    expect(coordinator.output()).not.toContain('bug:');
  };
  return { address, flood, end };
}

function pauseFor(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}

function readAddress(path: string): string | undefined {
  try {
    const found: { readonly address: string } = JSON.parse(readFileSync(path, 'utf8'));
    return found.address;
  } catch {
    return undefined;
  }
}

function readKib(pid: number, field: string): number {
  const found = new RegExp(String.raw`^${field}:\s*(\d+) kB`, 'm');
  return Number(found.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function pathOf(name: string): string {
  return METHODS.find(({ path }) => path.endsWith(`/${name}`))?.path ?? '';
}

/** Reports of almost a mebibyte each, of an attempt that is not. */
async function floodReports(address: string): Promise<void> {
  const client = rawClient(address, credentials.createInsecure());
  const log = { offsetBytes: 0, droppedBytes: 0, data: Buffer.alloc(MIB - 500) };
  const toMessage = (sequence: number): Buffer => {
    const item = { $case: 'log', log } as const;
    const report = { agentId: 'flood', sequence, stageId: 'small/1@0', attempt: 1, item };
    return Buffer.from(ReportRequest.encode(report).finish());
  };
  const streams = Array.from({ length: 8 }, async () => {
    const call = client.makeBidiStreamRequest(pathOf('Report'), same, same, protocolMetadata());
    call.on('error', () => undefined).resume();
    const ended = new Promise((resolve) => call.once('status', resolve));
    for (let n = 1; n <= 10; n += 1) await taken(call, toMessage(n));
    call.end();
    await ended;
  });
  await Promise.all(streams);
}

/** Watchers of which none reads, and many more than may be. */
async function floodWatchers(address: string): Promise<void> {
  const client = rawClient(address, credentials.createInsecure());
  const request = Buffer.from(
    WatchRequest.encode({ sweepId: '', trialId: '', history: true }).finish(),
  );
  const calls = Array.from({ length: 60 }, () => {
    const path = pathOf('Watch');
    const call = client.makeServerStreamRequest(path, same, same, request, protocolMetadata());
    call.on('error', () => undefined);
    return call;
  });
  const submitter = new SweepClient(address);
  for (let n = 0; n < 10; n += 1) await submitSmall(submitter, undefined, true);
  submitter.close();
  for (const call of calls) call.cancel();
}

/** Bytes that are no HTTP/2, or are until something breaks, over more connections than may be. */
async function floodSockets(address: string): Promise<void> {
  const dice = new Dice(SEED, 'sockets');
  const port = Number(address.split(':').at(-1));
  for (let round = 0; round < 3; round += 1) {
    const sockets = Array.from({ length: 300 }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      const start = dice.is(0.7) ? PREFACE : Buffer.alloc(0);
      socket.write(Buffer.concat([start, randomBytes(dice, 2_000)]));
      return socket;
    });
    await Promise.all(sockets.map(written));
    for (const socket of sockets) socket.destroy();
  }
}

/** Resolves when the last byte has left, or cannot any more. */
function written(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve()).end(() => resolve());
  });
}

/** Resolves when a chunk has left, or nothing can any more. */
function taken(stream: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) return resolve();
    stream
      .once('status', resolve)
      .once('close', resolve)
      .write(chunk, () => {
        stream.off('status', resolve).off('close', resolve);
        resolve();
      });
  });
}

type Frame = { readonly headers: Record<string, string>; readonly chunks: () => Generator<Buffer> };

/** A call that says it is gRPC, and the bytes that follow. */
async function callHttp2(address: string, { headers, chunks }: Frame): Promise<void> {
  const session = connectHttp2(`http://${address}`);
  session.on('error', () => undefined);
  const call = session.request({
    ':method': 'POST',
    ':path': pathOf('FindMissing'),
    'content-type': 'application/grpc',
    te: 'trailers',
    [PROTOCOL_KEY]: PROTOCOL,
    ...headers,
  });
  call.on('error', () => undefined).resume();
  for (const chunk of chunks()) {
    await taken(call, chunk);
  }
  call.end();
  if (!call.closed) await new Promise((resolve) => call.once('close', resolve));
  session.destroy();
}

/** A message that is said to have a hundred mebibytes, and has. */
const LONG: Frame = {
  headers: {},
  *chunks() {
    yield toPrefix(0, 100 * MIB);
    for (let n = 0; n < 100; n += 1) yield Buffer.alloc(MIB);
  },
};

/** A short message that would have 200 mebibytes if it were unpacked. */
const PACKED: Frame = {
  headers: { 'grpc-encoding': 'gzip' },
  *chunks() {
    const packed = gzipSync(Buffer.alloc(200 * MIB));
    yield Buffer.concat([toPrefix(1, packed.length), packed]);
  },
};

function toPrefix(compressed: number, length: number): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed, 0);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

test('floods of any kind leave a coordinator serving, in bounded memory, and able to end in order', async () => {
  const { address, flood, end } = await startTarget();
  await flood(() => floodReports(address));
  await flood(() => floodWatchers(address));
  await flood(() => callHttp2(address, LONG));
  await flood(() => callHttp2(address, PACKED));
  // Last, since what has broken the protocol and hung up is noticed when it answers no ping, and counts until then.
  await flood(() => floodSockets(address));
  await end();
});
