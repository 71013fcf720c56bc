// Any learning-rate strategy as a callback of `model.fit`.
// Promise: the optimizer steps with the strategy's learning rate (and momentum) at every step, whatever else set another in
// between, and the strategy sees each epoch's metrics as numbers.

import type * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';
import type { Metrics } from '../domain/objective.ts';
import { createStrategy } from '../lr/create-strategy.ts';
import { nearest } from '../lr/nearest.ts';
import { parseStrategy } from '../lr/parse-strategy.ts';
import type { StrategySpec } from '../lr/spec.ts';
import type { Strategy } from '../lr/strategy.ts';
import { toControls } from '../trial/optimizer-controls.ts';
import { FitCallback, type Hooks } from './fit-callback.ts';
import type { Fit, FittedModel } from './fit.ts';
import { warnOnceWithout } from './missing-metric.ts';
import { checkLength, RunLength } from './run-length.ts';

/** What the library does not tell, or tells wrong. */
export type LrCallbackOptions = {
  /** The model to be trained, for a callback that the library does not tell it: see docs/tfjs.md. */
  readonly model?: FittedModel;
  /** Optimizer steps of an epoch, for a dataset that does not know its size. */
  readonly stepsPerEpoch?: number;
  /** Length of the whole training in epochs, where it is more than one `fit`; by default `epochs` of `fit`. */
  readonly epochs?: number;
  /** Whether a later `fit` goes on where the last one ended; by default each `fit` starts the strategy anew. */
  readonly keepState?: boolean;
};

/**
 * A callback that trains by a strategy: before every step it sets the learning rate, and the momentum (of Adam and Adamax
 * beta 1) where the strategy moves it, of any optimizer of TensorFlow.js; after every epoch the strategy sees the metrics.
 * `history.history.lr` holds, for each epoch, the learning rate in force at its last step. The learning rate that the
 * optimizer was made with is not used. Fields of each strategy: `CATALOGUE` of `espalier/lr`.
 *
 * With `initialEpoch` an open-loop strategy goes on at the step number `initialEpoch × steps per epoch`; one that follows
 * metrics knows nothing of the epochs before, unless `keepState` lets the same callback go on.
 *
 * @param strategy a spec such as `{ strategy: 'step', lr: 0.1, step_size: 5 }`, or functions made by `createStrategy` or by you
 * @throws EspalierError `invalid`, with every problem of the spec and the options
 * @throws EspalierError `invalid`, out of `fit`, if the strategy counts in epochs and the steps of an epoch are not known, if
 *   an epoch has another number of steps than was said, or if it moves a momentum that the optimizer lacks
 * @example
 * import { lrCallback } from 'espalier/tfjs';
 *
 * const cyclic = { strategy: 'cyclic', base_lr: 0.001, max_lr: 0.006, step_size: '2 epochs' };
 * const { history } = await model.fit(xs, ys, { epochs: 8, callbacks: [lrCallback(cyclic)] });
 * console.log(history.lr);
 */
export function lrCallback(
  strategy: StrategySpec | Strategy,
  options: LrCallbackOptions = {},
): FitCallback {
  const followed = toFollowed(strategy, [...findUnknown(options), ...checkLength(options)]);
  return new FitCallback(new Follower(followed, options), options.model);
}

const OPTIONS = ['model', 'stepsPerEpoch', 'epochs', 'keepState'];

function findUnknown(options: object): readonly string[] {
  const unknown = Object.keys(options).filter((key) => !OPTIONS.includes(key));
  return unknown.map((key) => {
    const meant = nearest(key, OPTIONS);
    const hint = meant === undefined ? `it has ${OPTIONS.join(', ')}` : `did you mean ${meant}?`;
    return `${key}: lrCallback has no such option; ${hint}`;
  });
}

/** A strategy, and the metric that it follows if that is known. */
type Followed = { readonly strategy: Strategy; readonly monitor: string | undefined };

function toFollowed(given: StrategySpec | Strategy, problems: readonly string[]): Followed {
  if (isStrategy(given)) {
    refuse(problems);
    return { strategy: given, monitor: undefined };
  }
  const parsed = parseStrategy(given);
  refuse(parsed.ok ? problems : [...parsed.problems.map(({ message }) => message), ...problems]);
  const spec = parsed.ok ? parsed.strategy : given;
  const { monitor } = spec;
  return {
    strategy: createStrategy(spec),
    monitor: typeof monitor === 'string' ? monitor : undefined,
  };
}

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new EspalierError('invalid', `lrCallback cannot be made.\n${problems.join('\n')}`);
}

function isStrategy(given: StrategySpec | Strategy): given is Strategy {
  return typeof given === 'object' && given !== null && typeof given['start'] === 'function';
}

/** A strategy on its way through one or more trainings. */
class Follower implements Hooks {
  readonly #strategy: Strategy;
  readonly #monitor: string | undefined;
  readonly #options: LrCallbackOptions;
  readonly #length: RunLength;
  #optimizer: tf.Optimizer | undefined;
  #warn: ((metrics: Metrics) => void) | undefined;
  #state: { readonly of: unknown } | undefined;

  constructor({ strategy, monitor }: Followed, options: LrCallbackOptions) {
    this.#strategy = strategy;
    this.#monitor = monitor;
    this.#options = options;
    this.#length = new RunLength(options);
  }

  trainBegin(fit: Fit): void {
    this.#optimizer = fit.optimizer;
    this.#length.begin(fit);
    if (this.#options.keepState !== true) this.#state = undefined;
    this.#warn = this.#monitor === undefined ? undefined : warnOnceWithout(this.#monitor);
  }

  epochBegin(epoch: number): void {
    if (this.#state === undefined) this.#state = { of: this.#length.start(this.#strategy, epoch) };
    else this.#length.nextEpoch(epoch);
  }

  batchBegin(): void {
    if (this.#optimizer === undefined || this.#state === undefined) return;
    const step = this.#length.nextStep();
    const { learningRate, momentum } = this.#strategy.controls(this.#state.of, step, 1);
    const controls = toControls(this.#optimizer);
    controls.setLearningRate(toValue(learningRate, 'learning rate', step, Infinity));
    if (momentum !== undefined) controls.setMomentum(toValue(momentum, 'momentum', step, 1));
  }

  epochEnd(_epoch: number, metrics: Metrics): void {
    this.#warn?.(metrics);
    if (this.#state === undefined) return;
    const epoch = this.#length.endEpoch();
    this.#state = { of: this.#strategy.observe(this.#state.of, epoch, metrics) };
  }
}

function toValue(values: number | Float64Array, name: string, step: number, below: number): number {
  const value = typeof values === 'number' ? values : values[0];
  if (value !== undefined && value >= 0 && value < below) return value;
  throw new EspalierError(
    'invalid',
    `the strategy gave ${value} as the ${name} of step ${step}; it must be a number of at least 0, below ${below}`,
  );
}
