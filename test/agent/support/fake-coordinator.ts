// A coordinator in the test's own process: remembers what agents say, and says what the test tells it to.

import {
  type handleServerStreamingCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
} from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import type { SourcedAssignment } from '../../../agent/core/assignment.ts';
import {
  AgentServiceService,
  type GetHistoryRequest,
  type GetHistoryResponse,
  type GetMembersRequest,
  type GetMembersResponse,
  type HeldCheckpoint,
  type Member,
  type Metric,
  type ReportRequest,
  type ReportResponse,
  type SessionRequest,
  type SessionResponse,
} from '../../../src/wire/generated/espalier/v1/agent.ts';
import { BlobServiceService } from '../../../src/wire/generated/espalier/v1/blob.ts';
import { type FakeAssignment, toFakeAssignment } from './fake-assignment.ts';
import { FakeBlobs } from './fake-blobs.ts';
import { outlineOf } from './outline.ts';

type Session = ServerDuplexStream<SessionRequest, SessionResponse>;
type Reports = ServerDuplexStream<ReportRequest, ReportResponse>;

type ReportCase = NonNullable<ReportRequest['item']>['$case'];

/** A coordinator that can be stopped and started again on the same port with all it knows. */
export class FakeCoordinator extends FakeBlobs {
  readonly heartbeats: SessionRequest[] = [];
  /** Reports by number; a repeated number is ignored. */
  readonly reports = new Map<number, ReportRequest>();
  readonly protocols = new Set<string>();
  readonly stale = new Set<string>();
  history: Metric[][] = [];
  /** Those checkpoints that the agent is to have, of all that were reported or are started from. */
  list: (all: readonly HeldCheckpoint[]) => readonly HeldCheckpoint[] = (all) => all;
  /** After which agents are told that they are lost. */
  lostMs = 90_000;
  /** True: agents are told to leave. */
  drains = false;
  /** Set: the number of reports that heartbeats are answered with, whatever has arrived. */
  takenAs: number | undefined;
  /** True: heartbeats are taken and not answered. */
  isMute = false;
  /** False: reports are taken and not acknowledged. */
  isAcknowledging = true;
  /** Set: what is acknowledged, whatever was received. */
  acknowledgeAs: number | undefined;
  /** Set: both streams are refused with it. */
  refusal: { readonly code: number; readonly details: string } | undefined;
  readonly #members = new Map<string, readonly Member[]>();
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
      getMembers: this.#getMembers,
      commitManifest: this.commitManifest,
    });
    server.addService(BlobServiceService, {
      findMissing: this.findMissing,
      putBlob: this.putBlob,
      getBlob: this.getBlob,
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
    this.tell();
  }

  /** Says everything again. */
  tell(): void {
    for (const session of this.#sessions) this.#answer(session);
  }

  /** An assignment of a stage, of one trial with a fixed learning rate unless the test says otherwise. */
  toAssignment(changes: FakeAssignment = {}): SourcedAssignment {
    const bundleSha256 = this.keep('export default 1;');
    const { assignment, members } = toFakeAssignment({ bundleSha256, ...changes });
    this.#members.set(assignment.stageId, members);
    return assignment;
  }

  /** Reports of a kind about a stage, in order. */
  of<K extends ReportCase>(
    kind: K,
    stageId = 's1',
  ): Extract<NonNullable<ReportRequest['item']>, { $case: K }>[] {
    const items = [...this.reports.values()]
      .filter((report) => report.stageId === stageId)
      .map(({ item }) => item);
    return items.filter((item) => item?.$case === kind) as never;
  }

  /** What was reported, in order and without output: `s1:1 epoch 0`. */
  outline(): readonly string[] {
    return outlineOf([...this.reports.values()]);
  }

  /** The checkpoints that were reported, and which of them are stored. */
  heldCheckpoints(): readonly HeldCheckpoint[] {
    return [...this.reports.values()].flatMap(({ stageId, item }) => {
      if (item?.$case !== 'checkpoint') return [];
      const { checkpointId, epoch } = item.checkpoint;
      const stored = this.commits.some(
        (commit) => commit.stageId === stageId && commit.checkpoint?.checkpointId === checkpointId,
      );
      return [{ stageId, epoch, checkpointId, stored }];
    });
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
      if (!this.isMute) this.#answer(call);
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
    const stale = isStale ? [{ stageId, attempt }] : [];
    return { acknowledgedSequence, stale, forgottenReports: 0 };
  }

  /** Nobody is granted an attempt that has told of its end. */
  #isOver({ stageId, attempt }: SourcedAssignment): boolean {
    return [...this.reports.values()].some(
      (report) =>
        report.stageId === stageId &&
        report.attempt === attempt &&
        (report.item?.$case === 'ended' || report.item?.$case === 'forked'),
    );
  }

  #answer(session: Session): void {
    const files = this.#desired.map((desired) => ({
      sweepId: desired.sweepId,
      files: desired.files,
    }));
    session.write({
      assignments: this.#desired.filter((desired) => !this.#isOver(desired)),
      lostMs: this.lostMs,
      files,
      takenSequence: this.takenAs ?? Math.max(0, ...this.reports.keys()),
      checkpoints: [...this.list([...this.#starts(), ...this.heldCheckpoints()])],
      drain: this.drains,
      heartbeat: this.heartbeats.at(-1)?.number ?? 0,
      forgottenReports: 0,
    });
  }

  /** What is to start from a checkpoint is kept as long. */
  #starts(): readonly HeldCheckpoint[] {
    return this.#desired.flatMap(({ start, stageId }) =>
      start === undefined
        ? []
        : [{ stageId, epoch: start.epoch, checkpointId: start.checkpointId, stored: true }],
    );
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

  readonly #getMembers: handleServerStreamingCall<GetMembersRequest, GetMembersResponse> = (
    call,
  ) => {
    // One at a time: a family can take many messages.
    for (const member of this.#members.get(call.request.stageId) ?? [])
      call.write({ members: [member] });
    call.end();
  };
}
