// A callback of `fit` and `fitDataset` that works however the library calls it. Three traps, found by execution on 4.22:
// class callbacks are handed scalars instead of numbers; an array whose first element is a plain object, or a class of
// another copy of the library, has the hooks torn off every callback, so that `this` is someone else and no model is told;
// and `history` keeps whatever stands in an epoch's logs when the last callback is done.

import { Callback } from '@tensorflow/tfjs-layers';

import type { Metrics } from '../domain/objective.ts';
import { toControls } from '../trial/optimizer-controls.ts';
import { breather } from './breather.ts';
import { type Fit, type FittedModel, toFit } from './fit.ts';
import { readLogs } from './read-logs.ts';

/** What happens at each moment of a training. */
export type Hooks = {
  trainBegin(fit: Fit): void;
  epochBegin?(epoch: number): void | Promise<void>;
  batchBegin?(): void;
  batchEnd?(): void;
  /** `learningRate` is the one in force at the epoch's last step. */
  epochEnd?(epoch: number, metrics: Metrics, learningRate: number): void;
};

/**
 * A callback for the `callbacks` of `model.fit` and `model.fitDataset`, alone or in an array. Writes the learning rate in
 * force at each epoch's last step to `history.history.lr`, unless an earlier callback already wrote one, and lets the event
 * loop turn now and then.
 */
export class FitCallback extends Callback {
  /** Never read; typed so that another copy of the library takes this class for its own. */
  declare validationData: never;

  constructor(hooks: Hooks, given?: FittedModel) {
    super();
    const isOwn = (receiver: object): boolean => receiver === this;
    let told: unknown;
    let fit: Fit | undefined;
    const breathe = breather();
    this.setModel = (model: unknown) => {
      told = model;
    };
    this.onTrainBegin = async function onTrainBegin(this: { params?: unknown }) {
      fit = toFit(isOwn(this) ? (told ?? given) : given, this.params);
      hooks.trainBegin(fit);
    };
    this.onEpochBegin = async (epoch) => hooks.epochBegin?.(epoch);
    this.onBatchBegin = async () => hooks.batchBegin?.();
    this.onBatchEnd = async () => {
      hooks.batchEnd?.();
      await breathe();
    };
    this.onEpochEnd = async (epoch, logs = {}) => {
      if (fit === undefined) return;
      const learningRate = await toControls(fit.optimizer).readLearningRate();
      hooks.epochEnd?.(epoch, await readLogs(logs), learningRate);
      logs['lr'] ??= learningRate;
    };
  }
}
