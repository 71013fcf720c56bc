// What an attempt says to a trial's process, and what it makes of the answers.

import type { Metrics } from '../../src/domain/objective.ts';
import { TIMER_MOST_MS } from '../../src/domain/timer.ts';
import type { Answer, AnswerOf, Command, CommandOf } from '../../src/trial/protocol.ts';
import type { StageAttempt } from '../core/assignment.ts';
import type { ControlVector, Series } from '../core/control-vector.ts';
import type { Ending } from '../core/outcome.ts';
import type { FetchedSources, Trainer } from './attempt-host.ts';

/** Characters of an ending's message. */
const MAX_WORDS = 16 * 1024;

/** Opens the trial of a stage. */
export function toOpen(stage: StageAttempt, sources: FetchedSources): Command {
  const { config, seed, backends, mostEpochs: epochs } = stage;
  return { kind: 'open', ...sources, config, seed, epochs, backends };
}

/** Trains one epoch. */
export function toEpoch(epoch: number, { learningRate, momentum }: ControlVector): Command {
  const command = { kind: 'epoch', epoch, learning_rate: toJson(learningRate) } as const;
  return momentum === undefined ? command : { ...command, momentum: toJson(momentum) };
}

/** Tests a learning rate a step, each as the tensors see it: float32. */
export function toRangeTest(
  learningRates: readonly number[],
  stopFactor: number,
): CommandOf<'range_test'> {
  const learning_rate = learningRates.map((rate) => Math.fround(rate));
  return { kind: 'range_test', learning_rate, stop_factor: stopFactor };
}

/** How long a range test may take: as long as the epochs that its steps reach into. */
export function toRangeTestMs(
  steps: number,
  stepsPerEpoch: number,
  epochMs: number | undefined,
): number | undefined {
  if (epochMs === undefined) return undefined;
  return Math.min(epochMs * Math.ceil(steps / stepsPerEpoch), TIMER_MOST_MS);
}

function toJson(series: Series): number | readonly number[] {
  return typeof series === 'number' ? series : Array.from(series);
}

/** A metric by its name. Own names only: one may be called like something that every object has. */
export function valueOf(metrics: Metrics, name: string): number | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}

/** Words for an answer that is of another epoch, or of another length, than was asked. */
export function findMismatch(
  trained: AnswerOf<'trained'>,
  epoch: number,
  steps: number,
): string | undefined {
  if (trained.epoch !== epoch) {
    return `the trial answered for epoch ${trained.epoch} when epoch ${epoch} was asked`;
  }
  if (trained.steps === steps) return undefined;
  return `the trial trained ${trained.steps} steps in epoch ${epoch}; it was opened with ${steps} steps an epoch`;
}

/** Words for a number of losses that cannot be that of a range test of so many steps, which may stop early. */
export function findLossMismatch(losses: number, steps: number): string | undefined {
  if (losses > 0 && losses <= steps) return undefined;
  return `${losses} losses came for the ${steps} steps of the range test`;
}

/** What Node, TensorFlow and Python say when a disk takes nothing more: the host's fault, whoever wrote. */
const NO_ROOM = /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded/i;

/** The trial's own words, and the end of its output in so far as it says more. */
export function toFailure(asked: Command['kind'], answer: Answer, trainer: Trainer): Ending {
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
  const outcome = NO_ROOM.test(message) ? 'lost' : 'failed';
  return { outcome, message: words.slice(0, MAX_WORDS) };
}
