// One attempt of one stage: fetch, open, train epoch after epoch, report.
// Promise: a strategy sees recorded metrics where there are any and else what was just trained, and nothing else; every
// attempt comes to exactly one ending.

import { EspalierError } from '../../src/domain/errors.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import { type Answer, type Command, fromJsonNumber } from '../../src/trial/protocol.ts';
import type { ReportRequest } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Sources, StageAttempt } from '../core/assignment.ts';
import { type Member, observe, partition, toFollowers, toMembers } from '../core/cohort.ts';
import { type ControlVector, findNonFinite, type Series } from '../core/control-vector.ts';
import { describeMissingMetric, type Ending, toEnding } from '../core/outcome.ts';
import { summarizeRates, toRateChunks } from '../core/rate-report.ts';
import { toMetrics } from './answer.ts';

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

/** What an attempt needs of the agent. Whatever rejects ends the attempt as lost. */
export type AttemptHost = {
  readonly fetchSources: (sources: Sources) => Promise<FetchedSources>;
  readonly fetchHistory: (stageId: string) => Promise<ReadonlyMap<number, Metrics>>;
  readonly startTrainer: (stage: StageAttempt) => Promise<Trainer>;
  readonly report: (item: ReportItem) => void;
  readonly limits: { readonly openedMs: number; readonly epochMs?: number };
};

/** Characters of an ending's message. */
const MAX_WORDS = 16 * 1024;

type Opened = Extract<Answer, { kind: 'opened' }>;
type Trained = Extract<Answer, { kind: 'trained' }>;

/** Runs the attempt to its end. Never rejects. */
export async function runAttempt(stage: StageAttempt, host: AttemptHost): Promise<Ending> {
  try {
    return await new Attempt(stage, host).run();
  } catch (error) {
    const outcome = error instanceof EspalierError && error.code === 'invalid' ? 'failed' : 'lost';
    return { outcome, message: error instanceof Error ? error.message : String(error) };
  }
}

class Attempt {
  readonly #stage: StageAttempt;
  readonly #host: AttemptHost;
  #history: ReadonlyMap<number, Metrics> = new Map();

  constructor(stage: StageAttempt, host: AttemptHost) {
    this.#stage = stage;
    this.#host = host;
  }

  async run(): Promise<Ending> {
    const { stageId, fromEpoch, recordedEpochs } = this.#stage;
    if (fromEpoch > 0) {
      const message = `this release of the agent cannot begin a stage at epoch ${fromEpoch}`;
      return { outcome: 'lost', message };
    }
    const [sources, history] = await Promise.all([
      this.#host.fetchSources(this.#stage),
      recordedEpochs > 0 ? this.#host.fetchHistory(stageId) : this.#history,
    ]);
    this.#history = history;
    const trainer = await this.#host.startTrainer(this.#stage);
    const opened = await trainer.ask(this.#toOpen(sources), this.#host.limits.openedMs);
    if (opened.kind !== 'opened') return toFailure('open', opened, trainer);
    this.#reportOpened(opened);
    return this.#train(trainer, opened.steps_per_epoch);
  }

  async #train(trainer: Trainer, stepsPerEpoch: number): Promise<Ending> {
    const { objective } = this.#stage;
    let members = toMembers(this.#stage.members, { stepsPerEpoch, objective });
    for (let epoch = 0; ; epoch += 1) {
      const controls = toOnlyControls(members, epoch, stepsPerEpoch);
      const trained = await trainer.ask(toEpoch(epoch, controls), this.#host.limits.epochMs);
      if (trained.kind !== 'trained') return toFailure('epoch', trained, trainer);
      const fresh = toMetrics(trained);
      const problem =
        findMismatch(trained, epoch, stepsPerEpoch) ??
        describeMissingMetric(toFollowers(members, objective), fresh);
      if (problem !== undefined) return { outcome: 'failed', message: problem };
      this.#reportEpoch(trained, fresh, controls.learningRate);
      members = observe(members, epoch, this.#history.get(epoch) ?? fresh);
      const left = Math.max(...members.map(({ epochs }) => epochs)) - epoch - 1;
      const ending = toEnding(epoch, fresh, left);
      if (ending !== undefined) return ending;
    }
  }

  #toOpen(sources: FetchedSources): Command {
    const { config, seed, members, backends } = this.#stage;
    const epochs = Math.max(...members.map((member) => member.epochs));
    return { kind: 'open', ...sources, config, seed, epochs, backends };
  }

  #reportOpened({ steps_per_epoch: stepsPerEpoch, backend, numerics }: Opened): void {
    this.#host.report({ $case: 'opened', opened: { stepsPerEpoch, backend, numerics } });
  }

  #reportEpoch(trained: Trained, metrics: Metrics, rates: Series): void {
    const { epoch, steps, seconds } = trained;
    for (const chunk of toRateChunks(rates)) {
      this.#host.report({ $case: 'series', series: { epoch, ...chunk } });
    }
    this.#host.report({
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

/** The controls that all members share. Throws `EspalierError('invalid')` where there are none to train with. */
function toOnlyControls(
  members: readonly Member[],
  epoch: number,
  stepsPerEpoch: number,
): ControlVector {
  const classes = partition(members, epoch, stepsPerEpoch);
  const [only] = classes;
  if (only === undefined || classes.length > 1) {
    const message = `the stage has ${classes.length} classes at epoch ${epoch}, and one can be trained`;
    throw new EspalierError('invalid', message);
  }
  const { learningRate, momentum = 0 } = only.controls;
  const wrong = findNonFinite(learningRate) ?? findNonFinite(momentum);
  if (wrong === undefined) return only.controls;
  throw new EspalierError(
    'invalid',
    `the strategy gives ${wrong.value} for step ${wrong.step} of epoch ${epoch}, which is nothing to train with`,
  );
}

function toEpoch(epoch: number, { learningRate, momentum }: ControlVector): Command {
  const command = { kind: 'epoch', epoch, learning_rate: toJson(learningRate) } as const;
  return momentum === undefined ? command : { ...command, momentum: toJson(momentum) };
}

function toJson(series: Series): number | readonly number[] {
  return typeof series === 'number' ? series : Array.from(series);
}

function findMismatch(trained: Trained, epoch: number, steps: number): string | undefined {
  if (trained.epoch !== epoch) {
    return `the trial answered for epoch ${trained.epoch} when epoch ${epoch} was asked`;
  }
  if (trained.steps === steps) return undefined;
  return `the trial trained ${trained.steps} steps in epoch ${epoch}; it was opened with ${steps} steps an epoch`;
}

/** The trial's own words, and the end of its output in so far as it says more. */
function toFailure(asked: Command['kind'], answer: Answer, trainer: Trainer): Ending {
  const { message, stack = '' } =
    answer.kind === 'failed'
      ? answer
      : { message: `the trial answered ${answer.kind} when ${asked} was asked` };
  const said = `${message} ${stack}`;
  const tail = trainer
    .tail()
    .split('\n')
    .filter((line) => !said.includes(line.trim()));
  const parts = [message, stack];
  if (tail.length > 0) parts.push('the last lines of its output:', ...tail);
  const words = parts.filter((part) => part !== '').join('\n');
  return { outcome: 'failed', message: words.slice(0, MAX_WORDS) };
}
