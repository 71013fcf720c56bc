// How the settings of Keras, Optax, transformers, bckenstler/CLR and Caffe read in our spelling. One function a reference; `cfg` and
// `lr0` are the case's own.

import type { OracleCase, Settings } from './files.ts';
import type { ToSpec } from './verdict.ts';

/** A case's own settings. */
export function settings({ cfg = {} }: OracleCase): Settings {
  return cfg;
}

/** A mapping for cases of a training of `total` steps, whatever the length of the trace. */
export function within(total: (oracle: OracleCase) => number, toSpec: ToSpec): ToSpec {
  return Object.assign((oracle: OracleCase) => toSpec(oracle), { total });
}

/** Keras 3 and tf.keras 2 `ReduceLROnPlateau`; their `auto` for the loss is what we want to be told: min. */
export const kerasPlateau: ToSpec = (oracle) => {
  const { mode, ...same } = settings(oracle);
  const direction = mode === 'auto' ? 'min' : mode;
  return { strategy: 'plateau', lr: oracle.lr0, monitor: 'm', mode: direction, ...same };
};

/** A plateau that follows a metric of this name and is not told which way is better. */
export const guessedMode: ToSpec = ({ id }) => ({ strategy: 'plateau', lr: 1, monitor: id });

/** PyTorch `ReduceLROnPlateau`. */
export const torchPlateau: ToSpec = (oracle) => {
  const { threshold, ...same } = settings(oracle);
  const counting = 'torch';
  return {
    strategy: 'plateau',
    lr: oracle.lr0,
    monitor: 'm',
    counting,
    min_delta: threshold,
    ...same,
  };
};

/** Optax `reduce_on_plateau`, a scale that starts at 1; its patience counts one epoch more than PyTorch's. */
export const optaxPlateau: ToSpec = (oracle) => {
  const { patience = 10, rtol, atol, min_scale: floor = 0, ...same } = settings(oracle);
  const threshold =
    atol === undefined
      ? { min_delta: rtol ?? 1e-4, threshold_mode: 'rel' }
      : { min_delta: atol, threshold_mode: 'abs' };
  const spec = { strategy: 'plateau', lr: 1, monitor: 'm', mode: 'min', counting: 'torch', eps: 0 };
  return {
    ...spec,
    ...threshold,
    patience: Math.max(0, Number(patience) - 1),
    min_lr: floor,
    ...same,
  };
};

/** Keras `ExponentialDecay`. */
export const exponentialDecay: ToSpec = (oracle) => {
  const { initial_learning_rate: lr, ...same } = settings(oracle);
  return { strategy: 'exponential', lr, ...same };
};

/** Keras `InverseTimeDecay`. */
export const inverseTimeDecay: ToSpec = (oracle) => {
  const { initial_learning_rate: lr, ...same } = settings(oracle);
  return { strategy: 'inverse_time', lr, ...same };
};

/** Keras `PolynomialDecay`, whose end is 0.0001 unless told. */
export const polynomialDecay: ToSpec = (oracle) => {
  const { initial_learning_rate: lr, end_learning_rate: end_lr = 1e-4, ...same } = settings(oracle);
  return { strategy: 'polynomial', lr, end_lr, ...same };
};

/** Keras `CosineDecay`; with `warmup_target` it is a decay from there behind a warm-up from a share of it. */
export const cosineDecay: ToSpec = (oracle) => {
  const { initial_learning_rate, warmup_target, warmup_steps: length, ...same } = settings(oracle);
  const { alpha = 0, decay_steps } = same;
  const [initial, target] = [Number(initial_learning_rate), Number(warmup_target)];
  const lr = warmup_target === undefined ? initial : target;
  const spec = { strategy: 'cosine', lr, min_lr: Number(alpha) * lr, decay_steps };
  if (warmup_target === undefined) return spec;
  return { ...spec, warmup: { length, start_factor: initial / target } };
};

