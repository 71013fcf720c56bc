// The real agent but for its network, its disk and its processes: its loop and its attempts as they are. It can be cut off from
// the coordinator, die, and come back with its disk.

import { AgentLoop } from '../../agent/loop.ts';
import { parseMembers } from '../../agent/core/assignment.ts';
import type { AgentStore, Report } from '../../agent/state/agent-store.ts';
import type { SlotRunner } from '../../agent/trial/slot-runner.ts';
import {
  GetHistoryResponse,
  GetMembersResponse,
  ReportRequest,
  ReportResponse,
  SessionRequest,
  SessionResponse,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import { ask, download, type Talk, talk, transmit } from './calls.ts';
import { Disk } from './disk.ts';
import type { Gates } from './gates.ts';
import type { SimulatedCoordinator } from './simulated-coordinator.ts';
import type { Trainers } from './trainers.ts';
import { toyRunner } from './toy-runner.ts';

/** What an agent needs of its world. */
export type AgentWorld = {
  readonly coordinator: SimulatedCoordinator;
  readonly gates: Gates;
  readonly canSave: boolean;
  /** Milliseconds; the same for all, as time passes at one pace. */
  readonly clock: () => number;
  readonly orphanMs: number;
  /** What trains, on all agents. */
  readonly trainers: Trainers;
  /** Called before an epoch is trained; throws, or gives words, for a trial that breaks. */
  readonly breaks: () => string | undefined;
};

/** What outlives the process: reports that nobody has acknowledged, and how far they have come on any connection. */
type Spool = { reports: ReportRequest[]; last: number; sent: number; acknowledged: number };

/** A connection: what has been sent of the spool, and what has been said and not been heard. */
type Line = {
  readonly report: Talk<ReportRequest>;
  session: Talk<SessionRequest> | undefined;
  sent: number;
  readonly acknowledgements: ReportResponse[];
  readonly answers: SessionResponse[];
};

/** One process of the agent. */
type Life = {
  readonly loop: AgentLoop;
  /** Reports of earlier lives that must be delivered before the first heartbeat. */
  readonly replayTo: number;
  taken: number;
  wanted: SessionResponse['checkpoints'];
  isLeaving: boolean;
  isDrained: boolean;
  hasEnded: boolean;
};

const IN_BATCH_MOST = 4;

/** One agent, through all its lives. */
export class SimulatedAgent {
  readonly id: string;
  readonly disk = new Disk();
  readonly #world: AgentWorld;
  readonly #slots: readonly string[];
  readonly #spool: Spool = { reports: [], last: 0, sent: 0, acknowledged: 0 };
  #lives = 0;
  #life: Life | undefined;
  #line: Line | undefined;

  constructor(id: string, slots: number, world: AgentWorld) {
    this.id = id;
    this.#slots = Array.from({ length: slots }, (_, i) => `cpu${i}`);
    this.#world = world;
  }

  get isAlive(): boolean {
    return this.#life !== undefined;
  }

  /** The latest report that it knows to be on record. */
  get acknowledged(): number {
    return this.#spool.acknowledged;
  }

  get isLinked(): boolean {
    return this.#line !== undefined;
  }

  /** Starts the process. */
  start(): void {
    this.#lives += 1;
    this.disk.reopen(this.#spool.last);
    const life: Life = {
      loop: this.#toLoop(() => life.hasEnded),
      replayTo: this.#spool.last,
      taken: 0,
      wanted: [],
      isLeaving: false,
      isDrained: false,
      hasEnded: false,
    };
    this.#life = life;
  }

  /** The process is no more. Of the reports that were not sent yet the disk has as many as `kept` says. */
  die(kept: (unsent: number) => number): void {
    const spool = this.#spool;
    this.#world.gates.drop(this);
    spool.last = spool.sent + kept(spool.last - spool.sent);
    spool.reports = spool.reports.filter(({ sequence }) => sequence <= spool.last);
    this.cut();
    const life = this.#life;
    this.#life = undefined;
    if (life === undefined) return;
    life.hasEnded = true;
    this.#world.trainers.drop(this);
    void life.loop.stop();
  }

  /** The connection is gone, with what was under way; false if there was none. */
  cut(): boolean {
    const line = this.#line;
    if (line === undefined) return false;
    this.#line = undefined;
    line.report.hangUp();
    line.session?.hangUp();
    this.#life?.loop.disconnect();
    return true;
  }

  /** Connects, to send again whatever is not acknowledged. */
  connect(): void {
    const { service } = this.#world.coordinator;
    const acknowledgements: ReportResponse[] = [];
    const codecs = { request: ReportRequest, response: ReportResponse };
    const report = talk(service.report, codecs, (answer) => acknowledgements.push(answer));
    const sent = this.#spool.acknowledged;
    this.#line = { report, session: undefined, sent, acknowledgements, answers: [] };
  }

  /** Sends some of the reports that were not sent on this connection, all at once. */
  sendReports(most = IN_BATCH_MOST): boolean {
    const line = this.#line;
    if (line === undefined) return false;
    const next = this.#spool.reports.filter(({ sequence }) => sequence > line.sent).slice(0, most);
    for (const message of next) {
      line.report.say(message);
      line.sent = message.sequence;
      this.#spool.sent = Math.max(this.#spool.sent, line.sent);
    }
    return next.length > 0;
  }

  /** Hears one acknowledgement. */
  hearAcknowledgement(): boolean {
    const answer = this.#line?.acknowledgements.shift();
    if (answer === undefined) return false;
    this.#spool.acknowledged = Math.max(this.#spool.acknowledged, answer.acknowledgedSequence);
    this.#spool.reports = this.#spool.reports.filter(
      ({ sequence }) => sequence > this.#spool.acknowledged,
    );
    this.#life?.loop.withdraw(answer.stale);
    return true;
  }

  /** Says that it is there, unless reports of an earlier life must be delivered first. */
  beat(change: Partial<SessionRequest> = {}): boolean {
    const [life, line] = [this.#life, this.#line];
    if (life === undefined || line === undefined) return false;
    if (this.#spool.acknowledged < life.replayTo) return false;
    const { service } = this.#world.coordinator;
    const codecs = { request: SessionRequest, response: SessionResponse };
    line.session ??= talk(service.session, codecs, (answer) => line.answers.push(answer));
    line.session.say({ ...life.loop.heartbeat(), ...change });
    return true;
  }

  /** Hears one answer or push. */
  hearAnswer(): boolean {
    const [life, answer] = [this.#life, this.#line?.answers.shift()];
    if (life === undefined || answer === undefined) return false;
    life.taken = answer.takenSequence;
    life.loop.desire(answer);
    const listed = answer.checkpoints.map(({ checkpointId }) => checkpointId);
    this.disk.tidy(new Set([...listed, ...life.loop.startIds]), answer.takenSequence);
    life.wanted = answer.checkpoints;
    if (answer.drain && !life.isLeaving) {
      life.isLeaving = true;
      void life.loop.drain().then(() => (life.isDrained = true));
    }
    return true;
  }

  /** Sends the `index`th of the checkpoints that the coordinator lacks. */
  upload(index: number): boolean {
    const lacking = this.#life?.wanted.filter(({ stored }) => !stored) ?? [];
    const next = lacking[index % Math.max(1, lacking.length)];
    const found = next && this.disk.manifest(next.checkpointId);
    if (next === undefined || found === undefined) return false;
    const { coordinator, gates } = this.#world;
    const { checkpointId, stageId, epoch } = next;
    const checkpoint = { checkpointId, epoch, files: [...found.files] };
    const isOpenable = (): boolean => this.isLinked;
    const commit = async (): Promise<unknown> =>
      ask(coordinator.service.commitManifest, { stageId, checkpoint });
    gates
      .pass({ owner: this, what: 'send', isOpenable }, () => coordinator.put(found.blob))
      .then(async () => gates.pass({ owner: this, what: 'commit', isOpenable }, commit))
      // Refused: somebody else's upload of the same files was in vain, and took them away. It is listed again.
      .catch(() => undefined);
    return true;
  }

  /** Looks at how long it has been without contact. */
  checkContact(): void {
    this.#life?.loop.checkContact();
  }

  /** Says good-bye, if it was told to leave and has nothing left. */
  leave(): boolean {
    const life = this.#life;
    const hasLeft =
      life?.isDrained === true && this.#spool.acknowledged === this.#spool.last && this.isLinked;
    if (!hasLeft || !this.beat({ leaving: true })) return false;
    return true;
  }

  get isLeaving(): boolean {
    return this.#life?.isLeaving === true;
  }

  #append(report: Report): number {
    const sequence = ++this.#spool.last;
    const message = { ...report, agentId: this.id, sequence };
    this.#spool.reports.push(transmit(ReportRequest, message));
    return sequence;
  }

  #toLoop(hasEnded: () => boolean): AgentLoop {
    const spool = this.#spool;
    const store = {
      agentId: this.id,
      append: (report: Report) => (hasEnded() ? spool.last : this.#append(report)),
      get last() {
        return spool.last;
      },
      get acknowledged() {
        return spool.acknowledged;
      },
    };
    return new AgentLoop({
      store: store as unknown as AgentStore,
      runners: this.#slots.map((slot) => this.#toRunner(slot)),
      incarnation: String(this.#lives),
      name: this.id,
      version: '0',
      orphanMs: this.#world.orphanMs,
      clock: this.#world.clock,
      onCheckpoint: (id, sequence) => this.disk.reported(id, sequence),
      prefetch: () => undefined,
      loads: () => [],
      onChange: () => undefined,
      log: () => undefined,
    });
  }

  #toRunner(slot: string): SlotRunner {
    const { coordinator, gates, canSave, breaks, trainers } = this.#world;
    const remote = async <T>(what: string, work: () => T | Promise<T>): Promise<T> =>
      gates.pass({ owner: this, what, isOpenable: () => this.isLinked }, work);
    return toyRunner(slot, {
      owner: this,
      trainers,
      disk: this.disk,
      gates,
      canSave,
      breaks,
      fetchMembers: async (stageId) =>
        remote('members', async () => {
          const { getMembers } = coordinator.service;
          const pages = await download(getMembers, { stageId }, GetMembersResponse);
          return parseMembers(pages.flatMap(({ members }) => members));
        }),
      fetchHistory: async (stageId) =>
        remote('history', async () => {
          const { getHistory } = coordinator.service;
          const epochs = await download(getHistory, { stageId }, GetHistoryResponse);
          return new Map(
            epochs.map(({ epoch, metrics }) => [
              epoch,
              Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
            ]),
          );
        }),
      fetchCheckpoint: async (start) =>
        remote('checkpoint', () =>
          this.disk.fetch(start, (sha256) => coordinator.blobs.get(sha256)),
        ),
    });
  }
}
