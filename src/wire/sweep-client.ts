// The client that people's tools use: command line, dashboard, scripts.

import type { ClientWritableStream, ServiceError } from '@grpc/grpc-js';
import { credentials, status } from '@grpc/grpc-js';
import type { ErrorCode } from '../domain/errors.ts';
import { EspalierError } from '../domain/errors.ts';
import { toDeferred } from '../domain/deferred.ts';
import { CHANNEL_OPTIONS, protocolMetadata, withDeadline } from './channel.ts';
import { BlobServiceClient } from './generated/espalier/v1/blob.ts';
import type { PutBlobRequest, PutBlobResponse } from './generated/espalier/v1/blob.ts';
import type {
  SubmitRequest,
  SubmitResponse,
  WatchRequest,
  WatchResponse,
} from './generated/espalier/v1/sweep.ts';
import { SweepServiceClient } from './generated/espalier/v1/sweep.ts';

const CHUNK_BYTES = 64 * 1024;

/** A big submission creates a hundred thousand trials in one transaction. */
const SUBMIT_DEADLINE_MS = 60_000;

/** Answers a unary call. */
type Reply<R> = (error: ServiceError | null, response: R) => void;

/** Speaks with one coordinator at `host:port`. */
export class SweepClient {
  readonly #address: string;
  readonly #sweeps: SweepServiceClient;
  readonly #blobs: BlobServiceClient;

  constructor(address: string) {
    this.#address = address;
    this.#sweeps = new SweepServiceClient(address, credentials.createInsecure(), CHANNEL_OPTIONS);
    this.#blobs = new BlobServiceClient(address, credentials.createInsecure(), CHANNEL_OPTIONS);
  }

  /** Which of these blobs the coordinator lacks. */
  async findMissing(sha256: readonly string[]): Promise<readonly string[]> {
    const request = { sha256: [...sha256] };
    const response = await this.#unary<{ sha256: string[] }>((reply) =>
      this.#blobs.findMissing(request, protocolMetadata(), withDeadline(), reply),
    );
    return response.sha256;
  }

  /**
   * Uploads one blob, no faster than it is taken. However long that is: keepalive ends the call when the coordinator dies.
   * @throws what `data` throws, or EspalierError
   */
  async putBlob(data: AsyncIterable<Uint8Array> | Uint8Array, sha256: string): Promise<void> {
    const reply = toDeferred<PutBlobResponse>();
    const call = this.#blobs.putBlob(protocolMetadata(), {}, (error, response) =>
      error === null ? reply.resolve(response) : reply.reject(this.#toError(error)),
    );
    const over = new AbortController();
    const answered = reply.promise.then(
      () => over.abort(),
      () => over.abort(),
    );
    try {
      await writeAll(call, toParts(data, sha256), over.signal);
    } catch (error) {
      call.cancel();
      await answered;
      throw error;
    }
    await reply.promise;
  }

  /** Starts a sweep, or finds the same one. */
  submit(request: SubmitRequest): Promise<SubmitResponse> {
    return this.#unary((reply) =>
      this.#sweeps.submit(request, protocolMetadata(), withDeadline(SUBMIT_DEADLINE_MS), reply),
    );
  }

  /** Cancels a sweep, or one trial of it; the number of trials that this ended. */
  async cancel(sweepId: string, trialId = ''): Promise<number> {
    const request = { action: { $case: 'cancel' as const, cancel: { sweepId, trialId } } };
    const response = await this.#unary<{ trials: number }>((reply) =>
      this.#sweeps.control(request, protocolMetadata(), withDeadline(), reply),
    );
    return response.trials;
  }

  /**
   * The state of things until the iteration is left, which also ends a wait for the next message.
   * @throws EspalierError `unavailable` when the coordinator goes away
   */
  watch(request: WatchRequest): AsyncIterableIterator<WatchResponse, undefined> {
    const call = this.#sweeps.watch(request, protocolMetadata());
    const messages: AsyncIterator<WatchResponse, undefined> = call[Symbol.asyncIterator]();
    let isLeft = false;
    const iterator: AsyncIterableIterator<WatchResponse, undefined> = {
      next: () =>
        messages.next().catch((error: unknown) => {
          if (isLeft) return { done: true, value: undefined };
          throw this.#toError(error);
        }),
      return: () => {
        isLeft = true;
        // Cancelled inside a callback of another stream, Node 20 can loop for ever in its HTTP/2 layer.
        setImmediate(() => call.cancel());
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /** Hangs up. */
  close(): void {
    this.#sweeps.close();
    this.#blobs.close();
  }

  #unary<R>(call: (reply: Reply<R>) => void): Promise<R> {
    return new Promise((resolve, reject) => {
      call((error, response) => {
        if (error === null) resolve(response);
        else reject(this.#toError(error));
      });
    });
  }

  #toError(error: unknown): unknown {
    if (!(error instanceof Error && 'code' in error && 'details' in error)) return error;
    const code = Number(error.code);
    const words = WORDS[code]?.(this.#address) ?? String(error.details);
    return new EspalierError(CODES[code] ?? 'unavailable', words, { cause: error });
  }
}

/** RESOURCE_EXHAUSTED is what gRPC itself says of a message that is too large. Statuses that are not here: `unavailable`. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  [status.INVALID_ARGUMENT]: 'invalid',
  [status.NOT_FOUND]: 'not-found',
  [status.FAILED_PRECONDITION]: 'conflict',
  [status.RESOURCE_EXHAUSTED]: 'invalid',
};

type Words = (address: string) => string;

const saysAway: Words = (address) =>
  `no coordinator answers at ${address}: start one with "espalier coordinator", or name another with --coordinator`;

/** What to say instead of the words that came with a status. */
const WORDS: Readonly<Record<number, Words>> = {
  [status.UNAVAILABLE]: saysAway,
  [status.CANCELLED]: saysAway,
  [status.DEADLINE_EXCEEDED]: (address) =>
    `the coordinator at ${address} did not answer in time: it is busy, or cannot be reached; the command can be repeated`,
  [status.INTERNAL]: (address) => `the coordinator at ${address} met a bug: see its log`,
};

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
