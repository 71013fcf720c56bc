// The verdict on every golden trace of PyTorch's schedulers but ReduceLROnPlateau, and how their settings read in our spelling. One
// epoch is a `.step()`; the numbers of a trace are its learning rates from the start on.

import { settings, within } from './mappings.ts';
import {
  departs,
  deviates,
  matches,
  outOfScope,
  refused,
  type OracleTable,
  type ToSpec,
} from './verdict.ts';

const UPSIDE_DOWN = 'base_lr above max_lr is a slip of the writer';
const SCALE_FN = 'a height of the user’s own is a strategy of the user’s own';
const HALVES = 'both halves of a cycle are equally long, as in the paper';
const CLIMBS = 'the learning rate stays at the end of its cosine; the reference climbs again';
const PAST = 'after its last step the learning rate stays; the reference goes on for one';

const stepLr: ToSpec = (oracle) => ({ strategy: 'step', lr: oracle.lr0, ...settings(oracle) });

const multiStepLr: ToSpec = (oracle) => ({
  strategy: 'multistep',
  lr: oracle.lr0,
  ...settings(oracle),
});

/** A stair every epoch. */
const exponentialLr: ToSpec = (oracle) => ({
  strategy: 'exponential',
  lr: oracle.lr0,
  decay_rate: settings(oracle)['gamma'],
  staircase: true,
});

/** With equal halves; its momentum cycles by default. */
const cyclicLr: ToSpec = (oracle) => {
  const { step_size_up: half, ...same } = settings(oracle);
  const momenta = { base_momentum: 0.8, max_momentum: 0.9 };
  return { strategy: 'cyclic', step_size: half, ...momenta, ...same };
};

/** `LinearLR` up to its own learning rate: a warm-up before a fixed one. */
const linearWarmup: ToSpec = (oracle) => {
  const { start_factor = 1 / 3, total_iters: length = 5 } = settings(oracle);
  return { strategy: 'fixed', lr: oracle.lr0, warmup: { length, start_factor } };
};

/** `LinearLR` down from its own learning rate: a straight decay. */
const linearDecay: ToSpec = (oracle) => {
  const { end_factor, total_iters: decay_steps } = settings(oracle);
  const lr = Number(oracle.lr0);
  return { strategy: 'polynomial', lr, end_lr: lr * Number(end_factor), decay_steps };
};

const polynomialLr: ToSpec = (oracle) => {
  const { total_iters: decay_steps, power } = settings(oracle);
  return { strategy: 'polynomial', lr: oracle.lr0, decay_steps, power };
};

const cosineLr: ToSpec = (oracle) => {
  const { T_max: decay_steps, eta_min: min_lr = 0 } = settings(oracle);
  return { strategy: 'cosine', lr: oracle.lr0, min_lr, decay_steps };
};

const warmRestarts: ToSpec = (oracle) => {
  const { T_0, T_mult: t_mul = 1, eta_min: min_lr = 0 } = settings(oracle);
  return {
    strategy: 'cosine_restarts',
    lr: oracle.lr0,
    min_lr,
    first: `${Number(T_0)} epochs`,
    t_mul,
  };
};

/** Its momentum cycles by default. */
const oneCycleLr: ToSpec = within(
  (oracle) => {
    const { total_steps, epochs, steps_per_epoch } = settings(oracle);
    return Number(total_steps ?? Number(epochs) * Number(steps_per_epoch));
  },
  (oracle) => {
    const { anneal_strategy: anneal = 'cos', ...given } = settings(oracle);
    const { cycle_momentum, total_steps: _, epochs: __, steps_per_epoch: ___, ...same } = given;
    const momenta = cycle_momentum === false ? {} : { base_momentum: 0.85, max_momentum: 0.95 };
    return { strategy: 'one_cycle', anneal, ...momenta, ...same };
  },
);

/** The first scheduler of a sequence as a warm-up before `spec`. */
function behindWarmup(length: number, start_factor: number, spec: object): ToSpec {
  return ({ lr0: lr }) => ({ lr, warmup: { length, start_factor }, ...spec });
}

