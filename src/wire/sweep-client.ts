// The client that people's tools use: command line, dashboard, scripts.

import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { ErrorCode } from '../domain/errors.ts';
import { EspalierError } from '../domain/errors.ts';
import { CHANNEL_OPTIONS, protocolMetadata, withDeadline } from './channel.ts';
import type { Trust } from './credentials.ts';
import { TLS_OPTIONS, toChannelCredentials } from './credentials.ts';
import { BlobServiceClient } from './generated/espalier/v1/blob.ts';
import type {
  ControlRequest,
  ControlResponse,
  ExplainResponse,
  SubmitRequest,
  SubmitResponse,
  WatchRequest,
  WatchResponse,
  WatchTrialRequest,
  WatchTrialResponse,
} from './generated/espalier/v1/sweep.ts';
import { SweepServiceClient } from './generated/espalier/v1/sweep.ts';
import { findHindrance } from './probe.ts';
import { putBlob } from './put-blob.ts';

/** A big submission creates a hundred thousand trials in one transaction. */
const SUBMIT_DEADLINE_MS = 60_000;

/** Answers a unary call. */
type Reply<R> = (error: ServiceError | null, response: R) => void;

/** Speaks with one coordinator at `host:port`: over TLS, as somebody, or without protection. */
export class SweepClient {
  readonly #address: string;
  readonly #trust: Trust | undefined;
  readonly #sweeps: SweepServiceClient;
  readonly #blobs: BlobServiceClient;

