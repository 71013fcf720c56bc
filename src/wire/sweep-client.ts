// The client that people's tools use: command line, dashboard, scripts.

import type { ClientWritableStream, ServiceError } from '@grpc/grpc-js';
import { credentials, status } from '@grpc/grpc-js';
import type { ErrorCode } from '../domain/errors.ts';
import { EspalierError } from '../domain/errors.ts';
import { CHANNEL_OPTIONS, protocolMetadata, withDeadline } from './channel.ts';
import { BlobServiceClient } from './generated/espalier/v1/blob.ts';
import type { PutBlobRequest } from './generated/espalier/v1/blob.ts';
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

  /** Uploads one blob. */
  async putBlob(data: Uint8Array, sha256: string): Promise<void> {
    await this.#unary((reply) => {
      const call = this.#blobs.putBlob(protocolMetadata(), {}, reply);
      void writeAll(call, toParts(data, sha256));
    });
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
    const code = CODES[Number(error.code)] ?? 'unavailable';
    const isAway = AWAY.includes(Number(error.code));
    const message = isAway
      ? `no coordinator answers at ${this.#address}: start one with "espalier coordinator", or name another with --coordinator`
      : String(error.details);
    return new EspalierError(code, message, { cause: error });
  }
}

/** Statuses of a coordinator that is not there, or no longer. */
const AWAY: readonly number[] = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED];

const CODES: Readonly<Record<number, ErrorCode>> = {
  [status.INVALID_ARGUMENT]: 'invalid',
  [status.NOT_FOUND]: 'not-found',
  [status.FAILED_PRECONDITION]: 'conflict',
  [status.RESOURCE_EXHAUSTED]: 'busy',
  [status.INTERNAL]: 'storage',
};

function* toParts(data: Uint8Array, sha256: string): Generator<PutBlobRequest> {
  for (let at = 0; at < data.byteLength; at += CHUNK_BYTES) {
    yield { part: { $case: 'chunk', chunk: Buffer.from(data.subarray(at, at + CHUNK_BYTES)) } };
  }
  yield { part: { $case: 'commit', commit: { sha256, sizeBytes: data.byteLength } } };
}

async function writeAll(
  call: ClientWritableStream<PutBlobRequest>,
  parts: Iterable<PutBlobRequest>,
): Promise<void> {
  for (const part of parts) {
    if (!call.write(part)) await new Promise((resolve) => call.once('drain', resolve));
  }
  call.end();
}
