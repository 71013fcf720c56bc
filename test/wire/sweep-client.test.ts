// The client against servers that answer well, badly, late and not at all.

import { createHash } from 'node:crypto';
import type { ServerReadableStream, sendUnaryData } from '@grpc/grpc-js';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import { EspalierError } from '../../src/domain/errors.ts';
import type { PutBlobRequest, PutBlobResponse } from '../../src/wire/generated/espalier/v1/blob.ts';
import { BlobServiceService } from '../../src/wire/generated/espalier/v1/blob.ts';
import { SweepClient } from '../../src/wire/sweep-client.ts';
import { testClient, testCoordinator } from '../support/coordinator.ts';

type Put = (
  call: ServerReadableStream<PutBlobRequest, PutBlobResponse>,
  reply: sendUnaryData<PutBlobResponse>,
) => void;

/** A client of a server that takes uploads with `putBlob`, and answers every other call with `code`. */
async function clientOf(putBlob: Put, code = status.UNIMPLEMENTED): Promise<SweepClient> {
  const server = new Server();
  server.addService(BlobServiceService, {
    findMissing: (_: unknown, reply: sendUnaryData<never>) => reply({ code, details: 'words' }),
    putBlob,
    getBlob: () => undefined,
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const client = new SweepClient(`127.0.0.1:${port}`);
  onTestFinished(() => {
    client.close();
    server.forceShutdown();
  });
  return client;
}

const PIECES = 64;
const PIECE = new Uint8Array(1024 * 1024);

async function* pieces(onPiece: (count: number) => void = () => undefined) {
  for (let i = 0; i < PIECES; i += 1) {
    onPiece(i + 1);
    yield PIECE;
  }
}

test('a blob is uploaded in pieces, and found again', async () => {
  const client = testClient(await testCoordinator());
  const hash = createHash('sha256');
  for (let i = 0; i < PIECES; i += 1) hash.update(PIECE);
  const sha256 = hash.digest('hex');
  await client.putBlob(pieces(), sha256);
  expect(await client.findMissing([sha256, 'f'.repeat(64)])).toEqual(['f'.repeat(64)]);
});

test('an upload is no faster than it is taken, and ends when the call fails while it waits', async () => {
  let sent = 0;
  const client = await clientOf((call, reply) => {
    call.once('readable', () => setImmediate(() => reply({ code: status.INTERNAL, details: '' })));
  });
  const upload = client.putBlob(
    pieces((count) => (sent = count)),
    'a'.repeat(64),
  );
  await expect(upload).rejects.toMatchObject({ message: expect.stringContaining('met a bug') });
  expect(sent).toBeLessThan(PIECES);
});

async function* broken(): AsyncGenerator<Uint8Array> {
  yield PIECE;
  throw new EspalierError('not-found', 'cannot read the data file');
}

test('data that cannot be read ends the upload with its own words', async () => {
  const client = await clientOf((call) => void call.resume());
  await expect(client.putBlob(broken(), 'a'.repeat(64))).rejects.toThrow(
    'cannot read the data file',
  );
});

test.each([
  ['INVALID_ARGUMENT', 'invalid', 'words'],
  ['NOT_FOUND', 'not-found', 'words'],
  ['FAILED_PRECONDITION', 'conflict', 'words'],
  ['RESOURCE_EXHAUSTED', 'invalid', 'words'],
  ['INTERNAL', 'unavailable', 'met a bug: see its log'],
  ['DEADLINE_EXCEEDED', 'unavailable', 'did not answer in time'],
  ['UNAVAILABLE', 'unavailable', 'no coordinator answers at 127.0.0.1:'],
  ['UNIMPLEMENTED', 'unavailable', 'words'],
] as const)('%s is "%s", in words', async (name, code, words) => {
  const client = await clientOf(() => undefined, status[name]);
  await expect(client.findMissing([])).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words),
  });
});
