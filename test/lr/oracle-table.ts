// The verdict on every golden trace of an open-loop strategy: which strategy gives it, where we differ on purpose, what is left out.

import { deviates, matches, outOfScope, refused, type OracleTable } from './oracle-verdict.ts';
import {
  caffe,
  clr,
  cyclicLr,
  exponentialDecay,
  exponentialLr,
  linearLr,
  multiStepLr,
  piecewiseConstantDecay,
  stepLr,
} from './oracle-mappings.ts';

const UPSIDE_DOWN = 'base_lr above max_lr is a slip of the writer';
const SCALE_FN = 'a height of the user’s own is a strategy of the user’s own';
const HALVES = 'both halves of a cycle are equally long, as in the paper';
const LATER = 'a strategy that is not in the catalogue';

/** Schedules of PyTorch, Keras 3, bckenstler/CLR, Optax, transformers and Smith’s own Caffe logs. */
export const SCHEDULE_TABLE: Readonly<Record<string, OracleTable>> = {
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
    matches(linearLr, 'LinearLR#0 LinearLR#2 LinearLR#4 LinearLR#5 LinearLR#9'),
    outOfScope('a ramp downwards is no warm-up', 'LinearLR#3 LinearLR#7'),
    matches(({ lr0: lr }) => ({ strategy: 'fixed', lr }), 'ConstantLR#2'),
    deviates(
      ({ lr0: lr }) => ({ strategy: 'fixed', lr, warmup: { length: 0, start_factor: 0.1 } }),
      'a warm-up of no steps has no effect; the reference stays at its factor for ever',
      { 'ConstantLR#3': '0.1*15' },
    ),
    matches(
      ({ lr0: lr }) => ({
        strategy: 'multistep',
        lr,
        milestones: [5, 10],
        warmup: { length: 5, start_factor: 0.01 },
      }),
      'SequentialLR#8',
    ),
    outOfScope(
      'a warm-up always ends at the learning rate itself, and only a warm-up goes before a strategy',
      'SequentialLR#2 SequentialLR#3 SequentialLR#5',
    ),
    outOfScope('strategies are not multiplied with each other', 'ChainedScheduler#2'),
    outOfScope(
      LATER,
      `
    PolynomialLR#0 PolynomialLR#1 PolynomialLR#2 PolynomialLR#3 PolynomialLR#4 PolynomialLR#5
    CosineAnnealingLR#0 CosineAnnealingLR#1 CosineAnnealingLR#2 CosineAnnealingLR#3
    CosineAnnealingLR#4 CosineAnnealingLR#6 CosineAnnealingLR#8 CosineAnnealingWarmRestarts#2
    CosineAnnealingWarmRestarts#3 CosineAnnealingWarmRestarts#4 CosineAnnealingWarmRestarts#5
    CosineAnnealingWarmRestarts#8 CosineAnnealingWarmRestarts#9 CosineAnnealingWarmRestarts#11
    CosineAnnealingWarmRestarts#12 CosineAnnealingWarmRestarts#15 CosineAnnealingWarmRestarts#16
    CosineAnnealingWarmRestarts#18 CosineAnnealingWarmRestarts#20 CosineAnnealingWarmRestarts#21
    OneCycleLR#0 OneCycleLR#4 OneCycleLR#5 OneCycleLR#6 OneCycleLR#8 OneCycleLR#9 OneCycleLR#14
    OneCycleLR#15 OneCycleLR#16`,
    ),
  ],
  'clr_bckenstler/cases': [
    matches(
      clr,
      `
  triangular2 exp_range exp_range_paper_gamma exp_range_gamma1 base_eq_max step1 step2
  step_frac_3.3 lr_range_test superconv_shape paper_cifar_full big_range_tri2
  two_fits_same_callback`,
    ),
    refused(clr, UPSIDE_DOWN, 'base_lr', 'base_gt_max'),
    outOfScope(
      SCALE_FN,
      'custom_sin_cycle custom_inv5_iter custom_inv_cycle custom_overrides_mode',
    ),
  ],
  'keras3_schedules/cases': [
    matches(exponentialDecay, 'ExponentialDecay#0 ExponentialDecay#4'),
    matches(piecewiseConstantDecay, 'PiecewiseConstantDecay#7'),
    refused(
      piecewiseConstantDecay,
      'the reference refuses it too',
      'boundaries',
      'PiecewiseConstantDecay#8',
    ),
    outOfScope(
      LATER,
      `
    InverseTimeDecay#1 InverseTimeDecay#2 InverseTimeDecay#3 InverseTimeDecay#5
    InverseTimeDecay#6 PolynomialDecay#9 PolynomialDecay#10 PolynomialDecay#11 CosineDecay#12
    CosineDecay#13 CosineDecay#14 CosineDecayRestarts#15 CosineDecayRestarts#16
    CosineDecayRestarts#17 CosineDecayRestarts#18 CosineDecayRestarts#19 CosineDecayRestarts#20
    CosineDecayRestarts#21`,
    ),
  ],
  'optax/schedules': [
    matches(() => ({ strategy: 'fixed', lr: 0.1 }), 'constant_schedule#0'),
    matches(
      () => ({ strategy: 'multistep', lr: 0.1, milestones: ['0 steps'], gamma: 0.5 }),
      'piecewise_constant_schedule#5',
    ),
    matches(
      () => ({ strategy: 'multistep', lr: 0.1, milestones: [] }),
      'piecewise_constant_schedule#6',
    ),
    matches(
      () => ({
        strategy: 'exponential',
        lr: 0.1,
        decay_rate: 0.5,
        decay_steps: 10,
        staircase: true,
      }),
      'exponential_decay#7',
    ),
    outOfScope(
      'an exponential decay has no begin, floor or ceiling of its own',
      'exponential_decay#8 exponential_decay#9',
    ),
    outOfScope(
      LATER,
      `
    polynomial_schedule#1 polynomial_schedule#2 polynomial_schedule#3 linear_schedule#4
    cosine_decay_schedule#10 cosine_decay_schedule#11 cosine_decay_schedule#12
    linear_onecycle_schedule#13 cosine_onecycle_schedule#14 warmup_cosine_decay_schedule#15
    warmup_cosine_decay_schedule#16 warmup_cosine_decay_schedule#17 join_schedules#18`,
    ),
  ],
  'hf_warmup/cases': [
    matches(
      () => ({ strategy: 'fixed', lr: 1, warmup: { length: 10, start_factor: 0 } }),
      'constant_schedule_with_warmup',
    ),
    outOfScope(LATER, 'linear_schedule_with_warmup cosine_schedule_with_warmup'),
  ],
  'caffe_superconvergence_logs/runs': [
    matches(
      caffe,
      `
    clr3SS5kCifar100Fig8 clr3SS5kFig1a clr3SS5kMom95Fig11 clr3SS5kRes110Tab1 clr3SS5kTr10kTab1
    clr3SS5kTr20kTab1 clr3SS5kTr30kTab1 clr3SS5kWD-3Fig11 clr3SS5kWD-5Fig11 lr35Cifar100Fig8
    lr35Fig1a lr35Res110Fig6b lr35Tr30kTab1 lrRange3SS520kClip10Fig12b lrRange3SS520kClip5Fig12a
    range2Res20Fig4b range2SS80kRes56wd0 range2SS80kRes56wd1 range3Iter100kFig2b
    range3Iter5kFig2b`,
    ),
  ],
  'caffe_superconvergence_logs/series': [
    matches(
      () => ({ strategy: 'cyclic', base_lr: 0, max_lr: 3, step_size: 5000 }),
      'range3Iter5kFig2b',
    ),
    matches(
      () => ({ strategy: 'cyclic', base_lr: 0, max_lr: 3, step_size: 20_000 }),
      'range3Iter20kFig2b',
    ),
    matches(
      () => ({ strategy: 'cyclic', base_lr: 0, max_lr: 2, step_size: 80_000 }),
      'range2Res20Fig4b',
    ),
    matches(
      () => ({ strategy: 'cyclic', base_lr: 0.1, max_lr: 3, step_size: 5000 }),
      'clr3SS5kFig1a',
    ),
    matches(
      () => ({ strategy: 'multistep', lr: 0.35, milestones: ['50000 steps', '70000 steps'] }),
      'lr35Fig1a',
    ),
  ],
};
