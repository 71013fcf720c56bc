// A trial's process that trains the toy, as far as an attempt can see.

import type { Trainer } from '../../agent/trial/attempt-host.ts';
import { toJsonNumber } from '../../src/domain/json-number.ts';
import type { Config } from '../../src/domain/sweep.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import { evaluateOwn } from '../../src/trial/own/evaluate.ts';
import type { Disk } from './disk.ts';
import { testLosses } from './toy-range-test.ts';
import { TOY_STRATEGIES } from './toy-strategies.ts';
import { begin, metricsOf, stepsPerEpochOf, train, type Training } from './toy-training.ts';

/** What a process needs of its world. */
export type TrainerHost = {
  readonly disk: Disk;
  readonly canSave: boolean;
  /** Resolves when the process gets round to it; rejects if the process is no more. */
  readonly work: (command: Command, answer: () => Answer) => Promise<Answer>;
};

/** One process; a trial is opened in it before anything else. */
export function toyTrainer({ disk, canSave, work }: TrainerHost): Trainer {
  let config: Config = {};
  let seed = 0;
  let training: Training = begin({}, 0);
  const answer = (command: Command): Answer => {
    switch (command.kind) {
      case 'open':
        ({ config, seed } = command);
        training = begin(config, seed);
        return toOpened(config, canSave);
      case 'epoch': {
        const { epoch, learning_rate: learningRate, momentum } = command;
        if (epoch !== training.epochs) return failed(`epoch ${epoch} after ${training.epochs}`);
        training = train(training, { learningRate, momentum }, stepsPerEpochOf(config));
        const last = typeof learningRate === 'number' ? learningRate : (learningRate.at(-1) ?? 0);
        return toTrained(training, stepsPerEpochOf(config), last);
      }
      case 'range_test':
        return toTested(testLosses(config, seed, command.learning_rate));
      case 'save':
        disk.write(command.path, training);
        return { kind: 'saved' };
      case 'restore': {
        const found = disk.read(command.path);
        if (found === undefined) return failed(`nothing in ${command.path}`);
        training = found;
        return { kind: 'restored' };
      }
      case 'strategies':
        return evaluate(command, stepsPerEpochOf(config));
      case 'check':
        return failed('nobody checks strategies of the toy');
      case 'close':
        return { kind: 'closed' };
    }
  };
  return { ask: async (command) => work(command, () => answer(command)), tail: () => '' };
}

function evaluate(
  { objective, from_step: fromStep, count, strategies }: Extract<Command, { kind: 'strategies' }>,
  stepsPerEpoch: number,
): Answer {
  const place = { stepsPerEpoch, objective, fromStep, count };
  // Through JSON, as over the pipes.
  const requests: typeof strategies = JSON.parse(JSON.stringify(strategies));
  const answers = requests.map((request) => evaluateOwn(request, place, TOY_STRATEGIES));
  return JSON.parse(JSON.stringify({ kind: 'strategies', strategies: answers }));
}

function toOpened(config: Config, canSave: boolean): Answer {
  const steps = stepsPerEpochOf(config);
  return {
    kind: 'opened',
    steps_per_epoch: steps,
    backend: 'toy',
    numerics: 'toy',
    can_save: canSave,
  };
}

function toTested(losses: readonly number[]): Answer {
  return { kind: 'range_tested', losses: losses.map(toJsonNumber), stopped: null };
}

function toTrained(training: Training, steps: number, learningRate: number): Answer {
  const metrics = Object.entries(metricsOf(training)).map(([name, value]) => [
    name,
    toJsonNumber(value),
  ]);
  return {
    kind: 'trained',
    epoch: training.epochs - 1,
    metrics: Object.fromEntries(metrics),
    steps,
    learning_rate: learningRate,
    seconds: 1,
  };
}

function failed(message: string): Answer {
  return { kind: 'failed', message };
}
