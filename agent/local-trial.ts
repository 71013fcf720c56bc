// A trial that is trained on this machine without a coordinator: one process, asked one thing at a time.
// Promise: an answer is what was asked for; anything else is thrown, in words with the end of the trial's output.

import { EspalierError } from '../src/domain/errors.ts';
import { fromJsonNumber } from '../src/domain/json-number.ts';
import type { Answer, AnswerOf, Command, CommandOf } from '../src/trial/protocol.ts';
import type { ControlVector } from './core/control-vector.ts';
import { findLossMismatch, toEpoch, toRangeTest, toRangeTestMs } from './trial/messages.ts';
import type { TrialProcess } from './trial/trial-process.ts';

const CLOSE_MS = 10_000;

/** How long a trial may be silent. */
export type AskLimits = { readonly openedMs: number; readonly epochMs: number | undefined };

/** What a trial is opened with. */
export type Opening = Omit<CommandOf<'open'>, 'kind'>;

/** The steps of a range test, a learning rate for each. */
type RangeTestSteps = {
  readonly learningRates: readonly number[];
  readonly stopFactor: number;
  readonly stepsPerEpoch: number;
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
  async open(opening: Opening): Promise<AnswerOf<'opened'>> {
    this.#process.log.end();
    this.#process.log.begin(() => undefined);
    return this.#ask({ kind: 'open', ...opening }, 'opened', this.#limits.openedMs);
  }

  /** Trains the 0-based `epoch`. */
  async train(epoch: number, controls: ControlVector): Promise<AnswerOf<'trained'>> {
    return this.#ask(toEpoch(epoch, controls), 'trained', this.#limits.epochMs);
  }

  /** Evaluates strategies of one's own of the trial that is open. */
  async strategies(command: CommandOf<'strategies'>): Promise<AnswerOf<'strategies'>> {
    return this.#ask(command, 'strategies', this.#limits.openedMs);
  }

  /** Looks whether strategies of one's own are what they must be; no trial need be open. */
  async check(command: CommandOf<'check'>): Promise<AnswerOf<'checked'>> {
    this.#process.log.end();
    this.#process.log.begin(() => undefined);
    return this.#ask(command, 'checked', this.#limits.openedMs);
  }

  /** Tests learning rates on the trial that was just opened; afterwards it can only be closed. Each epoch has an epoch's time. */
  async rangeTest(test: RangeTestSteps): Promise<RangeTested> {
    const { learningRates, stopFactor, stepsPerEpoch } = test;
    const steps = learningRates.length;
    const limitMs = toRangeTestMs(steps, stepsPerEpoch, this.#limits.epochMs);
    const command = toRangeTest(learningRates, stopFactor);
    const { losses, stopped } = await this.#ask(command, 'range_tested', limitMs);
    const problem = findLossMismatch(losses.length, steps);
    if (problem !== undefined) throw new EspalierError('trials-failed', problem);
    return { losses: losses.map(fromJsonNumber), stopped: stopped ?? undefined };
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
  ): Promise<AnswerOf<K>> {
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

function isOfKind<K extends Answer['kind']>(answer: Answer, kind: K): answer is AnswerOf<K> {
  return answer.kind === kind;
}
