// How the settings of each reference read in our spelling. One function a reference; `cfg` and `lr0` are the case's own.

import type { OracleCase, Settings } from './oracle-files.ts';

type ToSpec = (oracle: OracleCase) => Settings;

function settings({ cfg = {} }: OracleCase): Settings {
  return cfg;
}

/** Keras 3 and tf.keras 2 `ReduceLROnPlateau`; their `auto` for the loss is what we want to be told: min. */
export const kerasPlateau: ToSpec = (oracle) => {
  const { mode, ...same } = settings(oracle);
  const direction = mode === 'auto' ? 'min' : mode;
  return { strategy: 'plateau', lr: oracle.lr0, monitor: 'm', mode: direction, ...same };
};

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

/** PyTorch `StepLR`, one epoch a `.step()`. */
export const stepLr: ToSpec = (oracle) => ({
  strategy: 'step',
  lr: oracle.lr0,
  ...settings(oracle),
});

/** PyTorch `MultiStepLR`. */
export const multiStepLr: ToSpec = (oracle) => ({
  strategy: 'multistep',
  lr: oracle.lr0,
  ...settings(oracle),
});

/** PyTorch `ExponentialLR`: a stair every epoch. */
export const exponentialLr: ToSpec = (oracle) => ({
  strategy: 'exponential',
  lr: oracle.lr0,
  decay_rate: settings(oracle)['gamma'],
  staircase: true,
});

/** PyTorch `CyclicLR` with equal halves, whose momentum cycles by default. */
export const cyclicLr: ToSpec = (oracle) => {
  const { step_size_up: half, ...same } = settings(oracle);
  return {
    strategy: 'cyclic',
    step_size: half,
    base_momentum: 0.8,
    max_momentum: 0.9,
    ...same,
  };
};

/** PyTorch `LinearLR` up to its own learning rate: a warm-up before a fixed one. */
export const linearLr: ToSpec = (oracle) => {
  const { start_factor = 1 / 3, total_iters: length = 5 } = settings(oracle);
  return { strategy: 'fixed', lr: oracle.lr0, warmup: { length, start_factor } };
};

/** Keras `ExponentialDecay`. */
export const exponentialDecay: ToSpec = (oracle) => {
  const { initial_learning_rate: lr, ...same } = settings(oracle);
  return { strategy: 'exponential', lr, ...same };
};

/** Keras `PiecewiseConstantDecay`. */
export const piecewiseConstantDecay: ToSpec = (oracle) => ({
  strategy: 'piecewise',
  ...settings(oracle),
});

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
