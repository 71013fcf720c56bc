// What the agent runs, brought towards what the coordinator wants whenever either changes.
// Promise: heartbeats list an attempt until its end is acknowledged, so that a coordinator never takes a finished attempt for a
// lost one; without a coordinator nothing starts, exclusive attempts end before anybody else can be given them, and after the orphan
// limit nothing runs.

import { hostname } from 'node:os';
import { BOUNDS, cut } from '../src/domain/bounds.ts';
import { reasonOf } from '../src/domain/errors.ts';
import { toChildId, toTrialId } from '../src/domain/ids.ts';
import type {
  RunningAttempt,
  SessionRequest,
  SessionResponse,
  StageForked,
} from '../src/wire/generated/espalier/v1/agent.ts';
import { parseAssignment, type SourcedAssignment, toSourced, toWishes } from './core/assignment.ts';
import type { Wishes } from './core/boundary.ts';
import {
  beginContact,
  type Contact,
  isCutOff,
  isOrphaned,
  noteAnswer,
  noteSent,
} from './core/contact.ts';
import {
  type AttemptRef,
  type Fence,
  isBeforeFence,
  isSameAttempt,
  lowerFence,
  raiseFence,
} from './core/fence.ts';
import type { Ending } from './core/outcome.ts';
import { type Occupant, reconcile } from './core/reconcile.ts';
import { toDeferred } from '../src/domain/deferred.ts';
import { toPlainLine } from '../src/domain/plain-text.ts';
import type { AgentStore } from './state/agent-store.ts';
import type { ReportItem } from './trial/attempt-host.ts';
import type { SlotRunner } from './trial/slot-runner.ts';

/** What the loop needs of the agent. */
export type LoopHost = {
  readonly store: AgentStore;
  readonly runners: readonly SlotRunner[];
  readonly incarnation: string;
  readonly name: string | undefined;
  readonly version: string;
  readonly orphanMs: number;
  /** Milliseconds, by which the time without contact is judged. */
  readonly clock: () => number;
  /** A checkpoint has been reported, under this number. */
  readonly onCheckpoint: (id: string, sequence: number) => void;
  /** Fetches code and data ahead of their use; a failure is left to the attempt that needs them. */
  readonly prefetch: (assignment: SourcedAssignment) => void;
  /** How busy the host is, for people. */
  readonly loads: () => SessionRequest['loads'];
  /** Something that heartbeats tell has changed. */
  readonly onChange: () => void;
  readonly log: (line: string) => void;
};

type Run = AttemptRef & {
  readonly slot: string;
  readonly sweepId: string;
  readonly exclusive: boolean;
  readonly withdrawn: AbortController;
  readonly freed: Promise<void>;
  /** Of a stage that went on in place: changes with every fork. */
  stageId: string;
  attempt: number;
  /** The checkpoint that it was started from. */
  readonly startId: string | undefined;
  /** The latest report that changed what it is: what was said before the coordinator had it is about what it was. */
  changedIn: number;
  wishes: Wishes;
  /** Its end is reported; the slot is being freed. */
  isFinishing: boolean;
};

/** Desired and actual, and the way from one to the other. */
export class AgentLoop {
  readonly #host: LoopHost;
  readonly #runs = new Map<string, Run>();
  readonly #idle = toDeferred<void>();
  #ended: { readonly attempt: RunningAttempt; readonly sequence: number }[] = [];
  #desired: readonly SourcedAssignment[] = [];
  #fence: Fence = new Map();
  /** Attempts that were taken up by a fork in place, before the coordinator could grant them. */
  readonly #forkedInto = new Set<string>();
  /** The latest report when an attempt was over here: what the coordinator said before it had that may still want it. */
  readonly #overIn = new Map<string, number>();
  #taken = 0;
  #isCurrent = false;
  #isDraining = false;
  #contact: Contact;
  #heartbeats = 0;

