// The service that agents speak: heartbeats against desired assignments, reports against acknowledgements.

import type { Readable } from 'node:stream';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';
import type {
  AgentServiceServer,
  Assignment,
  CommitManifestRequest,
  HeldCheckpoint,
  Member,
  ReportRequest,
  ReportResponse,
  SessionRequest,
  SessionResponse,
  StaleAttempt,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import { Member as WireMember } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Caller } from '../access/caller.ts';
import { assertSpeaksFor, nameOf } from '../access/caller.ts';
import { findCrowd } from '../core/capacity.ts';
import type { DesiredAttempt } from '../core/desired.ts';
import { checkpointsOn, desiredFor } from '../core/desired.ts';
import type { Report } from '../core/event.ts';
import type { Fact } from '../core/fact.ts';
import type { Limits } from '../core/limits.ts';
import { nextEpoch } from '../core/members.ts';
import type { Checkpoint, Stage, State, Trial } from '../core/model.ts';
import { findCheckpoint } from '../core/path.ts';
import type { Loop } from '../loop.ts';
import type { Blobs } from '../store/blobs.ts';
import type { RecordedEpoch, Store } from '../store/store.ts';
import type { Rim } from './handler.ts';
import { downloading, talking, unary } from './handler.ts';
import { Incarnations } from './incarnations.ts';
import type { Loads } from './loads.ts';
import { commitManifest } from './manifest.ts';
import { Pager } from './pages.ts';
import { send } from './send.ts';
import { sendWithin } from './stall.ts';
import { toHeartbeat, toReport } from './to-event.ts';
import type { Uploaders } from './uploaders.ts';

type SessionStream = ServerDuplexStream<SessionRequest, SessionResponse>;
type ReportStream = ServerDuplexStream<ReportRequest, ReportResponse>;

/** Reports that one agent may have under way, and answers that it has not read, before it is read further. */
const IN_FLIGHT_MOST = 1_000;

/** Epochs that are read at once. */
const EPOCHS_MOST = 500;

/** What the service works with. */
export type AgentPorts = {
  readonly loop: Loop;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly limits: Limits;
  readonly loads: Loads;
  readonly uploaders: Uploaders;
};

/** Handlers of AgentService. */
export function createAgentService(ports: AgentPorts, rim: Rim): AgentServiceServer {
  const { loop, store, limits } = ports;
  const incarnations = new Incarnations();
  return {
    session: talking(rim, (call, caller) => serveSession(call, { ...ports, incarnations }, caller)),
    report: talking(rim, (call, caller) => serveReports(call, loop, caller)),
    getHistory: downloading(rim, async (call, caller) => {
      const stage = assertTrains(caller, loop.state, call.request.stageId);
      for (const { epoch, metrics } of historyOf(store, stage)) {
        const list = Object.entries(metrics).map(([name, value]) => ({ name, value }));
        if (!(await sendWithin(call, { epoch, metrics: list }, limits.stallMs))) return;
      }
    }),
    getMembers: downloading(rim, async (call, caller) => {
      assertTrains(caller, loop.state, call.request.stageId);
      for (const members of membersOf(loop.state, call.request.stageId))
        if (!(await sendWithin(call, { members }, limits.stallMs))) return;
    }),
    commitManifest: unary(rim, (request, caller) => {
      assertHolds(caller, loop.state, request);
      return commitManifest(request, ports, caller.identity?.id);
    }),
  };
}

/** @throws EspalierError `not-found` for a stage that is not, `forbidden` for one that another agent trains */
function assertTrains({ identity }: Caller, state: State, stageId: string): Stage {
  const stage = state.stages.get(stageId);
  if (stage === undefined)
    throw new EspalierError('not-found', `no stage ${stageId.slice(0, 200)}`);
  if (identity === null || stage.lease?.agentId === identity.id) return stage;
  throw new EspalierError('forbidden', `stage ${stageId} is not leased to agent ${identity.id}`);
}

/** @throws EspalierError `forbidden` for a checkpoint that lies on other agents' disks alone */
function assertHolds(
  { identity }: Caller,
  state: State,
  { stageId, checkpoint }: CommitManifestRequest,
): void {
  const wanted = findCheckpoint(state, { stageId, epoch: checkpoint?.epoch ?? 0 });
  if (identity === null || wanted === undefined || wanted.agentIds.includes(identity.id)) return;
  throw new EspalierError(
    'forbidden',
    `the checkpoint of stage ${stageId} is not agent ${identity.id}'s`,
  );
}

