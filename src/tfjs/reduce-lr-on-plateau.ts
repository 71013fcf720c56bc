// Keras' `ReduceLROnPlateau` for TensorFlow.js. The counting is that of the strategy `plateau`; here it is only wired up.
// Sources: Keras 3.15.1 `ReduceLROnPlateau`. Deviations, besides plateau's own (docs/deviations.md): a direction is not
// guessed; learning rates are not rounded to float32 before the optimizer rounds them.

import type * as tf from '@tensorflow/tfjs';

import type { Metrics, Mode } from '../domain/objective.ts';
import { createStrategy } from '../lr/create-strategy.ts';
import { show } from '../lr/parse-field.ts';
import type { PlateauState } from '../lr/strategies/plateau.ts';
import type { Strategy } from '../lr/strategy.ts';
import { toControls } from '../trial/optimizer-controls.ts';
import { type Reading, toStrategySpec } from './camel-case-options.ts';
import { FitCallback, type Hooks } from './fit-callback.ts';
import type { Fit, FittedModel } from './fit.ts';
import { warnOnceWithout } from './missing-metric.ts';

/** The options of Keras with its defaults. Times are whole epochs. */
export type ReduceLROnPlateauOptions = {
  /** Metric to follow, as `history` names it; `val_loss`. */
  readonly monitor?: string;
  /** What a cut multiplies the learning rate by, above 0 and below 1; 0.1. */
  readonly factor?: number;
  /** Bad epochs in a row before a cut, at least one; 10. */
  readonly patience?: number;
  /** Whether lower or higher is better. `auto` (the default) knows `loss` and `val_loss`; others must say it. */
  readonly mode?: 'auto' | Mode;
  /** By how much the metric must beat the best one, in its own unit; 1e-4. */
  readonly minDelta?: number;
  /** Epochs after a cut in which bad epochs do not count (Keras counts the last one of them); 0. */
  readonly cooldown?: number;
  /** Learning rate below which no cut goes; 0. */
  readonly minLr?: number;
  /** 1 prints each cut; 0. */
  readonly verbose?: number;
  /** The model to be trained, for a callback that the library does not tell it: see docs/tfjs.md. */
  readonly model?: FittedModel;
};

const READING: Reading = {
  name: 'ReduceLROnPlateau',
  fields: {
    monitor: 'monitor',
    factor: 'factor',
    patience: 'patience',
    minDelta: 'min_delta',
    cooldown: 'cooldown',
    minLr: 'min_lr',
  },
  own: ['mode', 'verbose', 'model'],
};

/** Metrics whose direction nobody doubts. */
const LOWER_IS_BETTER = ['loss', 'val_loss'];

/**
 * Multiplies the optimizer's own learning rate by `factor` when the metric has not improved for `patience` epochs. The cut
 * acts from the next epoch on. Every `fit` starts counting anew, from the learning rate that the optimizer has by then. A
 * metric that the logs lack is warned of once, and changes nothing.
 *
 * @throws EspalierError `invalid` with every problem of the options
 * @example
 * import { ReduceLROnPlateau } from 'espalier/tfjs';
 *
 * const plateau = new ReduceLROnPlateau({ monitor: 'val_acc', mode: 'max', factor: 0.5, patience: 3 });
 * await model.fit(xs, ys, { epochs: 30, validationSplit: 0.2, callbacks: [plateau] });
 */
export class ReduceLROnPlateau extends FitCallback {
  constructor(options: ReduceLROnPlateauOptions = {}) {
    super(toHooks(options), options?.model);
  }
}

function toHooks(options: ReduceLROnPlateauOptions): Hooks {
  const { monitor = 'val_loss', mode = 'auto', verbose = 0 } = { ...options };
  const direction = toDirection(monitor, mode);
  const problems = direction === undefined ? [refuseMode(monitor, mode)] : [];
  // The learning rate is put in anew at every epoch; here it is only above every floor.
  const base = { strategy: 'plateau', lr: Number.MAX_VALUE, monitor, mode: direction ?? 'min' };
  const spec = toStrategySpec(READING, base, options, problems);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the state of the strategy that is named plateau
  return new Cuts(createStrategy(spec) as Strategy<PlateauState>, monitor, Boolean(verbose));
}

function toDirection(monitor: string, mode: string): Mode | undefined {
  if (mode === 'min' || mode === 'max') return mode;
  return mode === 'auto' && LOWER_IS_BETTER.includes(monitor) ? 'min' : undefined;
}

function refuseMode(monitor: string, mode: unknown): string {
  if (mode !== 'auto') return `mode: received ${show(mode)}; it must be one of auto, min, max`;
  return (
    `mode: received "auto" with monitor ${show(monitor)}; which way a metric is better is not guessed ` +
    `(only ${LOWER_IS_BETTER.join(' and ')} are known): give min or max`
  );
}

class Cuts implements Hooks {
  readonly #plateau: Strategy<PlateauState>;
  readonly #monitor: string;
  readonly #verbose: boolean;
  #optimizer: tf.Optimizer | undefined;
  #state: PlateauState;
  #warn: (metrics: Metrics) => void;

  constructor(plateau: Strategy<PlateauState>, monitor: string, verbose: boolean) {
    this.#plateau = plateau;
    this.#monitor = monitor;
    this.#verbose = verbose;
    this.#state = plateau.start({ stepsPerEpoch: 1, epochs: 1 });
    this.#warn = warnOnceWithout(monitor);
  }

  trainBegin({ optimizer }: Fit): void {
    this.#optimizer = optimizer;
    this.#state = this.#plateau.start({ stepsPerEpoch: 1, epochs: 1 });
    this.#warn = warnOnceWithout(this.#monitor);
  }

  epochEnd(epoch: number, metrics: Metrics, lr: number): void {
    this.#warn(metrics);
    this.#state = this.#plateau.observe({ ...this.#state, lr }, epoch, metrics);
    if (this.#optimizer === undefined || this.#state.lr === lr) return;
    toControls(this.#optimizer).setLearningRate(this.#state.lr);
    if (!this.#verbose) return;
    console.log(
      `Epoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${this.#state.lr}.`,
    );
  }
}
