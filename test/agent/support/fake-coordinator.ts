// A coordinator in the test's own process: remembers what agents say, and says what the test tells it to.

import { createHash } from 'node:crypto';
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status,
} from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import type { SourcedAssignment } from '../../../agent/core/assignment.ts';
import {
  AgentServiceService,
  type GetHistoryRequest,
  type GetHistoryResponse,
  type Metric,
  type ReportRequest,
  type ReportResponse,
  type SessionRequest,
  type SessionResponse,
} from '../../../src/wire/generated/espalier/v1/agent.ts';
import {
  BlobServiceService,
  type GetBlobRequest,
  type GetBlobResponse,
} from '../../../src/wire/generated/espalier/v1/blob.ts';

const unwanted: handleUnaryCall<unknown, unknown> = (_call, done) => done(new Error('unwanted'));

type Session = ServerDuplexStream<SessionRequest, SessionResponse>;
type Reports = ServerDuplexStream<ReportRequest, ReportResponse>;

/** A coordinator that can be stopped and started again on the same port with all it knows. */
export class FakeCoordinator {
  /** Everything that arrived, in the order of arrival across both streams. */
  readonly journal: string[] = [];
  readonly heartbeats: SessionRequest[] = [];
  /** Reports by number; a repeated number is ignored. */
  readonly reports = new Map<number, ReportRequest>();
  readonly protocols = new Set<string>();
  readonly downloads: string[] = [];
  readonly stale = new Set<string>();
  readonly blobs = new Map<string, Buffer>();
  history: Metric[][] = [];
  /** False: reports are taken and not acknowledged. */
  isAcknowledging = true;
  /** Set: what is acknowledged, whatever was received. */
  acknowledgeAs: number | undefined;
  /** Set: both streams are refused with it. */
  refusal: { readonly code: number; readonly details: string } | undefined;
  #desired: readonly SourcedAssignment[] = [];
  #sessions = new Set<Session>();
  #server: Server | undefined;
  #port = 0;

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  static async start(): Promise<FakeCoordinator> {
    const coordinator = new FakeCoordinator();
    await coordinator.start();
    onTestFinished(() => coordinator.stop());
    return coordinator;
  }

  async start(): Promise<void> {
    const server = new Server();
    server.addService(AgentServiceService, {
      session: (call: Session) => this.#session(call),
      report: (call: Reports) => this.#report(call),
      getHistory: this.#getHistory,
    });
    server.addService(BlobServiceService, {
      findMissing: unwanted,
      putBlob: unwanted as never,
      getBlob: this.#getBlob,
    });
    this.#port = await new Promise<number>((resolve, reject) => {
      const where = `127.0.0.1:${this.#port}`;
      server.bindAsync(where, ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    this.#server = server;
  }

  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  /** Says what is to run now, to everybody connected. */
  desire(...assignments: readonly SourcedAssignment[]): void {
    this.#desired = assignments;
    for (const session of this.#sessions) this.#answer(session);
  }

  /** Keeps a blob and returns its hash. */
  keep(text: string): string {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.blobs.set(sha256, bytes);
    return sha256;
  }

  /** An assignment of a stage with one trial and a fixed learning rate, changed as the test needs. */
  toAssignment(
    changes: Partial<SourcedAssignment> & { config?: object; epochs?: number; strategy?: object },
  ): SourcedAssignment {
    const { config = {}, epochs = 3, strategy = { strategy: 'fixed', lr: 0.1 }, ...rest } = changes;
    const strategyJson = JSON.stringify(strategy);
    return {
      stageId: 's1',
      attempt: 1,
      slot: 'cpu0',
      sweepId: 'w1',
      bundleSha256: this.keep('export default 1;'),
      files: [],
      configJson: JSON.stringify(config),
      seed: 1,
      fromEpoch: 0,
      members: [{ trialId: 't1', strategyJson, epochs }],
      backends: [],
      objective: { metric: 'val_loss', mode: 'min' },
      recordedEpochs: 0,
      ...rest,
    };
  }

  /** Reports of a kind about a stage, in order. */
  of<K extends NonNullable<ReportRequest['item']>['$case']>(
    kind: K,
    stageId = 's1',
  ): Extract<NonNullable<ReportRequest['item']>, { $case: K }>[] {
    const items = [...this.reports.values()]
      .filter((report) => report.stageId === stageId)
      .map(({ item }) => item);
    return items.filter((item) => item?.$case === kind) as never;
  }

  /** Everything that a stage's trial has written. */
  logOf(stageId = 's1'): string {
    return Buffer.concat(this.of('log', stageId).map(({ log }) => log.data)).toString();
  }

  #session(call: Session): void {
    if (this.#refuses(call)) return;
    this.#sessions.add(call);
    call.on('data', (heartbeat: SessionRequest) => {
      this.heartbeats.push(heartbeat);
      this.journal.push('heartbeat');
      this.#answer(call);
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
    call.on('close', () => this.#sessions.delete(call));
  }

  #report(call: Reports): void {
    if (this.#refuses(call)) return;
    call.on('data', (report: ReportRequest) => {
      if (!this.reports.has(report.sequence)) this.reports.set(report.sequence, report);
      this.journal.push(`report ${report.sequence}`);
      if (this.isAcknowledging) call.write(this.#toAcknowledgement(report));
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  }

  #toAcknowledgement({ sequence, stageId, attempt }: ReportRequest): ReportResponse {
    const isStale = this.stale.has(`${stageId}:${attempt}`);
    const acknowledgedSequence = this.acknowledgeAs ?? sequence;
    return { acknowledgedSequence, stale: isStale ? [{ stageId, attempt }] : [] };
  }

  #answer(session: Session): void {
    const files = this.#desired.map((desired) => ({
      sweepId: desired.sweepId,
      files: desired.files,
    }));
    session.write({ assignments: [...this.#desired], lostMs: 90_000, files });
  }

  #refuses(call: { metadata: Metadata; emit(event: 'error', error: object): boolean }): boolean {
    for (const value of call.metadata.get('espalier-protocol')) this.protocols.add(String(value));
    if (this.refusal !== undefined) call.emit('error', this.refusal);
    return this.refusal !== undefined;
  }

  readonly #getHistory: handleServerStreamingCall<GetHistoryRequest, GetHistoryResponse> = (
    call,
  ) => {
    this.history.forEach((metrics, epoch) => call.write({ epoch, metrics }));
    call.end();
  };

  readonly #getBlob: handleServerStreamingCall<GetBlobRequest, GetBlobResponse> = (call) => {
    const { sha256 } = call.request;
    this.downloads.push(sha256);
    const blob = this.blobs.get(sha256);
    if (blob === undefined) {
      call.emit('error', { code: status.NOT_FOUND, details: `no blob ${sha256}` });
      return;
    }
    for (let at = 0; at < blob.length; at += 4) call.write({ chunk: blob.subarray(at, at + 4) });
    call.end();
  };
}