/** Recorded epochs, some at a time: a stage can have a million. */
function* historyOf(store: Store, stage: Stage): Generator<RecordedEpoch> {
  for (let from = 0; from < nextEpoch(stage); from += EPOCHS_MOST)
    yield* store.history(stage.id, from, from + EPOCHS_MOST);
}

/** Pages of the trials of a stage. */
function* membersOf(state: State, stageId: string): Generator<Member[]> {
  const pages = new Pager(eachMember(state, stageId), sizeOf);
  while (!pages.isDone) yield pages.take();
}

function* eachMember(state: State, stageId: string): Generator<Member> {
  for (const id of state.stages.get(stageId)?.members ?? []) {
    const trial = state.trials.get(id);
    if (trial !== undefined) yield toMember(trial);
  }
}

function sizeOf(member: Member): number {
  return WireMember.encode(member).finish().length;
}

function toMember({ id, number, strategy, epochs }: Trial): Member {
  return { trialId: id, number, strategyJson: JSON.stringify(strategy), epochs };
}

/** The messages of a stream. At its end the stream can still be written to: a status has to follow. */
function readAll<Q>(call: Readable): AsyncIterable<Q> {
  return call.iterator({ destroyOnReturn: false });
}

async function serveSession(
  call: SessionStream,
  { loop, limits, loads, incarnations }: AgentPorts & { readonly incarnations: Incarnations },
  caller: Caller,
): Promise<void> {
  const messages = readAll<SessionRequest>(call);
  const teller = new DesiredTeller(call, loop, limits.lostMs);
  try {
    for await (const message of messages) {
      caller.assertLetIn();
      const heartbeat = toHeartbeat(message);
      assertSpeaksFor(caller, heartbeat.agentId);
      teller.identify(heartbeat.agentId);
      const crowd = findCrowd(loop.state, heartbeat.agentId, limits);
      if (crowd !== undefined) throw new EspalierError('busy', crowd);
      incarnations.hear(heartbeat.agentId, heartbeat.incarnation);
      loads.take(message);
      const facts = await loop.post({ ...heartbeat, name: nameOf(caller, heartbeat.name) });
      teller.hear(message.number);
      if (!(await teller.tell(countForgotten(facts)))) return;
    }
  } finally {
    teller.close();
  }
}

/** Tells one agent what it should be running: after each heartbeat, and whenever its leases change. */
class DesiredTeller {
  readonly #call: SessionStream;
  readonly #loop: Loop;
  readonly #lostMs: number;
  readonly #unsubscribe: () => void;
  #agentId: string | undefined;
  #heartbeat = 0;
  /** The leases that the agent was told of. Leases are replaced, never changed: another map means other leases. */
  #told: ReadonlyMap<string, string> | undefined;

  constructor(call: SessionStream, loop: Loop, lostMs: number) {
    this.#call = call;
    this.#loop = loop;
    this.#lostMs = lostMs;
    this.#unsubscribe = loop.onCommit(() => this.#push());
  }

