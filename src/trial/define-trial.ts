// What a user writes: a module whose default export is `defineTrial(...)`, on one of two levels. Managed: say what the data, the
// model and the optimizer are. Own loop: one function that trains one epoch with the learning rates it is given.
// Promise: no code of the user runs here, and nothing heavy is loaded.

import type * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';
import type { Metrics } from '../domain/objective.ts';
import type { Config } from '../domain/sweep.ts';
import type { OptimizerName, OptimizerSpec } from './optimizer.ts';

/** What `data` is told: everything but the length of training, on which data must not depend. */
export type DataContext<C extends Config = Config> = {
  /** The trial's values other than the learning-rate strategy, as the sweep file gives them. */
  readonly config: C;
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** The absolute path of a file that travels with the trial, by its path in `files:` of the sweep file. */
  readonly files: (path: string) => string;
  /** A stream of numbers in [0, 1) that depends on the seed and its name only; independent of those that training uses. */
  readonly random: (...path: readonly (string | number)[]) => () => number;
};

/** What a trial is told. */
export type TrialContext<C extends Config = Config> = DataContext<C> & {
  /** The most epochs that any trial of the sweep lasts; this one may be shorter. */
  readonly epochs: number;
};

/** Inputs and targets, samples along the first axis; one tensor for each of the model's inputs and outputs. */
export type Samples = {
  readonly xs: tf.Tensor | readonly tf.Tensor[];
  readonly ys: tf.Tensor | readonly tf.Tensor[];
};

/** What a trial trains on, and what it is judged by. The tensors pass into the trial's care, which disposes them. */
export type TrialData = { readonly train: Samples; readonly validation: Samples };

/** How the model is trained. Losses and metrics are those of `model.compile`. */
export type Training = {
  readonly optimizer: OptimizerName | OptimizerSpec | tf.Optimizer;
  readonly loss: tf.ModelCompileArgs['loss'];
  /** Reported under the names written here, and with `val_` before them: `accuracy`, `val_accuracy`. */
  readonly metrics?: tf.ModelCompileArgs['metrics'];
  /** Samples a step; default `config.batch_size`, or else 32. The last step of an epoch takes what is left. */
  readonly batch_size?: number;
  /** Samples at once in validation; default four times `batch_size`. */
  readonly validation_batch_size?: number;
};

/**
 * The managed level: Espalier shuffles, trains, validates, saves and restores. What is saved are the weights and the optimizer: a
 * layer, loss or metric that keeps numbers elsewhere from one epoch to the next does not go on as it was. A trial with an optimizer
 * of your own making, or with a `stateful` layer, is not saved at all.
 */
export type ManagedTrial<C extends Config = Config> = {
  /** Loads the data; kept for the next trials with the same config and seed, up to four data sets at a time. */
  data(context: DataContext<C>): TrialData | Promise<TrialData>;
  /** Builds the model, not compiled. */
  model(context: TrialContext<C>): tf.LayersModel | Promise<tf.LayersModel>;
  /** Says how to train it. The learning rate is not said here: it is the strategy's. */
  compile(context: TrialContext<C>): Training;
};

/** One epoch to train. */
export type EpochRequest = {
  /** 0-based. */
  readonly epoch: number;
  /** Optimizer steps of the epoch: the `steps_per_epoch` of the opened trial. */
  readonly steps: number;
  /** The learning rate of a 0-based step of this epoch. */
  readonly learningRates: (step: number) => number;
  /** The momentum of a step; absent where the strategy leaves the momentum alone. */
  readonly momentum?: (step: number) => number;
  /**
   * Present in a range test (`espalier lr find`, or `{ find: … }` in a sweep file): call it after each step with the step's number and the loss of its batch. Where it
   * returns false the rest of the epoch is not needed: return at once, with whatever metrics there are.
   */
  readonly reportLoss?: (step: number, loss: number) => boolean;
};

/** What an epoch came to. */
export type EpochResult = {
  /** Numbers by name; NaN and the infinities are numbers too. The sweep's objective must be among them. */
  readonly metrics: Metrics;
  /** The learning rate that the optimizer holds after the last step. */
  readonly learningRate: number;
};

/**
 * A trial that is ready to train. `save` and `restore` come together or not at all; without them nothing that it has trained is
 * shared with another trial, and it starts anew where it was cut off.
 */
export type OpenTrial = {
  /** Optimizer steps of every epoch: a whole number above 0. */
  readonly steps_per_epoch: number;
  /** Trains one epoch, step by step, with the learning rates of the request. Epochs come in order. */
  trainEpoch(request: EpochRequest): Promise<EpochResult>;
  /**
   * Called between two epochs, or before the first: writes everything that the next epoch depends on as files into an empty
   * folder, and leaves the trial as it was, since training may go on. Weights are not everything: the optimizer has a state, and so
   * has a stream of random numbers that lasts longer than an epoch (make one for each epoch: `random('noise', epoch)`).
   */
  save?(folder: string): Promise<void>;
  /**
   * Called after `open` and before the first `trainEpoch`, perhaps in another process: reads what `save` has written. The next epoch
   * must then come to the same numbers, bit for bit, as if training had gone on.
   */
  restore?(folder: string): Promise<void>;
  /** Called when the trial is no longer needed: disposes what it holds. */
  close?(): void | Promise<void>;
};

/** The own-loop level: the user trains. */
export type OwnLoopTrial<C extends Config = Config> = {
  open(context: TrialContext<C>): OpenTrial | Promise<OpenTrial>;
};

const MARK = Symbol.for('espalier.trial');

/** A trial's definition, marked as one. The config's type is the writer's claim: the sweep file fills it. */
export type Trial = { readonly [MARK]: true; readonly definition: ManagedTrial | OwnLoopTrial };

/**
 * Defines a trial; the default export of the module that a sweep file names.
 *
 * @example
 * export default defineTrial<{ units: number }>({
 *   data: () => loadDigits(),
 *   model: ({ config }) => tf.sequential({ layers: [tf.layers.dense({ units: config.units, inputShape: [64] })] }),
 *   compile: () => ({ optimizer: 'momentum', loss: 'meanSquaredError' }),
 * });
 * @throws EspalierError `invalid` where functions are missing
 */
export function defineTrial<C extends Config = Config>(
  definition: ManagedTrial<C> | OwnLoopTrial<C>,
): Trial {
  const needed = 'open' in definition ? ['open'] : ['data', 'model', 'compile'];
  const missing = needed.filter((name) => typeof Reflect.get(definition, name) !== 'function');
  if (missing.length > 0) throw new EspalierError('invalid', toComplaint(missing));
  // `Trial` forgets C: that the sweep file's config has this type is the writer's claim.
  return { [MARK]: true, definition };
}

/** Whether a value was made by {@link defineTrial}, of this or another copy of the package. */
export function isTrial(value: unknown): value is Trial {
  return typeof value === 'object' && value !== null && MARK in value;
}

function toComplaint(missing: readonly string[]): string {
  return (
    `defineTrial: ${missing.join(', ')} must be ${missing.length > 1 ? 'functions' : 'a function'}. Give either ` +
    '{ data, model, compile } (Espalier trains) or { open } (you train).'
  );
}