/** All of `torch_schedulers.json`. */
export const TORCH_TABLE: Readonly<Record<string, OracleTable>> = {
  'torch_schedulers/cases': [
    matches(stepLr, 'StepLR#0 StepLR#4 StepLR#7'),
    matches(multiStepLr, 'MultiStepLR#0 MultiStepLR#1 MultiStepLR#4 MultiStepLR#5 MultiStepLR#6'),
    deviates(multiStepLr, 'a milestone between two epochs acts at the next one instead of never', {
      'MultiStepLR#7': '0.1*10 0.010000000000000002*11 0.0010000000000000002*19',
    }),
    matches(
      exponentialLr,
      `
  ExponentialLR#0 ExponentialLR#1 ExponentialLR#2 ExponentialLR#3 ExponentialLR#4
  ExponentialLR#5`,
    ),
    matches(
      cyclicLr,
      `
  CyclicLR#1 CyclicLR#13 CyclicLR#14 CyclicLR#15 CyclicLR#16 CyclicLR#19 CyclicLR#20
  CyclicLR#21 CyclicLR#22`,
    ),
    refused(cyclicLr, UPSIDE_DOWN, 'base_lr', 'CyclicLR#12'),
    refused(cyclicLr, 'the reference refuses it too', 'mode', 'CyclicLR#23'),
    outOfScope(HALVES, 'CyclicLR#6 CyclicLR#7'),
    outOfScope(SCALE_FN, 'CyclicLR#8 CyclicLR#9'),
    matches(linearWarmup, 'LinearLR#0 LinearLR#2 LinearLR#4 LinearLR#5 LinearLR#9'),
    matches(linearDecay, 'LinearLR#3 LinearLR#7'),
    matches(({ lr0: lr }) => ({ strategy: 'fixed', lr }), 'ConstantLR#2'),
    deviates(
      ({ lr0: lr }) => ({ strategy: 'fixed', lr, warmup: { length: 0, start_factor: 0.1 } }),
      'a warm-up of no steps has no effect; the reference stays at its factor for ever',
      { 'ConstantLR#3': '0.1*15' },
    ),
    matches(
      polynomialLr,
      `
  PolynomialLR#0 PolynomialLR#1 PolynomialLR#2 PolynomialLR#3 PolynomialLR#4 PolynomialLR#5`,
    ),
    matches(cosineLr, 'CosineAnnealingLR#3'),
    departs(cosineLr, CLIMBS, {
      'CosineAnnealingLR#0': '11-64:0',
      'CosineAnnealingLR#1': '51-64:0',
      'CosineAnnealingLR#2': '51-64:0.001',
      'CosineAnnealingLR#4': '8-64:0.01',
      'CosineAnnealingLR#6': '3-64:0',
    }),
    refused(cosineLr, 'a floor above the start is a slip', 'min_lr', 'CosineAnnealingLR#8'),
    matches(
      warmRestarts,
      `
  CosineAnnealingWarmRestarts#2 CosineAnnealingWarmRestarts#3 CosineAnnealingWarmRestarts#4
  CosineAnnealingWarmRestarts#5 CosineAnnealingWarmRestarts#11 CosineAnnealingWarmRestarts#12
  CosineAnnealingWarmRestarts#16 CosineAnnealingWarmRestarts#18 CosineAnnealingWarmRestarts#20
  CosineAnnealingWarmRestarts#21`,
    ),
    departs(warmRestarts, 'no restart is missed, since none is found by a logarithm', {
      'CosineAnnealingWarmRestarts#15': '121:0.1',
    }),
    refused(warmRestarts, 'the reference refuses it too', 'first', 'CosineAnnealingWarmRestarts#8'),
    departs(warmRestarts, 'a factor that is no whole number is good, as in Keras', {
      'CosineAnnealingWarmRestarts#9': '0:0.1 2:0.065450849718747371 5:0.1 13:0.09951340343707852',
    }),
    departs(oneCycleLr, PAST, {
      'OneCycleLR#0': '100:4e-7',
      'OneCycleLR#4': '65:4e-6',
      'OneCycleLR#5': '50:1e-4',
      'OneCycleLR#6': '50:4e-7',
      'OneCycleLR#8': '50:0.1',
      'OneCycleLR#14': '100:4e-7',
      'OneCycleLR#15': '40:4e-7',
      'OneCycleLR#16': '100:1e-4',
    }),
    departs(oneCycleLr, 'a rise of no length is left out; the reference divides by zero', {
      'OneCycleLR#9': '0:0.1 9:4e-7',
    }),
    matches(
      behindWarmup(5, 0.01, { strategy: 'multistep', milestones: [5, 10] }),
      'SequentialLR#8',
    ),
    matches(
      within(() => 35, behindWarmup(5, 0.2, { strategy: 'wsd', decay: 10, min_lr: 0.01 })),
      'SequentialLR#2',
    ),
    outOfScope(
      'a warm-up rises in a line to the learning rate itself',
      'SequentialLR#3 SequentialLR#5',
    ),
    outOfScope('strategies are not multiplied with each other', 'ChainedScheduler#2'),
  ],
};
