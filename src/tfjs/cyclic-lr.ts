// bckenstler's `CyclicLR` for TensorFlow.js. The triangles are those of the strategy `cyclic`; a height of the user's own is
// multiplied onto triangles from 0 to 1.
// Source: bckenstler/CLR 968cf5a, `clr_callback.py`. Deviations: baseLr above maxLr is refused; the learning rate is set
// before each step instead of after the one before, so that after training the last one used is in force.

import type * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';
import { createStrategy } from '../lr/create-strategy.ts';
import { show } from '../lr/parse-field.ts';
import { valueIn } from '../lr/stretch.ts';
import { toControls } from '../trial/optimizer-controls.ts';
import { type Reading, toStrategySpec } from './camel-case-options.ts';
import { FitCallback } from './fit-callback.ts';
import type { FittedModel } from './fit.ts';

/** The options of bckenstler/CLR with its defaults. */
export type CyclicLROptions = {
  /** Lowest learning rate; 0.001. */
  readonly baseLr?: number;
  /** Highest learning rate; 0.006. */
  readonly maxLr?: number;
  /** Half a cycle in optimizer steps, at least 1; 2000. Smith advises 2 to 10 epochs. */
  readonly stepSize?: number;
  /** Whether the height stays, is halved every cycle, or is multiplied by `gamma` every step; `triangular`. */
  readonly mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** Factor of the height at each step since the start, for `exp_range`; 1. */
  readonly gamma?: number;
  /** A height of your own, which overrides `mode`: factor of `maxLr - baseLr`, by the 1-based cycle or the 0-based step. */
  readonly scaleFn?: (cycleOrStep: number) => number;
  /** What `scaleFn` is handed; `cycle`. */
  readonly scaleMode?: 'cycle' | 'iterations';
  /** The model to be trained, for a callback that the library does not tell it: see docs/tfjs.md. */
  readonly model?: FittedModel;
};

const READING: Reading = {
  name: 'CyclicLR',
  fields: {
    baseLr: 'base_lr',
    maxLr: 'max_lr',
    stepSize: 'step_size',
    mode: 'mode',
    gamma: 'gamma',
  },
  own: ['scaleFn', 'scaleMode', 'model'],
};

const DEFAULTS = { strategy: 'cyclic', base_lr: 0.001, max_lr: 0.006, step_size: 2000 };

/** Learning rate of a 0-based step. */
type Rate = (step: number) => number;

/**
 * Moves the learning rate between `baseLr` and `maxLr` in triangles of two times `stepSize` steps. Steps are counted over
 * all trainings with the same callback, as in the original: a second `fit` goes on in the cycle; `reset()` starts anew.
 * To cycle the momentum as well, take `lrCallback`.
 *
 * @throws EspalierError `invalid` with every problem of the options; out of `fit` if `scaleFn` gives no finite number
 * @example
 * import { CyclicLR } from 'espalier/tfjs';
 *
 * const cyclic = new CyclicLR({ baseLr: 0.001, maxLr: 0.006, stepSize: 2000, mode: 'triangular2' });
 * await model.fit(xs, ys, { epochs: 20, callbacks: [cyclic] });
 */
export class CyclicLR extends FitCallback {
  /** Lets the next step be the first of the first cycle. */
  readonly reset: () => void;

  constructor(options: CyclicLROptions = {}) {
    const rateAt = toRate(options);
    let step = 0;
    let optimizer: tf.Optimizer | undefined;
    super(
      {
        trainBegin: (fit) => {
          optimizer = fit.optimizer;
        },
        batchBegin: () => {
          if (optimizer !== undefined) toControls(optimizer).setLearningRate(rateAt(step));
        },
        batchEnd: () => {
          step += 1;
        },
      },
      options.model,
    );
    this.reset = () => {
      step = 0;
    };
  }
}

function toRate(options: CyclicLROptions): Rate {
  const { scaleFn, scaleMode = 'cycle', stepSize = DEFAULTS.step_size } = { ...options };
  const problems = [...checkScale(scaleFn, scaleMode), ...checkStepSize(stepSize)];
  const spec = toStrategySpec(READING, DEFAULTS, options, problems);
  if (scaleFn === undefined || scaleFn === null) return toTriangles(spec);
  const heightAt = toTriangles({ strategy: 'cyclic', base_lr: 0, max_lr: 1, step_size: stepSize });
  const { baseLr = DEFAULTS.base_lr, maxLr = DEFAULTS.max_lr } = options;
  return (step) => {
    const cycle = Math.floor(1 + step / (2 * stepSize));
    const scale = scaleFn(scaleMode === 'cycle' ? cycle : step);
    return checkRate(baseLr + (maxLr - baseLr) * heightAt(step) * scale, step);
  };
}

function toTriangles(spec: Parameters<typeof createStrategy>[0]): Rate {
  const strategy = createStrategy(spec);
  const state = strategy.start({ stepsPerEpoch: 1, epochs: 1 });
  return (step) => valueIn(strategy.controls(state, step, 1).learningRate, 0);
}

function checkScale(scaleFn: unknown, scaleMode: unknown): readonly string[] {
  const isFunction = scaleFn === undefined || scaleFn === null || typeof scaleFn === 'function';
  return [
    ...(isFunction ? [] : [`scaleFn: received ${show(scaleFn)}; it must be a function`]),
    ...(scaleMode === 'cycle' || scaleMode === 'iterations'
      ? []
      : [`scaleMode: received ${show(scaleMode)}; it must be one of cycle, iterations`]),
  ];
}

/** The strategy takes lengths in epochs; this class counts steps and nothing else. */
function checkStepSize(stepSize: unknown): readonly string[] {
  if (typeof stepSize !== 'string') return [];
  return [`stepSize: received ${show(stepSize)}; it must be a number of steps`];
}

function checkRate(value: number, step: number): number {
  if (Number.isFinite(value)) return value;
  throw new EspalierError(
    'invalid',
    `the learning rate of step ${step} is ${value}; scaleFn must give finite numbers`,
  );
}
