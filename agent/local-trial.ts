// A trial that is trained on this machine without a coordinator: one process, asked one thing at a time.
// Promise: an answer is what was asked for; anything else is thrown, in words with the end of the trial's output.

import { EspalierError } from '../src/domain/errors.ts';
import { type Answer, type Command, fromJsonNumber } from '../src/trial/protocol.ts';
import type { ControlVector } from './core/control-vector.ts';
import { toEpoch, toRangeTest } from './trial/messages.ts';
import type { StrategiesAnswer, StrategiesCommand } from './trial/own-strategies.ts';
import type { TrialProcess } from './trial/trial-process.ts';

const CLOSE_MS = 10_000;
/** setTimeout counts in 31 bits. */
const TIMER_MOST_MS = 2 ** 31 - 1;

/** How long a trial may be silent. */
export type AskLimits = { readonly openedMs: number; readonly epochMs: number | undefined };

/** What a trial is opened with. */
export type Opening = Omit<Extract<Command, { kind: 'open' }>, 'kind'>;

export type Opened = Extract<Answer, { kind: 'opened' }>;
export type Trained = Extract<Answer, { kind: 'trained' }>;
export type Checked = Extract<Answer, { kind: 'checked' }>;

/** A range test: a learning rate for each step, and how many epochs the steps touch. */
export type RangeTest = {
  readonly learningRates: readonly number[];
  readonly stopFactor: number;
  readonly epochs: number;
};

/** Losses of the steps that were trained, and why the others were not. */
export type RangeTested = {
  readonly losses: readonly number[];
  readonly stopped: string | undefined;
};

/** A process that trains, opened for one trial after another. */
export class LocalTrial {
  readonly #process: TrialProcess;
  readonly #limits: AskLimits;

  constructor(process: TrialProcess, limits: AskLimits) {
    this.#process = process;
    this.#limits = limits;
  }

  /** False once it has failed: then only `stop` is left. */
  get isUsable(): boolean {
    return this.#process.isUsable;
  }

  /** Opens a trial; one that is open is closed. Like `train` and `save` it throws `EspalierError('trials-failed')`. */
  async open(opening: Opening): Promise<Opened> {
    this.#process.log.end();
    this.#process.log.begin(() => undefined);
    return this.#ask({ kind: 'open', ...opening }, 'opened', this.#limits.openedMs);
  }

  /** Trains the 0-based `epoch`. */
  async train(epoch: number, controls: ControlVector): Promise<Trained> {
    return this.#ask(toEpoch(epoch, controls), 'trained', this.#limits.epochMs);
  }

  /** Evaluates strategies of one's own of the trial that is open. */
  async strategies(command: StrategiesCommand): Promise<StrategiesAnswer> {
    return this.#ask(command, 'strategies', this.#limits.openedMs);
  }

  /** Looks whether strategies of one's own are what they must be; no trial need be open. */
  async check(command: Extract<Command, { kind: 'check' }>): Promise<Checked> {
    this.#process.log.begin(() => undefined);
    return this.#ask(command, 'checked', this.#limits.openedMs);
  }

  /** Tests learning rates on the trial that was just opened; afterwards it can only be closed. Each epoch has an epoch's time. */
  async rangeTest({ learningRates, stopFactor, epochs }: RangeTest): Promise<RangeTested> {
    const { epochMs } = this.#limits;
    const limitMs = epochMs === undefined ? undefined : Math.min(epochMs * epochs, TIMER_MOST_MS);
    const command = toRangeTest(learningRates, stopFactor);
    const { losses, stopped } = await this.#ask(command, 'range_tested', limitMs);
    if (losses.length > 0 && losses.length <= learningRates.length)
      return { losses: losses.map(fromJsonNumber), stopped: stopped ?? undefined };
    const words = `${losses.length} losses came for the ${learningRates.length} steps of the range test`;
    throw new EspalierError('trials-failed', words);
  }

  /** Saves the trial into an empty folder. */
  async save(path: string): Promise<void> {
    await this.#ask({ kind: 'save', path }, 'saved', this.#limits.openedMs);
  }

  /** Closes the trial that is open, whose own code may have something to put in order. What it answers does not matter. */
  async close(): Promise<void> {
    await this.#process.ask({ kind: 'close' }, CLOSE_MS);
  }

  /** Ends the process; returns when nothing that it started is left. */
  async stop(): Promise<void> {
    await this.#process.stop();
  }

  async #ask<K extends Answer['kind']>(
    command: Command,
    kind: K,
    limitMs: number | undefined,
  ): Promise<Extract<Answer, { kind: K }>> {
    const answer = await this.#process.ask(command, limitMs);
    if (isOfKind(answer, kind)) return answer;
    const words = answer.kind === 'failed' ? answer.message : `the trial answered ${answer.kind}`;
    const asked =
      command.kind === 'epoch' ? `epoch ${command.epoch}` : command.kind.replace('_', ' ');
    throw new EspalierError('trials-failed', `${asked}: ${this.#withOutput(words)}`);
  }

  /** With the last lines of its output, in so far as they say more. */
  #withOutput(words: string): string {
    const tail = this.#process.log.tail().split('\n');
    const more = tail.filter((line) => line.trim() !== '' && !words.includes(line.trim()));
    return more.length === 0 ? words : [words, 'the last lines of its output:', ...more].join('\n');
  }
}

function isOfKind<K extends Answer['kind']>(
  answer: Answer,
  kind: K,
): answer is Extract<Answer, { kind: K }> {
  return answer.kind === kind;
}