  constructor(address: string, trust?: Trust) {
    this.#address = address;
    this.#trust = trust;
    const channel = toChannelCredentials(trust);
    const options = trust === undefined ? CHANNEL_OPTIONS : { ...CHANNEL_OPTIONS, ...TLS_OPTIONS };
    this.#sweeps = new SweepServiceClient(address, channel, options);
    this.#blobs = new BlobServiceClient(address, channel, options);
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
   * Uploads one blob.
   * @throws what `data` throws, or EspalierError
   */
  async putBlob(data: AsyncIterable<Uint8Array> | Uint8Array, sha256: string): Promise<void> {
    try {
      await putBlob(this.#blobs, data, sha256);
    } catch (error) {
      throw await this.#toError(error);
    }
  }

  /** Starts a sweep, or finds the same one. */
  submit(request: SubmitRequest): Promise<SubmitResponse> {
    return this.#unary((reply) =>
      this.#sweeps.submit(request, protocolMetadata(), withDeadline(SUBMIT_DEADLINE_MS), reply),
    );
  }

  /** Ends a sweep for good, or one trial of it; the number of trials that this ended. */
  async cancel(sweepId: string, trialId = ''): Promise<number> {
    return (await this.#control({ $case: 'cancel', cancel: { sweepId, trialId } })).trials;
  }

  /** Stops a sweep, or one trial of it, at the end of the epoch; the number of trials that this paused. */
  async pause(sweepId: string, trialId = ''): Promise<number> {
    return (await this.#control({ $case: 'pause', pause: { sweepId, trialId } })).trials;
  }

  /** Lets what is paused go on; the number of trials that do. */
  async resume(sweepId: string, trialId = ''): Promise<number> {
    return (await this.#control({ $case: 'resume', resume: { sweepId, trialId } })).trials;
  }

  /** Tries failed trials again; their number. */
  async retry(sweepId: string, trialId = ''): Promise<number> {
    return (await this.#control({ $case: 'retry', retry: { sweepId, trialId } })).trials;
  }

  /**
   * Changes which sweep gets free slots first, or which trial of it: the one with the higher number, from -1000 to 1000. How many trials
   * it concerns that have not ended; 0 if nothing changed.
   */
  async prioritise(sweepId: string, priority: number, trialId = ''): Promise<number> {
    const prioritise = { sweepId, priority, trialId };
    return (await this.#control({ $case: 'prioritise', prioritise })).trials;
  }

  /**
   * Adds a trial to a sweep that is another one with some values changed: `seed`, `epochs`, `learning_rate.FIELD`, a name of the config;
   * each as it would stand in a sweep file. The id of the new trial.
   * @throws EspalierError `invalid` with every problem, `conflict` with the trial that has these values
   */
  async clone(
    trialId: string,
    changes: readonly { readonly name: string; readonly value: string }[],
  ): Promise<string> {
    const clone = { trialId, changes: [...changes] };
    return (await this.#control({ $case: 'clone', clone })).trialId;
  }

  /** Why a trial, or with an empty `trialId` the sweep as a whole, is as it is. The words are not made safe for a terminal. */
  explain(sweepId: string, trialId = ''): Promise<ExplainResponse> {
    const request = { sweepId, trialId };
    return this.#unary((reply) =>
      this.#sweeps.explain(request, protocolMetadata(), withDeadline(), reply),
    );
  }

  /** Has an agent, named by its id or its name, hand over what it runs and leave; its id, and the number of trials it ran. */
  drain(agent: string): Promise<ControlResponse> {
    return this.#control({ $case: 'drain', drain: { agent } });
  }

  /** Gives work again to slots of an agent that were set aside; its id, and their number in the place of trials. */
  trust(agent: string): Promise<ControlResponse> {
    return this.#control({ $case: 'trust', trust: { agent } });
  }

  /** Counts agents as lost that vanished at once and are held; the number of trials that they ran. */
  async giveUp(): Promise<number> {
    return (await this.#control({ $case: 'giveUp', giveUp: {} })).trials;
  }

  /**
   * The state of things until the iteration is left, which also ends a wait for the next message.
   * @throws EspalierError `unavailable` when the coordinator goes away
   */
  watch(
    request: Pick<WatchRequest, 'sweepId' | 'trialId'> & Partial<WatchRequest>,
  ): AsyncIterableIterator<WatchResponse, undefined> {
    return this.#iterate(this.#sweeps.watch({ history: false, ...request }, protocolMetadata()));
  }

  /** One trial from near, as {@link watch}. */
  watchTrial(request: WatchTrialRequest): AsyncIterableIterator<WatchTrialResponse, undefined> {
    return this.#iterate(this.#sweeps.watchTrial(request, protocolMetadata()));
  }

  /** Hangs up. */
  close(): void {
    this.#sweeps.close();
    this.#blobs.close();
  }

  #control(action: NonNullable<ControlRequest['action']>): Promise<ControlResponse> {
    return this.#unary((reply) =>
      this.#sweeps.control({ action }, protocolMetadata(), withDeadline(), reply),
    );
  }

  #iterate<R>(call: ClientReadableStream<R>): AsyncIterableIterator<R, undefined> {
    const messages: AsyncIterator<R, undefined> = call[Symbol.asyncIterator]();
    let isLeft = false;
    const iterator: AsyncIterableIterator<R, undefined> = {
      next: () =>
        messages.next().catch(async (error: unknown) => {
          if (isLeft) return { done: true, value: undefined };
          throw await this.#toError(error);
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

  async #unary<R>(call: (reply: Reply<R>) => void): Promise<R> {
    try {
      return await new Promise<R>((resolve, reject) => {
        call((error, response) => (error === null ? resolve(response) : reject(error)));
      });
    } catch (error) {
      throw await this.#toError(error);
    }
  }

  async #toError(error: unknown): Promise<unknown> {
    if (!(error instanceof Error && 'code' in error && 'details' in error)) return error;
    const code = Number(error.code);
    const hindrance = AWAY.has(code)
      ? await findHindrance(this.#address, this.#trust, 'person')
      : undefined;
    if (hindrance !== undefined)
      return new EspalierError('unauthenticated', hindrance, { cause: error });
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
  [status.UNAUTHENTICATED]: 'unauthenticated',
  [status.PERMISSION_DENIED]: 'forbidden',
};

/** What a call ends with where no connection comes to be. */
const AWAY: ReadonlySet<number> = new Set([status.UNAVAILABLE, status.CANCELLED]);

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
