// One attempt of a stage: fetch, open, restore, train epoch after epoch, fork, report.
// Promise: a strategy sees recorded metrics where there are any and else what was just trained, and nothing else; what an epoch
// rests on is reported before it; every attempt comes to exactly one ending.

import { EspalierError, reasonOf } from '../../src/domain/errors.ts';
import { fromJsonMetrics } from '../../src/domain/json-number.ts';
import { findDivergence, type Metrics } from '../../src/domain/objective.ts';
import { hasFindings } from '../../src/lr/find.ts';
import type { AnswerOf, CommandOf } from '../../src/trial/protocol.ts';
import type { StageAttempt } from '../core/assignment.ts';
import { decideStep, type Step } from '../core/boundary.ts';
import {
  fold,
  type Member,
  type MemberSpec,
  observe,
  toFollowers,
  toMembers,
} from '../core/cohort.ts';
import { describeMissingMetric, type Ending } from '../core/outcome.ts';
import { type RangeTest, toRangeTests } from '../core/rates-to-find.ts';
import type { AttemptHost, FetchedSources, Trainer } from './attempt-host.ts';
import { findMismatch, toEpoch, toFailure, toOpen } from './messages.ts';
import { evaluateMembers } from './own-strategies.ts';
import { findRates } from './range-tests.ts';
import { Reports } from './reports.ts';
import { Saver } from './saver.ts';

/** Runs the attempt to its end. Never rejects. */
export async function runAttempt(stage: StageAttempt, host: AttemptHost): Promise<Ending> {
  try {
    return await new Attempt(stage, host).run();
  } catch (error) {
    const outcome = error instanceof EspalierError && error.code === 'invalid' ? 'failed' : 'lost';
    return { outcome, message: reasonOf(error) };
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
  readonly #reports: Reports;
  readonly #saver: Saver;
  /** Recorded metrics by epoch. */
  #history: ReadonlyMap<number, Metrics> = new Map();
  #members: readonly Member[] = [];
  /** The first epoch that is not on record. */
  readonly #due: number;

  constructor(stage: StageAttempt, host: AttemptHost) {
    this.#stage = stage;
    this.#host = host;
    this.#reports = new Reports(host.report);
    this.#saver = new Saver(stage, host, this.#reports);
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
    this.#reports.addOpened(opened);
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
      await this.#reports.sent();
    }
  }

  /** Hands the stage back with what was found: its next attempt trains with that. */
  async #findRates(
    tests: readonly RangeTest[],
    trainer: Trainer,
    sources: FetchedSources,
  ): Promise<Ending> {
    const { limits } = this.#host;
    const onOpened = (opened: AnswerOf<'opened'>): void => this.#reports.addOpened(opened);
    const bench = { stage: this.#stage, sources, trainer, limits, onOpened };
    const found = await findRates(tests, bench);
    if (!('outcome' in found)) this.#reports.add({ $case: 'rates', rates: found });
    await this.#reports.sent();
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
    this.#saver.begin(epoch, this.#history);
  }

  async #train(trainer: Trainer, opened: AnswerOf<'opened'>, from: number): Promise<Ending> {
    for (let epoch = from; ;) {
      this.#members = await this.#evaluateOwn(trainer, opened, epoch);
      const step = this.#decide(opened, epoch);
      switch (step.kind) {
        case 'end':
          return { outcome: 'completed', message: '' };
        case 'fail':
          return { outcome: 'failed', message: step.message };
        case 'hand-over': {
          const ending = await this.#saver.save(trainer, epoch);
          return ending ?? { outcome: 'released', message: 'handed over' };
        }
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
    { steps_per_epoch: stepsPerEpoch }: AnswerOf<'opened'>,
    epoch: number,
  ): Promise<readonly Member[]> {
    const { objective } = this.#stage;
    const ask = async (command: CommandOf<'strategies'>): Promise<AnswerOf<'strategies'>> => {
      const answer = await trainer.ask(command, this.#openedMs);
      if (answer.kind === 'strategies') return answer;
      throw new EspalierError('invalid', toFailure('strategies', answer, trainer).message);
    };
    return evaluateMembers(this.#members, { epoch, stepsPerEpoch, objective }, ask);
  }

  #decide(
    { steps_per_epoch: stepsPerEpoch, can_save: canSave }: AnswerOf<'opened'>,
    epoch: number,
  ): Step {
    const standing = { members: this.#members, epoch, due: this.#due, stepsPerEpoch, canSave };
    return decideStep(standing, this.#host.wishes());
  }

  async #trainEpoch(
    trainer: Trainer,
    opened: AnswerOf<'opened'>,
    epoch: number,
    { members, controls }: Extract<Step, { kind: 'train' }>,
  ): Promise<Ending | undefined> {
    const trained = await trainer.ask(toEpoch(epoch, controls), this.#host.limits.epochMs);
    if (trained.kind !== 'trained') return toFailure('epoch', trained, trainer);
    // Whatever went wrong with what was to be reported before has ended the attempt here.
    await this.#reports.sent();
    const fresh = fromJsonMetrics(trained.metrics);
    const problem =
      findMismatch(trained, epoch, opened.steps_per_epoch) ??
      describeMissingMetric(toFollowers(members, this.#stage.objective, fresh), fresh);
    if (problem !== undefined) return { outcome: 'failed', message: problem };
    this.#reports.addEpoch(trained, fresh, controls.learningRate);
    this.#members = observe(members, epoch, this.#history.get(epoch) ?? fresh);
    const divergence = findDivergence(epoch, fresh);
    if (divergence !== undefined) return { outcome: 'diverged', message: divergence };
    // Before its first epoch a stage has no checkpoints of its own.
    if (epoch < this.#stage.fromEpoch || !opened.can_save) return undefined;
    return this.#saveIfDue(trainer, epoch + 1, fresh);
  }

  async #saveIfDue(trainer: Trainer, done: number, metrics: Metrics): Promise<Ending | undefined> {
    const { bestValue: sweepBest } = this.#host.wishes();
    const isDue = this.#saver.isDue({ done, metrics, members: this.#members, sweepBest });
    return isDue ? this.#saver.save(trainer, done) : undefined;
  }

  async #fork(
    trainer: Trainer,
    opened: AnswerOf<'opened'>,
    epoch: number,
    { classes, inPlace, members }: Extract<Step, { kind: 'fork' }>,
  ): Promise<Ending | undefined> {
    const failure = opened.can_save ? await this.#saver.save(trainer, epoch) : undefined;
    if (failure !== undefined) return failure;
    const forked = {
      epoch,
      classes: classes.map((same) => ({ members: [...same] })),
      inPlace: inPlace ?? undefined,
    };
    this.#reports.add({ $case: 'forked', forked });
    if (inPlace === null) return { outcome: 'forked', message: '' };
    this.#members = members;
    this.#reports.addOpened(opened);
    return undefined;
  }
}