  constructor(host: LoopHost) {
    this.#host = host;
    this.#contact = beginContact(host.clock());
  }

  /** Takes what the coordinator has said: what should be running now. */
  desire(said: SessionResponse): void {
    const assignments = toSourced(said);
    this.#contact = noteAnswer(this.#contact, said, this.#host.clock());
    this.#isCurrent = true;
    this.#desired = assignments;
    this.#taken = said.takenSequence;
    for (const assignment of assignments) {
      const run = this.#runs.get(assignment.slot);
      if (run !== undefined && isSameAttempt(run, assignment)) run.wishes = toWishes(assignment);
    }
    this.#reconcile();
  }

  /** The coordinator is out of reach: what runs goes on for a while. */
  disconnect(): void {
    this.#isCurrent = false;
  }

  /** Stops what has been without contact for too long; to be called often. */
  checkContact(): void {
    const now = this.#host.clock();
    const isOver = isOrphaned(this.#contact, now, this.#host.orphanMs);
    const isCut = isCutOff(this.#contact, now);
    for (const run of this.#runs.values()) {
      if (run.isFinishing || run.withdrawn.signal.aborted) continue;
      if (isOver) run.withdrawn.abort(ORPHANED);
      else if (isCut && run.exclusive) run.withdrawn.abort(CUT_OFF);
    }
  }

  /**
   * Stops attempts that have been superseded. One that was taken up by a fork which the coordinator has not taken was never granted,
   * and may be under the same number.
   */
  withdraw(attempts: readonly AttemptRef[]): void {
    for (const attempt of attempts)
      if (this.#forkedInto.delete(toKey(attempt))) this.#fence = lowerFence(this.#fence, attempt);
    for (const run of this.#runs.values()) {
      if (attempts.some((attempt) => isSameAttempt(attempt, run))) this.#stop(run, 'superseded');
    }
  }

  /** Starts nothing any more; fulfilled once nothing runs. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#host.onChange();
    if (this.#runs.size === 0) this.#idle.resolve();
    return this.#idle.promise;
  }

  /** Stops everything; fulfilled once nothing is left. */
  async stop(): Promise<void> {
    this.#isDraining = true;
    for (const run of this.#runs.values()) this.#stop(run, 'the agent stops');
    await Promise.all([...this.#runs.values()].map(async ({ freed }) => freed));
    await Promise.all(this.#host.runners.map(async (runner) => runner.stop()));
  }

  /** Checkpoints that attempts were started from: they may be reading them, whoever else needs them. */
  get startIds(): readonly string[] {
    return [...this.#runs.values()].map(({ startId }) => startId).filter((id) => id !== undefined);
  }

  /** What the agent is now; to be sent at once. */
  heartbeat(): SessionRequest {
    const number = ++this.#heartbeats;
    this.#contact = noteSent(this.#contact, number, this.#host.clock());
    const { store, incarnation, name = hostname(), version, runners } = this.#host;
    this.#ended = this.#ended.filter(({ sequence }) => sequence > store.acknowledged);
    const live = [...this.#runs.values()].filter(({ isFinishing }) => !isFinishing);
    const running = [...live.map(toRunning), ...this.#ended.map(({ attempt }) => attempt)];
    const slots = runners.map(({ slot: { name: slot, kind, description } }) => ({
      name: slot,
      kind,
      description,
    }));
    const draining = this.#isDraining;
    const { agentId, acknowledged: acknowledgedSequence } = store;
    const self = { agentId, incarnation, name, version, slots };
    const loads = this.#host.loads();
    return { ...self, running, draining, leaving: false, number, acknowledgedSequence, loads };
  }

  #reconcile(): void {
    const actual = {
      slots: this.#host.runners.map(({ slot }) => slot.name),
      occupants: [...this.#runs.values()].map((run) => this.#toOccupant(run)),
      fence: this.#fence,
      mayStart: this.#isCurrent && !this.#isDraining,
      isCutOff: isCutOff(this.#contact, this.#host.clock()),
    };
    for (const action of reconcile(actual, this.#desired)) {
      if (action.kind === 'start') this.#start(action.assignment);
      else {
        const run = this.#runs.get(action.occupant.slot);
        if (run !== undefined) this.#stop(run, 'withdrawn');
      }
    }
    if (this.#isCurrent && !this.#isDraining) this.#handBack();
    if (this.#isDraining && this.#isCurrent) this.#decline();
    for (const waiting of this.#desired) {
      const run = this.#runs.get(waiting.slot);
      if (run !== undefined && !isSameAttempt(run, waiting)) this.#host.prefetch(waiting);
    }
  }

  /**
   * A coordinator that is an older copy may grant under a number that was taken up here before: it is not started again. It is handed
   * back, so that the next one has a higher number, if the coordinator still wants it after all that was said of it.
   */
  #handBack(): void {
    const running = new Set([...this.#runs.values()].map(toKey));
    for (const wanted of this.#desired) {
      const key = toKey(wanted);
      if (running.has(key) || isBeforeFence(this.#fence, wanted)) continue;
      if ((this.#overIn.get(key) ?? 0) > this.#taken) continue;
      const { stageId, attempt } = wanted;
      const message = `this agent has taken up attempt ${attempt} or a later one before: the coordinator is an older copy`;
      const ended = { outcome: 'released', message };
      this.#overIn.set(
        key,
        this.#host.store.append({ stageId, attempt, item: { $case: 'ended', ended } }),
      );
      this.#host.log(`${describe(wanted)}: handed back, since it was here before`);
    }
  }

  /** What was granted before the coordinator could know that nothing is started any more goes back at once. */
  #decline(): void {
    for (const { stageId, attempt } of this.#desired) {
      if (!isBeforeFence(this.#fence, { stageId, attempt })) continue;
      this.#fence = raiseFence(this.#fence, { stageId, attempt });
      const ended = { outcome: 'released', message: 'the agent was about to leave' };
      const sequence = this.#host.store.append({
        stageId,
        attempt,
        item: { $case: 'ended', ended },
      });
      this.#overIn.set(toKey({ stageId, attempt }), sequence);
    }
  }

  #start(assignment: SourcedAssignment): void {
    const runner = this.#host.runners.find(({ slot }) => slot.name === assignment.slot);
    if (runner === undefined) return;
    this.#fence = raiseFence(this.#fence, assignment);
    const withdrawn = new AbortController();
    const freed = toDeferred<void>();
    const run: Run = {
      ...toRunning(assignment),
      sweepId: assignment.sweepId,
      exclusive: assignment.exclusive,
      startId: assignment.start?.checkpointId,
      withdrawn,
      freed: freed.promise,
      changedIn: 0,
      wishes: toWishes(assignment),
      isFinishing: false,
    };
    this.#runs.set(assignment.slot, run);
    this.#host.log(`${describe(assignment)}: started on ${assignment.slot}`);
    void this.#run(runner, assignment, run).then(freed.resolve);
    this.#host.onChange();
  }

  async #run(runner: SlotRunner, assignment: SourcedAssignment, run: Run): Promise<void> {
    const { signal } = run.withdrawn;
    try {
      await runner.run(parseAssignment(assignment), signal, {
        report: (item) => void this.#report(run, item),
        wishes: () => ({ ...run.wishes, isToLeave: this.#isDraining }),
        ended: (ending) => this.#end(run, ending),
      });
    } catch (error) {
      // One attempt must not take the others on this host with it, whatever went wrong.
      await runner.stop();
      if (!signal.aborted && !run.isFinishing) this.#end(run, toLost(error));
    }
    const silence = SILENCES.find((ending) => ending === signal.reason);
    if (silence !== undefined) this.#end(run, silence);
    this.#free(run);
  }

  #end(run: Run, { outcome, message }: Ending): void {
    // A fork that leaves nobody in place has ended the attempt already.
    const sequence =
      outcome === 'forked'
        ? run.changedIn
        : this.#report(run, {
            $case: 'ended',
            ended: { outcome, message: cut(message, WORDS_MOST) },
          });
    this.#ended.push({ attempt: toRunning(run), sequence });
    run.isFinishing = true;
    this.#host.log(`${describe(run)}: ${outcome}${toFirstLine(message)}`);
  }

  #free(run: Run): void {
    this.#runs.delete(run.slot);
    this.#overIn.set(toKey(run), this.#host.store.last);
    this.#reconcile();
    this.#host.onChange();
    if (this.#isDraining && this.#runs.size === 0) this.#idle.resolve();
  }

  #stop(run: Run, why: string): void {
    if (run.isFinishing || run.withdrawn.signal.aborted) return;
    this.#host.log(`${describe(run)}: stopped (${why})`);
    run.withdrawn.abort();
  }

  #report(run: Run, item: ReportItem): number {
    const { stageId, attempt } = run;
    const sequence = this.#host.store.append({ stageId, attempt, item });
    if (item.$case === 'checkpoint')
      this.#host.onCheckpoint(item.checkpoint.checkpointId, sequence);
    if (item.$case === 'forked') this.#fork(run, item.forked, sequence);
    return sequence;
  }

  /** What runs on is the child that goes on in place. The coordinator gives it the same id. */
  #fork(run: Run, { epoch, classes, inPlace }: StageForked, sequence: number): void {
    run.changedIn = sequence;
    this.#overIn.set(toKey(run), sequence);
    const leading = inPlace === undefined ? undefined : classes[inPlace]?.members[0];
    this.#host.log(`${describe(run)}: forked at epoch ${epoch} into ${classes.length}`);
    if (leading === undefined) return;
    // A coordinator that is an older copy must not give its number to another attempt before it has heard of the fork.
    this.#ended.push({ attempt: toRunning(run), sequence });
    run.stageId = toChildId(run.stageId, toTrialId(run.sweepId, leading), epoch);
    run.attempt = 1;
    this.#fence = raiseFence(this.#fence, run);
    this.#forkedInto.add(toKey(run));
  }

  #toOccupant({ stageId, attempt, slot, withdrawn, isFinishing, changedIn }: Run): Occupant {
    const stopping = isFinishing || withdrawn.signal.aborted;
    return { stageId, attempt, slot, stopping, isAhead: changedIn > this.#taken };
  }
}

/** Endings of attempts whose coordinator stayed away; also the reasons that their withdrawals carry. */
const ORPHANED: Ending = {
  outcome: 'lost',
  message:
    'the agent stopped it: the coordinator was out of reach for longer than the orphan limit',
};

const CUT_OFF: Ending = {
  outcome: 'lost',
  message:
    'the agent stopped it: it is exclusive, and the coordinator could have given it to another agent soon',
};

const SILENCES: readonly Ending[] = [ORPHANED, CUT_OFF];

/** What the coordinator keeps of an ending's words, and what a person finds in the log besides. */
const WORDS_MOST = 2 * BOUNDS.wordsCharacters;

function toRunning({ stageId, attempt, slot }: RunningAttempt): RunningAttempt {
  return { stageId, attempt, slot };
}

function toKey({ stageId, attempt }: AttemptRef): string {
  return `${stageId}:${attempt}`;
}

function describe({ stageId, attempt }: AttemptRef): string {
  return `stage ${stageId}, attempt ${attempt}`;
}

function toLost(error: unknown): Ending {
  return { outcome: 'lost', message: reasonOf(error) };
}

/** What a trial said goes to a terminal only without control characters. */
function toFirstLine(message: string): string {
  const line = toPlainLine(message.split('\n')[0] ?? '');
  return line === '' ? '' : `: ${line}`;
}
