// A coordinator in the test's own process: remembers what agents say, and says what the test tells it to.

import { createHash } from 'node:crypto';
import {
  type handleClientStreamingCall,
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
import { toTrialId } from '../../../src/domain/ids.ts';
import { toManifestId } from '../../../src/storage/manifest.ts';
import {
  AgentServiceService,
  type Checkpoint,
  type CommitManifestRequest,
  type CommitManifestResponse,
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
import {
  BlobServiceService,
  type FindMissingRequest,
  type FindMissingResponse,
  type GetBlobRequest,
  type GetBlobResponse,
  type PutBlobRequest,
  type PutBlobResponse,
} from '../../../src/wire/generated/espalier/v1/blob.ts';

type Session = ServerDuplexStream<SessionRequest, SessionResponse>;
type Reports = ServerDuplexStream<ReportRequest, ReportResponse>;

type ReportCase = NonNullable<ReportRequest['item']>['$case'];

/** A trial of an assignment; its number is its place in the list, from 1. */
export type FakeTrial = { readonly strategy?: object; readonly epochs?: number };

/** What a test says of an assignment. Without `trials` it has one, as `epochs` and `strategy` say. */
export type FakeAssignment = Partial<SourcedAssignment> &
  FakeTrial & { readonly config?: object; readonly trials?: readonly FakeTrial[] };

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
  /** Blobs that were uploaded, in order; also those that have not arrived whole. */
  readonly uploads: string[] = [];
  readonly commits: CommitManifestRequest[] = [];
  history: Metric[][] = [];
  /** Those checkpoints that the agent is to have, of all that were reported or are started from. */
  list: (all: readonly HeldCheckpoint[]) => readonly HeldCheckpoint[] = (all) => all;
  /** True: agents are told to leave. */
  drains = false;
  /** Set: the number of reports that heartbeats are answered with, whatever has arrived. */
  takenAs: number | undefined;
  /** Checkpoints that are not committed. */
  refuses: (checkpoint: Checkpoint) => boolean = () => false;
  /** True: uploads are taken in and answered only by {@link answerUploads}. */
  isStalling = false;
  /** False: reports are taken and not acknowledged. */
  isAcknowledging = true;
  /** Set: what is acknowledged, whatever was received. */
  acknowledgeAs: number | undefined;
  /** Set: both streams are refused with it. */
  refusal: { readonly code: number; readonly details: string } | undefined;
  #unanswered: (() => void)[] = [];
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
      commitManifest: this.#commitManifest,
    });
    server.addService(BlobServiceService, {
      findMissing: this.#findMissing,
      putBlob: this.#putBlob,
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
    this.tell();
  }

  /** Answers uploads that have been taken in, and from now on those that come. */
  answerUploads(): void {
    this.isStalling = false;
    for (const answer of this.#unanswered.splice(0)) answer();
  }

  /** Says everything again. */
  tell(): void {
    for (const session of this.#sessions) this.#answer(session);
  }

  /** Keeps a blob and returns its hash. */
  keep(text: string): string {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.blobs.set(sha256, bytes);
    return sha256;
  }

  /** Keeps the files of a checkpoint of the fake trial that has trained this: epoch and rate of each epoch. */
  keepCheckpoint(trained: readonly (readonly [epoch: number, rate: number])[]): Checkpoint {
    const texts = {
      'about.txt': 'what it has trained',
      'state/trained.json': JSON.stringify(trained),
    };
    const files = Object.entries(texts).map(([path, text]) => {
      return { path, sha256: this.keep(text), sizeBytes: text.length };
    });
    return { checkpointId: toManifestId(files), epoch: trained.length, files };
  }

  /** An assignment of a stage, of one trial with a fixed learning rate unless the test says otherwise. */
  toAssignment(changes: FakeAssignment = {}): SourcedAssignment {
    const { config = {}, epochs, strategy, trials = [changes], ...rest } = changes;
    const assignment = {
      ...DEFAULTS,
      bundleSha256: this.keep('export default 1;'),
      configJson: JSON.stringify(config),
      memberCount: trials.length,
      mostEpochs: Math.max(...trials.map((trial) => trial.epochs ?? EPOCHS)),
      ...rest,
    };
    const { stageId, sweepId } = assignment;
    this.#members.set(
      stageId,
      trials.map((trial, i) => toMember(sweepId, i + 1, trial)),
    );
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
    return [...this.reports.values()]
      .filter(({ item }) => item?.$case !== 'log')
      .map(({ stageId, attempt, item }) => `${stageId}:${attempt} ${describe(item)}`);
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
    session.write({
      assignments: [...this.#desired],
      lostMs: 90_000,
      files,
      takenSequence: this.takenAs ?? Math.max(0, ...this.reports.keys()),
      checkpoints: [...this.list([...this.#starts(), ...this.heldCheckpoints()])],
      drain: this.drains,
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

  readonly #findMissing: handleUnaryCall<FindMissingRequest, FindMissingResponse> = (
    { request },
    done,
  ) => done(null, { sha256: request.sha256.filter((sha256) => !this.blobs.has(sha256)) });

  readonly #putBlob: handleClientStreamingCall<PutBlobRequest, PutBlobResponse> = (call, done) => {
    const chunks: Buffer[] = [];
    call.on('data', ({ part }: PutBlobRequest) => {
      if (part?.$case === 'chunk') chunks.push(part.chunk);
      if (part?.$case !== 'commit') return;
      const { sha256 } = part.commit;
      this.uploads.push(sha256);
      this.#unanswered.push(() => {
        this.blobs.set(sha256, Buffer.concat(chunks));
        done(null, {});
      });
      if (!this.isStalling) this.answerUploads();
    });
    call.on('error', () => undefined);
  };

  readonly #commitManifest: handleUnaryCall<CommitManifestRequest, CommitManifestResponse> = (
    { request },
    done,
  ) => {
    if (request.checkpoint !== undefined && this.refuses(request.checkpoint)) {
      done({ code: status.INTERNAL, details: 'no luck' });
      return;
    }
    const missing = request.checkpoint?.files.find(({ sha256 }) => !this.blobs.has(sha256));
    if (missing !== undefined) {
      done({ code: status.NOT_FOUND, details: `${missing.path} has not been uploaded` });
      return;
    }
    this.commits.push(request);
    this.journal.push('commit');
    done(null, { needed: true });
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

const EPOCHS = 3;

const DEFAULTS = {
  stageId: 's1',
  attempt: 1,
  slot: 'cpu0',
  sweepId: 'w1',
  files: [],
  seed: 1,
  fromEpoch: 0,
  backends: [],
  objective: { metric: 'val_loss', mode: 'min' },
  recordedEpochs: 0,
  start: undefined,
  checkpointEvery: 1_000,
  keep: 'none',
  bestValue: undefined,
  absent: [],
  pausing: [],
} satisfies Partial<SourcedAssignment>;

function toMember(sweepId: string, number: number, trial: FakeTrial): Member {
  const { epochs = EPOCHS, strategy = { strategy: 'fixed', lr: 0.1 } } = trial;
  const strategyJson = JSON.stringify(strategy);
  return { trialId: toTrialId(sweepId, number), number, strategyJson, epochs };
}

function describe(item: ReportRequest['item']): string {
  switch (item?.$case) {
    case 'epoch':
      return `epoch ${item.epoch.epoch}`;
    case 'checkpoint':
      return `checkpoint ${item.checkpoint.epoch}`;
    case 'forked': {
      const { epoch, classes, inPlace } = item.forked;
      const parts = classes.map(({ members }) => members.join('+')).join(' | ');
      return `forked ${epoch}: ${parts}; in place ${inPlace ?? 'none'}`;
    }
    case 'ended':
      return item.ended.outcome;
    default:
      return item?.$case ?? 'nothing';
  }
}
