// One attempt of a stage: fetch, open, restore, train epoch after epoch, fork, report.
// Promise: a strategy sees recorded metrics where there are any and else what was just trained, and nothing else; what an epoch
// rests on is reported before it; every attempt comes to exactly one ending.

import { EspalierError } from '../../src/domain/errors.ts';
import type { SizedFile } from '../../src/domain/names.ts';
import { findDivergence, type Metrics } from '../../src/domain/objective.ts';
import { hasFindings } from '../../src/lr/find.ts';
import { type Answer, type Command, fromJsonNumber } from '../../src/trial/protocol.ts';
import type { ReportRequest } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Sources, StageAttempt, Start } from '../core/assignment.ts';
import { decideStep, type Step, type Wishes } from '../core/boundary.ts';
import { isBetter, isToSave } from '../core/checkpoint-rule.ts';
import {
  fold,
  type Member,
  type MemberSpec,
  observe,
  toFollowers,
  toMembers,
} from '../core/cohort.ts';
import type { Series } from '../core/control-vector.ts';
import { describeMissingMetric, type Ending } from '../core/outcome.ts';
import { summarizeRates, toRateChunks } from '../core/rate-report.ts';
import { type RangeTest, toRangeTests } from '../core/rates-to-find.ts';
import { toMetrics } from './answer.ts';
import { findMismatch, toEpoch, toFailure, toOpen, valueOf } from './messages.ts';
import { evaluateOwn, type StrategiesAnswer, type StrategiesCommand } from './own-strategies.ts';
import { findRates } from './range-tests.ts';

/** What is reported of an attempt. */
export type ReportItem = NonNullable<ReportRequest['item']>;

/** Where the code and data of a stage lie on this machine. */
export type FetchedSources = { readonly bundle: string; readonly files: string };

/** The trial's process, as far as an attempt needs it. */
export type Trainer = {
  ask(command: Command, limitMs?: number): Promise<Answer>;
  /** The last lines of its output. */
  tail(): string;
};

/** Where checkpoints lie on this machine. */
export type CheckpointHost = {
  /** A new empty folder. */
  readonly reserve: () => Promise<string>;
  /** Removes such a folder. */
  readonly discard: (folder: string) => Promise<void>;
  /** Keeps what lies in such a folder under the id of its manifest. */
  readonly keep: (folder: string) => Promise<{ id: string; files: readonly SizedFile[] }>;
  /** The folder of a checkpoint; undefined where it cannot be had any more. */
  readonly fetch: (start: Start) => Promise<string | undefined>;
};

/** What an attempt needs of the agent. Whatever rejects ends the attempt as lost. */
export type AttemptHost = {
  readonly fetchSources: (sources: Sources) => Promise<FetchedSources>;
  readonly fetchMembers: (stageId: string) => Promise<readonly MemberSpec[]>;
  readonly fetchHistory: (stageId: string) => Promise<ReadonlyMap<number, Metrics>>;
  readonly checkpoints: CheckpointHost;
  readonly startTrainer: (stage: StageAttempt) => Promise<Trainer>;
  /** What is wanted of the attempt now. */
  readonly wishes: () => Wishes;
  readonly report: (item: ReportItem) => void;
  readonly limits: { readonly openedMs: number; readonly epochMs?: number };
};

type Opened = Extract<Answer, { kind: 'opened' }>;
/** The answer to an epoch. */
export type Trained = Extract<Answer, { kind: 'trained' }>;

/** Runs the attempt to its end. Never rejects. */
export async function runAttempt(stage: StageAttempt, host: AttemptHost): Promise<Ending> {
  try {
    return await new Attempt(stage, host).run();
  } catch (error) {
    const outcome = error instanceof EspalierError && error.code === 'invalid' ? 'failed' : 'lost';
    return { outcome, message: error instanceof Error ? error.message : String(error) };
  }
}

/** What is fetched before a trial opens. */
type Fetched = {
  readonly sources: FetchedSources;
  readonly members: readonly MemberSpec[];
  readonly history: ReadonlyMap<number, Metrics>;
  readonly folder: string | undefined;
};

class Attempt {
  readonly #stage: StageAttempt;
  readonly #host: AttemptHost;
  /** Recorded metrics by epoch. */
  #history: ReadonlyMap<number, Metrics> = new Map();
  #members: readonly Member[] = [];
  /** The first epoch that is not on record. */
  #due: number;
  /** Epochs behind the latest checkpoint. */
  #saved = 0;
  #best: number | undefined;
  /** What has been reported, in order; what has still to be made ready holds up what follows it. */
  #reported: Promise<void> = Promise.resolve();

  constructor(stage: StageAttempt, host: AttemptHost) {
    this.#stage = stage;
    this.#host = host;
    this.#due = stage.fromEpoch + stage.recordedEpochs;
  }

