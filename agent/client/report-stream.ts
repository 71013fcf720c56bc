// The stream of reports: from the spool to the coordinator, acknowledgements back.
// Promise: only what is on disk is sent, in order, from the first unacknowledged; a slow coordinator fills the disk, never memory.

import type { ClientDuplexStream } from '@grpc/grpc-js';
import { protocolMetadata } from '../../src/wire/channel.ts';
import {
  type AgentServiceClient,
  AgentServiceService,
  type ReportResponse,
  type StaleAttempt,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import { toDeferred } from '../../src/domain/deferred.ts';
import type { AgentStore } from '../state/agent-store.ts';
import type { CallStatus } from './call-status.ts';
import { cancelSoon } from './cancel.ts';

const PAGE = 64;

/** Told what the coordinator says beside acknowledgements. */
export type ReportListener = {
  readonly onStale: (attempts: readonly StaleAttempt[]) => void;
  /** So many reports that were acknowledged are not on record with the coordinator. */
  readonly onForgotten: (reports: number) => void;
};

/** One run of the stream, until it ends. */
export class ReportStream {
  /** Fulfilled when the stream has ended. */
  readonly over: Promise<CallStatus>;
  readonly #store: AgentStore;
  readonly #call: ClientDuplexStream<Buffer, ReportResponse>;
  readonly #onStale: (attempts: readonly StaleAttempt[]) => void;
  readonly #onForgotten: (reports: number) => void;
  readonly #waiting = new Set<{ readonly sequence: number; readonly done: () => void }>();
  #sent: number;
  #isFull = false;
  #isOpen = true;

  /** Opens the stream and sends everything unacknowledged. */
  constructor(
    client: AgentServiceClient,
    store: AgentStore,
    { onStale, onForgotten }: ReportListener,
  ) {
    this.#store = store;
    this.#onStale = onStale;
    this.#onForgotten = onForgotten;
    this.#sent = store.acknowledged;
    const { path, responseDeserialize } = AgentServiceService.report;
    // Reports lie encoded on disk; decoding them to encode them again would be waste.
    this.#call = client.makeBidiStreamRequest(
      path,
      (report: Buffer) => report,
      responseDeserialize,
      protocolMetadata(),
    );
    const over = toDeferred<CallStatus>();
    this.over = over.promise;
    const forget = store.onChange(() => this.#pump());
    this.#call.on('data', (response: ReportResponse) => this.#take(response));
    this.#call.on('drain', () => this.#resume());
    this.#call.on('error', () => undefined);
    this.#call.on('status', (ended: CallStatus) => {
      forget();
      this.#isOpen = false;
      over.resolve(ended);
    });
    this.#pump();
  }

  /** Fulfilled once everything up to `sequence` is acknowledged, by this run of the stream or before. */
  async acknowledged(sequence: number): Promise<void> {
    if (this.#store.acknowledged >= sequence) return;
    const acknowledged = toDeferred<void>();
    this.#waiting.add({ sequence, done: acknowledged.resolve });
    await acknowledged.promise;
  }

  /** Ends the stream. */
  close(): void {
    cancelSoon(this.#call);
  }

  #pump(): void {
    while (this.#isOpen && !this.#isFull) {
      const page = this.#store.readAfter(this.#sent, PAGE);
      if (page.length === 0) return;
      this.#send(page);
    }
  }

  #send(page: readonly { readonly sequence: number; readonly report: Buffer }[]): void {
    for (const { sequence, report } of page) {
      if (this.#isFull) return;
      this.#isFull = !this.#call.write(report);
      this.#sent = sequence;
    }
  }

  #resume(): void {
    this.#isFull = false;
    this.#pump();
  }

  #take({ acknowledgedSequence, stale, forgottenReports }: ReportResponse): void {
    if (forgottenReports > 0) this.#onForgotten(forgottenReports);
    this.#store.acknowledge(acknowledgedSequence);
    for (const waiter of this.#waiting) {
      if (waiter.sequence > acknowledgedSequence) continue;
      this.#waiting.delete(waiter);
      waiter.done();
    }
    if (stale.length > 0) this.#onStale(stale);
  }
}
