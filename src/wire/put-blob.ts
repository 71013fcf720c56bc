// Uploads one blob in chunks, no faster than it is taken.

import type { ClientWritableStream, ServiceError } from '@grpc/grpc-js';
import { toDeferred } from '../domain/deferred.ts';
import { protocolMetadata } from './channel.ts';
import type {
  BlobServiceClient,
  PutBlobRequest,
  PutBlobResponse,
} from './generated/espalier/v1/blob.ts';

const CHUNK_BYTES = 64 * 1024;

/**
 * Resolves when the blob is stored. However long that takes: keepalive ends the call when the coordinator dies.
 * @throws what `data` throws, or the error of the call
 */
export async function putBlob(
  blobs: BlobServiceClient,
  data: AsyncIterable<Uint8Array> | Uint8Array,
  sha256: string,
): Promise<void> {
  const reply = toDeferred<PutBlobResponse>();
  const call = blobs.putBlob(
    protocolMetadata(),
    {},
    (error: ServiceError | null, response: PutBlobResponse) =>
      error === null ? reply.resolve(response) : reply.reject(error),
  );
  const over = new AbortController();
  const answered = reply.promise.then(
    () => over.abort(),
    () => over.abort(),
  );
  try {
    await writeAll(call, toParts(data, sha256), over.signal);
  } catch (error) {
    // Cancelled inside a callback of another stream, Node 20 can loop for ever in its HTTP/2 layer.
    setImmediate(() => call.cancel());
    await answered;
    throw error;
  }
  await reply.promise;
}

async function* toParts(
  data: AsyncIterable<Uint8Array> | Uint8Array,
  sha256: string,
): AsyncGenerator<PutBlobRequest> {
  let sizeBytes = 0;
  for await (const piece of data instanceof Uint8Array ? [data] : data) {
    for (let at = 0; at < piece.byteLength; at += CHUNK_BYTES)
      yield { part: { $case: 'chunk', chunk: Buffer.from(piece.subarray(at, at + CHUNK_BYTES)) } };
    sizeBytes += piece.byteLength;
  }
  yield { part: { $case: 'commit', commit: { sha256, sizeBytes } } };
}

/** Writes until `signal` says that the call is over, also while it waits. */
async function writeAll(
  call: ClientWritableStream<PutBlobRequest>,
  parts: AsyncIterable<PutBlobRequest>,
  signal: AbortSignal,
): Promise<void> {
  for await (const part of parts) {
    if (signal.aborted) return;
    if (!call.write(part)) await drained(call, signal);
  }
  call.end();
}

function drained(call: ClientWritableStream<PutBlobRequest>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    signal.addEventListener('abort', done);
  });
}