  async run(): Promise<Ending> {
    const { sources, members, history, folder } = await this.#fetch();
    this.#history = history;
    const trainer = await this.#host.startTrainer(this.#stage);
    const { absent } = this.#host.wishes();
    const tests = toRangeTests(members.filter(({ number }) => !absent.has(number)));
    if (tests.length > 0) return this.#findRates(tests, trainer, sources);
    const opened = await trainer.ask(toOpen(this.#stage, sources), this.#openedMs);
    if (opened.kind !== 'opened') return toFailure('open', opened, trainer);
    this.#reportOpened(opened);
    const epoch = folder === undefined ? 0 : (this.#stage.start?.epoch ?? 0);
    if (folder !== undefined) {
      const restored = await trainer.ask({ kind: 'restore', path: folder }, this.#openedMs);
      if (restored.kind !== 'restored') return toFailure('restore', restored, trainer);
    }
    // What has ended before its rates were found has none.
    const ready = members.filter(({ spec }) => !hasFindings(spec));
    this.#begin(ready, epoch, opened.steps_per_epoch);
    try {
      return await this.#train(trainer, opened, epoch);
    } finally {
      // What the end rests on is told before it, also where it is thrown: a fork has then ended another stage.
      await this.#reported;
    }
  }

  /** Hands the stage back with what was found: its next attempt trains with that. */
  async #findRates(
    tests: readonly RangeTest[],
    trainer: Trainer,
    sources: FetchedSources,
  ): Promise<Ending> {
    const { limits } = this.#host;
    const onOpened = (opened: Opened): void => this.#reportOpened(opened);
    const bench = { stage: this.#stage, sources, trainer, limits, onOpened };
    const found = await findRates(tests, bench);
    if (!('outcome' in found)) this.#report({ $case: 'rates', rates: found });
    await this.#reported;
    if ('outcome' in found) return found;
    return { outcome: 'released', message: 'the range tests are over' };
  }

  get #openedMs(): number {
    return this.#host.limits.openedMs;
  }

  async #fetch(): Promise<Fetched> {
    const { stageId, start } = this.#stage;
    const { fetchSources, fetchMembers, fetchHistory, checkpoints } = this.#host;
    const [sources, members, history, folder] = await Promise.all([
      fetchSources(this.#stage),
      fetchMembers(stageId),
      this.#due > 0 ? fetchHistory(stageId) : this.#history,
      start && checkpoints.fetch(start),
    ]);
    return { sources, members, history, folder };
  }

  #begin(members: readonly MemberSpec[], epoch: number, stepsPerEpoch: number): void {
    const { objective } = this.#stage;
    this.#members = fold(toMembers(members, { stepsPerEpoch, objective }), this.#history, epoch);
    this.#saved = epoch;
    for (const metrics of this.#history.values()) this.#judge(metrics);
  }

  async #train(trainer: Trainer, opened: Opened, from: number): Promise<Ending> {
    for (let epoch = from; ;) {
      this.#members = await this.#evaluateOwn(trainer, opened, epoch);
      const step = this.#decide(opened, epoch);
      switch (step.kind) {
        case 'end':
          return { outcome: 'completed', message: '' };
        case 'fail':
          return { outcome: 'failed', message: step.message };
        case 'hand-over':
          return (
            (await this.#save(trainer, epoch)) ?? { outcome: 'released', message: 'handed over' }
          );
        case 'fork': {
          const ending = await this.#fork(trainer, opened, epoch, step);
          if (ending !== undefined) return ending;
          break;
        }
        case 'train': {
          const ending = await this.#trainEpoch(trainer, opened, epoch, step);
          if (ending !== undefined) return ending;
          epoch += 1;
        }
      }
    }
  }

  /** Strategies of one's own are evaluated by the process, which has their code. */
  async #evaluateOwn(
    trainer: Trainer,
    { steps_per_epoch: stepsPerEpoch }: Opened,
    epoch: number,
  ): Promise<readonly Member[]> {
    const { objective } = this.#stage;
    const ask = async (command: StrategiesCommand): Promise<StrategiesAnswer> => {
      const answer = await trainer.ask(command, this.#openedMs);
      if (answer.kind === 'strategies') return answer;
      throw new EspalierError('invalid', toFailure('strategies', answer, trainer).message);
    };
    return evaluateOwn(this.#members, { epoch, stepsPerEpoch, objective }, ask);
  }

  #decide({ steps_per_epoch: stepsPerEpoch, can_save: canSave }: Opened, epoch: number): Step {
    const standing = { members: this.#members, epoch, due: this.#due, stepsPerEpoch, canSave };
    return decideStep(standing, this.#host.wishes());
  }

  async #trainEpoch(
    trainer: Trainer,
    opened: Opened,
    epoch: number,
    { members, controls }: Extract<Step, { kind: 'train' }>,
  ): Promise<Ending | undefined> {
    const trained = await trainer.ask(toEpoch(epoch, controls), this.#host.limits.epochMs);
    if (trained.kind !== 'trained') return toFailure('epoch', trained, trainer);
    // Whatever went wrong with what was to be reported before has ended the attempt here.
    await this.#reported;
    const fresh = toMetrics(trained);
    const problem =
      findMismatch(trained, epoch, opened.steps_per_epoch) ??
      describeMissingMetric(toFollowers(members, this.#stage.objective, fresh), fresh);
    if (problem !== undefined) return { outcome: 'failed', message: problem };
    this.#reportEpoch(trained, fresh, controls.learningRate);
    this.#members = observe(members, epoch, this.#history.get(epoch) ?? fresh);
    const divergence = findDivergence(epoch, fresh);
    if (divergence !== undefined) return { outcome: 'diverged', message: divergence };
    // Before its first epoch a stage has no checkpoints of its own.
    if (epoch < this.#stage.fromEpoch || !opened.can_save) return undefined;
    const isWorthSaving = this.#isWorthSaving(epoch + 1, fresh);
    this.#judge(fresh);
    return isWorthSaving ? this.#save(trainer, epoch + 1) : undefined;
  }

  #isWorthSaving(done: number, metrics: Metrics): boolean {
    const { checkpointEvery: every, keep, objective } = this.#stage;
    const rule = { every, keep, mode: objective.mode };
    const value = valueOf(metrics, objective.metric);
    const { bestValue: sweepBest } = this.#host.wishes();
    const [saved, members, best] = [this.#saved, this.#members, this.#best];
    return isToSave(rule, { done, saved, members, value, best, sweepBest });
  }

  #judge(metrics: Metrics): void {
    const { metric, mode } = this.#stage.objective;
    const value = valueOf(metrics, metric);
    if (isBetter(mode, value, this.#best)) this.#best = value;
  }

  /** Saves what has been trained before `epoch`, unless that is where the attempt began. */
  async #save(trainer: Trainer, epoch: number): Promise<Ending | undefined> {
    if (this.#saved === epoch || epoch < this.#stage.fromEpoch) return undefined;
    const { reserve, discard, keep } = this.#host.checkpoints;
    const path = await reserve();
    const saved = await trainer.ask({ kind: 'save', path }, this.#openedMs);
    if (saved.kind !== 'saved') {
      await discard(path);
      return toFailure('save', saved, trainer);
    }
    this.#saved = epoch;
    // Hashed while the next epoch trains.
    this.#later(async () => {
      const { id, files } = await keep(path);
      this.#host.report({
        $case: 'checkpoint',
        checkpoint: { checkpointId: id, epoch, files: [...files] },
      });
    });
    return undefined;
  }

  async #fork(
    trainer: Trainer,
    opened: Opened,
    epoch: number,
    { classes, inPlace, members }: Extract<Step, { kind: 'fork' }>,
  ): Promise<Ending | undefined> {
    const failure = opened.can_save ? await this.#save(trainer, epoch) : undefined;
    if (failure !== undefined) return failure;
    const forked = {
      epoch,
      classes: classes.map((same) => ({ members: [...same] })),
      inPlace: inPlace ?? undefined,
    };
    this.#report({ $case: 'forked', forked });
    if (inPlace === null) return { outcome: 'forked', message: '' };
    this.#members = members;
    this.#reportOpened(opened);
    return undefined;
  }

  /** Carries something out after everything that was reported before. */
  #later(work: () => Promise<void> | void): void {
    this.#reported = this.#reported.then(work);
    this.#reported.catch(() => undefined);
  }

  #report(item: ReportItem): void {
    this.#later(() => this.#host.report(item));
  }

  #reportOpened(opened: Opened): void {
    const { steps_per_epoch: stepsPerEpoch, backend, numerics, can_save: canSave } = opened;
    this.#report({ $case: 'opened', opened: { stepsPerEpoch, backend, numerics, canSave } });
  }

  #reportEpoch(trained: Trained, metrics: Metrics, rates: Series): void {
    const { epoch, steps, seconds } = trained;
    for (const chunk of toRateChunks(rates)) {
      this.#report({ $case: 'series', series: { epoch, ...chunk } });
    }
    this.#report({
      $case: 'epoch',
      epoch: {
        epoch,
        metrics: Object.entries(metrics).map(([name, value]) => ({ name, value })),
        steps,
        ...summarizeRates(rates),
        lrApplied: fromJsonNumber(trained.learning_rate),
        seconds,
      },
    });
  }
}