/** Keras `CosineDecayRestarts`. */
export const cosineDecayRestarts: ToSpec = (oracle) => {
  const {
    initial_learning_rate: lr,
    first_decay_steps: first,
    alpha = 0,
    ...same
  } = settings(oracle);
  return { strategy: 'cosine_restarts', lr, first, min_lr: Number(alpha) * Number(lr), ...same };
};

/** Keras `PiecewiseConstantDecay`. */
export const piecewiseConstantDecay: ToSpec = (oracle) => ({
  strategy: 'piecewise',
  ...settings(oracle),
});

/** Optax `polynomial_schedule`, which waits for `transition_begin` steps: a warm-up that does not rise. */
export const polynomialSchedule: ToSpec = (oracle) => {
  const { init_value: lr, end_value: end_lr, power, transition_steps } = settings(oracle);
  const { transition_begin: length = 0 } = settings(oracle);
  const warmup = { length, start_factor: 1 };
  return { strategy: 'polynomial', lr, end_lr, power, decay_steps: transition_steps, warmup };
};

/** Optax `cosine_decay_schedule`. */
export const cosineSchedule: ToSpec = (oracle) => {
  const { init_value: lr, alpha = 0, decay_steps } = settings(oracle);
  return { strategy: 'cosine', lr, min_lr: Number(alpha) * Number(lr), decay_steps };
};

/** Optax `warmup_cosine_decay_schedule`, whose `decay_steps` hold the warm-up too. */
export const warmupCosineSchedule: ToSpec = (oracle) => {
  const { init_value, peak_value: lr, end_value = 0, ...lengths } = settings(oracle);
  const length = Number(lengths['warmup_steps']);
  return {
    strategy: 'cosine',
    lr,
    min_lr: end_value,
    decay_steps: Number(lengths['decay_steps']) - length,
    warmup: { length, start_factor: Number(init_value) / Number(lr) },
  };
};

/** Optax `cosine_onecycle_schedule`: its peak is at the step `0.3 × transition_steps`, its end at `transition_steps`. */
export const cosineOnecycle: ToSpec = within(
  (oracle) => Number(settings(oracle)['transition_steps']) + 1,
  (oracle) => {
    const { peak_value: max_lr, transition_steps } = settings(oracle);
    const last = Number(transition_steps);
    const pct_start = (Math.floor(0.3 * last) + 1) / (last + 1);
    return { strategy: 'one_cycle', max_lr, pct_start };
  },
);

/** transformers `get_wsd_schedule` with a linear warm-up: a factor of 1. */
export const hfWsd: ToSpec = within(
  (oracle) =>
    ['num_warmup_steps', 'num_stable_steps', 'num_decay_steps']
      .map((name) => Number(settings(oracle)[name]))
      .reduce((sum, steps) => sum + steps, 0),
  (oracle) => {
    const { num_warmup_steps, num_decay_steps: decay, decay_type, min_lr_ratio } = settings(oracle);
    const warmup = { length: num_warmup_steps, start_factor: min_lr_ratio };
    return { strategy: 'wsd', lr: 1, min_lr: min_lr_ratio, decay, decay_type, warmup };
  },
);

/** transformers' linear and cosine schedules with a warm-up from 0. */
export function hfDecay(strategy: string): ToSpec {
  return (oracle) => {
    const { num_warmup_steps: length, num_training_steps } = settings(oracle);
    const warmup = { length, start_factor: 0 };
    return { strategy, lr: 1, decay_steps: Number(num_training_steps) - Number(length), warmup };
  };
}

/** bckenstler/CLR and keras-contrib `CyclicLR`. */
export const clr: ToSpec = (oracle) => ({ strategy: 'cyclic', ...settings(oracle) });

/** Caffe's `triangular` and `multistep` policies in Smith's solvers; his steps are iterations. */
export const caffe: ToSpec = ({ lr_policy, base_lr, max_lr, stepsize, gamma, stepvalues = [] }) =>
  lr_policy === 'triangular'
    ? { strategy: 'cyclic', base_lr, max_lr, step_size: stepsize }
    : {
        strategy: 'multistep',
        lr: base_lr,
        gamma,
        milestones: stepvalues.map((step) => `${step} steps`),
      };
