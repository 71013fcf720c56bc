// The verdict on every golden trace of an open-loop strategy but PyTorch's: which strategy gives it, where we differ on purpose,
// what is left out.

import { departs, matches, outOfScope, refused, type OracleTable } from './verdict.ts';
import {
  caffe,
  clr,
  cosineDecay,
  cosineDecayRestarts,
  cosineOnecycle,
  cosineSchedule,
  exponentialDecay,
  hfDecay,
  hfWsd,
  inverseTimeDecay,
  piecewiseConstantDecay,
  polynomialDecay,
  polynomialSchedule,
  warmupCosineSchedule,
  within,
} from './mappings.ts';

const UPSIDE_DOWN = 'base_lr above max_lr is a slip of the writer';
const SCALE_FN = 'a height of the user’s own is a strategy of the user’s own';
const RESTART = 'no restart is missed, since none is found by a logarithm';
const RAMP = 'a warm-up is a straight line';

/** Schedules of Keras 3, bckenstler/CLR, Optax, transformers and Smith’s own Caffe logs. */
export const SCHEDULE_TABLE: Readonly<Record<string, OracleTable>> = {
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
    matches(
      inverseTimeDecay,
      `
  InverseTimeDecay#1 InverseTimeDecay#2 InverseTimeDecay#3 InverseTimeDecay#5
  InverseTimeDecay#6`,
    ),
    matches(polynomialDecay, 'PolynomialDecay#9 PolynomialDecay#10 PolynomialDecay#11'),
    matches(cosineDecay, 'CosineDecay#12 CosineDecay#13 CosineDecay#14'),
    matches(
      cosineDecayRestarts,
      `
  CosineDecayRestarts#15 CosineDecayRestarts#16 CosineDecayRestarts#17 CosineDecayRestarts#18
  CosineDecayRestarts#21`,
    ),
    departs(cosineDecayRestarts, RESTART, {
      'CosineDecayRestarts#19': '121:0.1',
      'CosineDecayRestarts#20': '111:0.1',
    }),
  ],
  'keras3_learning_rate_scheduler/cases': [
    matches(
      () => ({ strategy: 'exponential', lr: 0.1 * 0.9, decay_rate: 0.9, staircase: true }),
      'recursive_0.9',
    ),
    matches(
      ({ lr0: lr }) => ({
        strategy: 'exponential',
        lr,
        decay_rate: Math.exp(-0.1),
        staircase: true,
        warmup: { length: '9 epochs', start_factor: 1 },
      }),
      'recursive_exp_after_10',
    ),
    matches(({ lr0: lr }) => ({ strategy: 'step', lr, step_size: 10, gamma: 0.5 }), 'step_10'),
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
    matches(
      polynomialSchedule,
      'polynomial_schedule#1 polynomial_schedule#2 polynomial_schedule#3',
    ),
    matches(
      within(
        () => 13,
        () => ({
          strategy: 'range_test',
          min_lr: 0,
          max_lr: 0.1,
          scale: 'linear',
          warmup: { length: 3, start_factor: 1 },
        }),
      ),
      'linear_schedule#4',
    ),
    matches(cosineSchedule, 'cosine_decay_schedule#10 cosine_decay_schedule#11'),
    refused(
      cosineSchedule,
      'the reference refuses it too',
      'decay_steps',
      'cosine_decay_schedule#12',
    ),
    matches(cosineOnecycle, 'cosine_onecycle_schedule#14'),
    outOfScope(
      'the fall of three phases takes as long as the rise, as in PyTorch',
      'linear_onecycle_schedule#13',
    ),
    matches(
      warmupCosineSchedule,
      `
  warmup_cosine_decay_schedule#15 warmup_cosine_decay_schedule#16
  warmup_cosine_decay_schedule#17`,
    ),
    matches(
      within(
        () => 55,
        () => ({
          strategy: 'wsd',
          lr: 0.1,
          min_lr: 0.01,
          decay: 20,
          decay_type: 'cosine',
          warmup: { length: 5, start_factor: 0.1 },
        }),
      ),
      'join_schedules#18',
    ),
  ],
  'hf_wsd_and_warmup/cases': [
    matches(hfWsd, 'wsd#0 wsd#6 wsd#7'),
    departs(hfWsd, RAMP, {
      'wsd#1': '1:0.19 2:0.28 3:0.37 4:0.46 6:0.64 7:0.73 8:0.82 9:0.91',
      'wsd#2': '1:0.1 2:0.2 3:0.3 4:0.4 6:0.6 7:0.7 8:0.8 9:0.9',
      'wsd#3': '1:0.19 2:0.28 3:0.37 4:0.46 5:0.55 6:0.64 7:0.73 8:0.82 9:0.91',
      'wsd#4': '1:0.19 2:0.28 3:0.37 4:0.46 5:0.55 6:0.64 7:0.73 8:0.82 9:0.91',
      'wsd#5': '1:0.1 2:0.2 3:0.3 4:0.4 5:0.5 6:0.6 7:0.7 8:0.8 9:0.9',
    }),
    outOfScope('a decay goes down once, and not up again', 'wsd#8'),
    matches(
      () => ({ strategy: 'fixed', lr: 1, warmup: { length: 10, start_factor: 0 } }),
      'constant_schedule_with_warmup#9',
    ),
    matches(hfDecay('polynomial'), 'linear_schedule_with_warmup#10'),
    departs(hfDecay('cosine'), 'the learning rate stays at the end of its cosine', {
      'cosine_schedule_with_warmup#11': '41-44:0',
    }),
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