  identify(agentId: string): void {
    this.#agentId ??= agentId;
    if (this.#agentId !== agentId) throw new EspalierError('invalid', 'a session is of one agent');
  }

  /** A heartbeat has been taken: whatever is said from now on answers it. */
  hear(number: number): void {
    this.#heartbeat = number;
  }

  /** Resolves false once the agent is gone; waits while it does not read. */
  tell(forgottenReports: number): Promise<boolean> {
    return send(this.#call, { ...this.#toResponse(), forgottenReports });
  }

  close(): void {
    this.#unsubscribe();
  }

  #push(): void {
    if (this.#agentId === undefined || this.#told === undefined || this.#call.writableNeedDrain)
      return;
    // A push that is left out because the agent does not read comes with the answer to its next heartbeat.
    if (this.#loop.state.leasesOf.get(this.#agentId) !== this.#told) void this.tell(0);
  }

  #toResponse(): Omit<SessionResponse, 'forgottenReports'> {
    const { state } = this.#loop;
    const agentId = this.#agentId ?? '';
    this.#told = state.leasesOf.get(agentId);
    const desired = desiredFor(state, agentId);
    const sweeps = new Map(desired.map(({ sweep }) => [sweep.id, sweep]));
    const files = [...sweeps.values()].map((sweep) => ({
      sweepId: sweep.id,
      files: [...sweep.files],
    }));
    const agent = state.agents.get(agentId);
    return {
      assignments: desired.map(toAssignment),
      lostMs: this.#lostMs,
      files,
      takenSequence: agent?.lastSequence ?? 0,
      checkpoints: checkpointsOn(state, agentId).map(toHeld),
      drain: agent?.isToLeave ?? false,
      heartbeat: this.#heartbeat,
    };
  }
}

async function serveReports(call: ReportStream, loop: Loop, caller: Caller): Promise<void> {
  const messages = readAll<ReportRequest>(call);
  const acknowledgements = new Acknowledgements(call, loop);
  let inFlight = 0;
  const commit = async (report: Report): Promise<void> => {
    const facts = await loop.post(report);
    inFlight -= 1;
    acknowledgements.add(report, facts);
  };
  let latest: Promise<void> = Promise.resolve();
  for await (const message of messages) {
    caller.assertLetIn();
    assertSpeaksFor(caller, message.agentId);
    inFlight += 1;
    latest = commit(toReport(message));
    // Commits settle in order: the last one, awaited below, fails if any did.
    latest.catch(() => undefined);
    if (inFlight >= IN_FLIGHT_MOST) await latest;
    if (acknowledgements.isFull) await acknowledgements.sent();
  }
  await latest;
  await acknowledgements.sent();
}

/** Cumulative acknowledgements: one message for all reports of a commit, and none faster than the agent reads. */
class Acknowledgements {
  readonly #call: ReportStream;
  readonly #loop: Loop;
  #forgotten = 0;
  #acknowledged = 0;
  #stale: StaleAttempt[] = [];
  #sending: Promise<void> | undefined;

  constructor(call: ReportStream, loop: Loop) {
    this.#call = call;
    this.#loop = loop;
  }

  add({ agentId, sequence, stageId, attempt }: Report, facts: readonly Fact[]): void {
    this.#acknowledged = sequence;
    this.#forgotten += countForgotten(facts);
    const isStale = facts.some((fact) => fact.kind === 'report-taken' && fact.isStale);
    // An agent of which nothing is on record holds no lease.
    if (isStale || !this.#loop.state.agents.has(agentId)) this.#stale.push({ stageId, attempt });
    this.#sending ??= this.#send();
  }

  /** Whether the agent has to read before more is taken from it. */
  get isFull(): boolean {
    return this.#stale.length >= IN_FLIGHT_MOST;
  }

  /** Resolves when everything that was added has been written. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    let told = -1;
    // Reports of one commit settle in the same turn: waiting for its end gathers them.
    await Promise.resolve();
    while (told !== this.#acknowledged) {
      told = this.#acknowledged;
      const [stale, forgottenReports] = [this.#stale, this.#forgotten];
      this.#stale = [];
      this.#forgotten = 0;
      if (!(await send(this.#call, { acknowledgedSequence: told, stale, forgottenReports }))) break;
    }
    this.#sending = undefined;
  }
}

/** Reports of its agent that an event has shown not to be on record. */
function countForgotten(facts: readonly Fact[]): number {
  return facts
    .filter((fact) => fact.kind === 'reports-forgotten')
    .reduce((sum, { fromSequence, toSequence }) => sum + toSequence - fromSequence + 1, 0);
}

function toHeld({ stageId, epoch, id, isStored }: Checkpoint): HeldCheckpoint {
  return { stageId, epoch, checkpointId: id, stored: isStored };
}

function toAssignment(desired: DesiredAttempt): Assignment {
  const { slot, stage, sweep, leading, start, bestValue } = desired;
  const { objective, backends, keep, checkpoint_every, exclusive } = sweep.spec;
  return {
    stageId: stage.id,
    attempt: stage.attempt,
    slot,
    sweepId: sweep.id,
    bundleSha256: sweep.bundle.sha256,
    configJson: JSON.stringify(leading.config),
    seed: leading.seed,
    fromEpoch: stage.fromEpoch,
    backends: [...backends],
    objective: { metric: objective.metric, mode: objective.mode },
    recordedEpochs: stage.recordedEpochs,
    start: start && { checkpointId: start.id, epoch: start.epoch, files: [...start.files] },
    checkpointEvery: checkpoint_every.count,
    // A result that is a trial's last value is kept like the last checkpoint of each; the others' are released again.
    keep: keep === 'best' && objective.at === 'last' ? 'last' : keep,
    bestValue,
    absent: [...desired.absent],
    pausing: [...desired.pausing],
    memberCount: stage.members.length,
    mostEpochs: Math.max(...sweep.spec.epochs),
    exclusive,
  };
}
