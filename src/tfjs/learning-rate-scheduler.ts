// Keras' `LearningRateScheduler` for TensorFlow.js: the user's own function says each epoch's learning rate.
// Source: Keras 3.15.1 `LearningRateScheduler`. Deviations: whole numbers are taken too; what is no learning rate is refused
// instead of stored; an error in the function is never swallowed; the value that it is handed is not rounded to float32.

import type * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';
import { show } from '../lr/parse-field.ts';
import { toControls } from '../trial/optimizer-controls.ts';
import { FitCallback, type Hooks } from './fit-callback.ts';
import type { Fit, FittedModel } from './fit.ts';

/** Learning rate of a 0-based epoch; `lr` is the one in force before it. */
type Schedule = (epoch: number, lr: number) => number;

/** Options of `LearningRateScheduler` that are not Keras' own. */
export type SchedulerOptions = {
  /** The model to be trained, for a callback that the library does not tell it: see docs/tfjs.md. */
  readonly model?: FittedModel;
};

/**
 * Sets the learning rate at the beginning of every epoch to `schedule(epoch, lr)`: the 0-based epoch and the learning rate
 * in force. `verbose` 1 prints each.
 *
 * @throws EspalierError `invalid` if `schedule` is no function; out of `fit` if it gives no finite number of at least 0
 * @example
 * import { LearningRateScheduler } from 'espalier/tfjs';
 *
 * const decay = new LearningRateScheduler((epoch, lr) => (epoch < 10 ? lr : lr * Math.exp(-0.1)));
 * await model.fit(xs, ys, { epochs: 15, callbacks: [decay] });
 */
export class LearningRateScheduler extends FitCallback {
  constructor(schedule: Schedule, verbose = 0, options: SchedulerOptions = {}) {
    super(toHooks(schedule, Boolean(verbose)), options.model);
  }
}

function toHooks(schedule: Schedule, verbose: boolean): Hooks {
  if (typeof schedule !== 'function') {
    throw new EspalierError(
      'invalid',
      `LearningRateScheduler: received ${show(schedule)}; schedule must be a function (epoch, lr) => number`,
    );
  }
  let optimizer: tf.Optimizer | undefined;
  return {
    trainBegin: (fit: Fit) => {
      optimizer = fit.optimizer;
    },
    epochBegin: async (epoch) => {
      if (optimizer === undefined) return;
      const controls = toControls(optimizer);
      const next = checkRate(schedule(epoch, await controls.readLearningRate()), epoch);
      controls.setLearningRate(next);
      if (!verbose) return;
      console.log(`Epoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${next}.`);
    },
  };
}

function checkRate(value: unknown, epoch: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new EspalierError(
    'invalid',
    `schedule gave ${show(value)} for epoch ${epoch}; it must give a finite number of at least 0`,
  );
}
