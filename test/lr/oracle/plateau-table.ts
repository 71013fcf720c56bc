// The verdict on every golden trace of a plateau: which strategy gives it, where we differ on purpose, what is left out.

import {
  allOutOfScope,
  deviates,
  matches,
  outOfScope,
  refused,
  type OracleTable,
} from './verdict.ts';
import { guessedMode, kerasPlateau, optaxPlateau, torchPlateau } from './mappings.ts';

const FACTOR_0 = 'a factor of 0 ends training in silence; 0 < factor < 1';
const NOT_FINITE =
  'an infinity of the good side would stay best for ever; what is not finite is a bad epoch';

const FLOAT32 =
  'the learning rate is float64 between cuts, and rounded once where the optimizer takes it';
const GUESSED = 'a direction is never guessed from a metric’s name';
const STOPPING = 'a strategy never ends a training';

/** ReduceLROnPlateau of Keras 3, tf.keras 2, PyTorch and Optax. */
export const PLATEAU_TABLE: Readonly<Record<string, OracleTable>> = {
  'keras3_reduce_lr_on_plateau/cases_f64': [
    matches(
      kerasPlateau,
      `
  defaults/improving defaults/worsening p0/flat p0/noisy_flat p0/nan_middle p0/sawtooth
  p1/noisy_flat p1/sawtooth p2/flat p2/improve_then_flat p2/inf_first p2/inf_middle
  p2/missing p3/sawtooth p5/flat p5/noisy_decay p2c1/flat p2c1/improves_in_cooldown
  p2c2/flat p2c2/improve_then_flat p2c2/improves_in_cooldown p2c2/nan_middle
  p2c3/improves_in_cooldown p2c10/flat p2c10/improves_in_cooldown p2c10/noisy_decay
  p0c1/noisy_flat p1c2/flat p1c2/noisy_flat p1c2/missing p1c5/flat p1c5/worsening
  factor_near1/flat factor_prev_double/flat minlr_hit/sawtooth minlr_exact/flat
  minlr_equal_lr0/flat minlr_cooldown/flat minlr_cooldown/improves_in_cooldown
  delta0/tiny_1e-5 delta0/f32_ulp_improvements delta0/sub_f32_improvements
  delta1e-4/tiny_1e-5 delta1e-4/step_just_over_1e-4 delta1e-4/step_just_under_1e-4
  delta1e-4/huge_values delta1e-5/tiny_1e-5 delta1e-5/step_exact_1e-4 delta_half/improving
  delta_half/sawtooth delta_huge/inf_first max_p2/acc_up max_p2/acc_quantised
  max_p2/neginf_middle max_p3c2/noisy_flat max_p0/acc_quantised max_delta0/acc_quantised
  max_delta0/worsening max_delta0/ulp_improvements max_neg/flat_negative
  max_neg/neg_improving auto_loss/improving p2_neg/neg_improving p2_neg/flat_zero
  p7c4/noisy_flat p7c4/flat p4c3min/worsening p4c3min/flat third/flat third/sawtooth
  lr3e-4/noisy_flat`,
    ),
    deviates(kerasPlateau, 'a NaN never becomes best', {
      'p1/nan_first':
        '0.1*1 0.05*4 0.025*1 0.0125*1 0.00625*1 0.003125*2 0.0015625*1 0.00078125*1 0.000390625*1',
      'p2/nan_first': '0.1*6 0.05*2 0.025*3 0.0125*2 0.00625*2',
      'p2/nan_all':
        '0.1*2 0.05*2 0.025*2 0.0125*2 0.00625*2 0.003125*2 0.0015625*2 0.00078125*2 0.000390625*1',
      'max_p2/nan_first': '0.1*4 0.05*2 0.025*2 0.0125*2 0.00625*2 0.003125*2 0.0015625*1',
    }),
    deviates(kerasPlateau, NOT_FINITE, {
      'p2/neginf_middle': '0.1*12',
      'max_p2/inf_middle': '0.1*3 0.05*2 0.025*2 0.0125*2 0.00625*2 0.003125*2 0.0015625*1',
      'max_p2/nan_acc': '0.1*5 0.05*4 0.025*2 0.0125*3 0.00625*2',
    }),
    refused(kerasPlateau, FACTOR_0, 'factor', 'factor_0/flat factor_0/sawtooth'),
    refused(
      kerasPlateau,
      'a sign that the reference drops is a slip of the writer',
      'min_delta',
      'delta_negative/flat',
    ),
    refused(
      kerasPlateau,
      'a negative time is a slip of the writer',
      'cooldown',
      'cooldown_negative/flat',
    ),
  ],
  'keras3_reduce_lr_on_plateau/cases_f32': [allOutOfScope(FLOAT32, 82)],
  'keras3_reduce_lr_on_plateau_jax_f32_diffs/cases': [
    deviates(kerasPlateau, 'metrics are compared in float64, not float32', {
      'delta0/sub_f32_improvements': '0.1*25',
    }),
  ],
  'tfkeras2_reduce_lr_on_plateau/cases_f64': [
    matches(
      kerasPlateau,
      `
  defaults/improving defaults/worsening p0/flat p0/noisy_flat p0/nan_middle p0/sawtooth
  p1/noisy_flat p1/nan_first p1/sawtooth p2/flat p2/improve_then_flat p2/nan_first
  p2/nan_all p2/inf_first p2/inf_middle p2/missing p3/sawtooth p5/flat p5/noisy_decay
  p2c1/flat p2c1/improves_in_cooldown p2c2/flat p2c2/improve_then_flat
  p2c2/improves_in_cooldown p2c2/nan_middle p2c3/improves_in_cooldown p2c10/flat
  p2c10/improves_in_cooldown p2c10/noisy_decay p0c1/noisy_flat p1c2/flat p1c2/noisy_flat
  p1c2/missing p1c5/flat p1c5/worsening factor_near1/flat factor_prev_double/flat
  minlr_hit/sawtooth minlr_exact/flat minlr_equal_lr0/flat minlr_cooldown/flat
  minlr_cooldown/improves_in_cooldown delta0/tiny_1e-5 delta0/f32_ulp_improvements
  delta0/sub_f32_improvements delta1e-4/tiny_1e-5 delta1e-4/step_just_over_1e-4
  delta1e-4/step_just_under_1e-4 delta1e-4/huge_values delta1e-5/tiny_1e-5
  delta1e-5/step_exact_1e-4 delta_half/improving delta_half/sawtooth delta_huge/inf_first
  max_p2/acc_up max_p2/acc_quantised max_p2/nan_first max_p2/neginf_middle
  max_p3c2/noisy_flat max_p0/acc_quantised max_delta0/acc_quantised max_delta0/worsening
  max_delta0/ulp_improvements max_neg/flat_negative max_neg/neg_improving
  auto_loss/improving p2_neg/neg_improving p2_neg/flat_zero p7c4/noisy_flat p7c4/flat
  p4c3min/worsening p4c3min/flat third/flat third/sawtooth lr3e-4/noisy_flat`,
    ),
    deviates(kerasPlateau, NOT_FINITE, {
      'p2/neginf_middle': '0.1*12',
      'max_p2/inf_middle': '0.1*3 0.05*2 0.025*2 0.0125*2 0.00625*2 0.003125*2 0.0015625*1',
      'max_p2/nan_acc': '0.1*5 0.05*4 0.025*2 0.0125*3 0.00625*2',
    }),
    refused(kerasPlateau, FACTOR_0, 'factor', 'factor_0/flat factor_0/sawtooth'),
    refused(
      kerasPlateau,
      'a negative threshold counts worse values as better',
      'min_delta',
      'delta_negative/flat',
    ),
    refused(
      kerasPlateau,
      'a negative time is a slip of the writer',
      'cooldown',
      'cooldown_negative/flat',
    ),
  ],
  'tfkeras2_reduce_lr_on_plateau/cases_f32': [allOutOfScope(FLOAT32, 82)],
  'tfkeras2_reduce_lr_on_plateau/differs_from_keras3': [
    allOutOfScope('names of cases that have their verdict in the lists of both', 10),
  ],
  'tfkeras2_reduce_lr_on_plateau/auto_mode': [
    refused(
      guessedMode,
      GUESSED,
      'mode',
      `
  val_loss loss val_acc acc accuracy val_accuracy val_auc val_f1 mae val_cohen_kappa fmeasure
  account_error`,
    ),
  ],
  'torch_reduce_lr_on_plateau/cases': [
    matches(
      torchPlateau,
      `
  defaults/improving defaults/worsening p0/flat p0/noisy_flat p0/nan_middle p0/sawtooth
  p1/noisy_flat p1/nan_first p1/sawtooth p2/flat p2/improve_then_flat p2/nan_first
  p2/nan_all p2/inf_first p2/inf_middle p3/sawtooth p5/flat p5/noisy_decay p2c1/flat
  p2c1/improves_in_cooldown p2c2/flat p2c2/improve_then_flat p2c2/improves_in_cooldown
  p2c3/improves_in_cooldown p0c1/noisy_flat p1c2/flat p1c2/noisy_flat p1c5/flat
  p1c5/worsening factor_near1/flat factor_near1_eps0/flat factor_prev_double/flat
  minlr_hit/sawtooth minlr_equal_lr0/flat minlr_within_eps/flat minlr_cooldown/flat
  minlr_cooldown/improves_in_cooldown eps_big/flat thr0_rel/flat thr0_rel/ulp_improvements
  thr0_rel/tiny_1e-5 thr0_rel/flat_zero thr_abs/flat thr_abs/step_just_over_1e-4
  thr_abs/flat_negative thr_abs/tiny_values thr_rel/neg_improving thr_rel/huge_values
  thr_rel_big/improving thr_rel_big/noisy_flat thr_abs_big/sawtooth max_p2/acc_up
  max_p2/acc_quantised max_p2/nan_first max_abs/acc_quantised max_abs/flat_negative
  max_rel_neg/neg_improving max_p3c2/noisy_flat max_p0/acc_quantised p7c4/noisy_flat
  p7c4/flat p4c3min/worsening p4c3min/flat p_eq/flat p_eq_m1/flat third/flat third/sawtooth`,
    ),
    deviates(torchPlateau, NOT_FINITE, {
      'p2/neginf_middle': '0.1*12',
      'max_p2/nan_acc': '0.1*6 0.05*4 0.025*5 0.0125*1',
      'max_abs/nan_acc': '0.1*6 0.05*4 0.025*5 0.0125*1',
    }),
    deviates(torchPlateau, 'a relative threshold is a share of |best|, so negative metrics work', {
      'thr_rel/flat_negative':
        '0.1*4 0.05*3 0.025*3 0.0125*3 0.00625*3 0.003125*3 0.0015625*3 0.00078125*3',
      'max_rel_neg/flat_negative':
        '0.1*4 0.05*3 0.025*3 0.0125*3 0.00625*3 0.003125*3 0.0015625*3 0.00078125*3',
    }),
    deviates(
      torchPlateau,
      'the first finite value is best; the reference computes infinity × 0 and counts it as bad',
      {
        'thr_rel_1/improving':
          '0.1*4 0.05*3 0.025*3 0.0125*3 0.00625*3 0.003125*3 0.0015625*3 0.00078125*3',
      },
    ),
    refused(torchPlateau, FACTOR_0, 'factor', 'factor_0/flat'),
    refused(
      torchPlateau,
      'a negative threshold counts worse values as better',
      'min_delta',
      'thr_negative_abs/flat thr_negative_abs/noisy_flat',
    ),
    refused(
      torchPlateau,
      'a negative time is a slip of the writer',
      'patience',
      'p_negative/improving',
    ),
  ],
  'optax/reduce_on_plateau': [
    matches(
      optaxPlateau,
      `
  defaults/flat defaults/noisy_decay p1/nan_middle p2/flat p2/improve_then_flat p2/inf_first
  p3/flat p3/sawtooth p2c1/flat p2c2/flat p2c2/improves_in_cooldown p2c3/flat
  p2c3/noisy_flat atol/tiny_1e-5 atol/flat_negative rtol/tiny_1e-5 rtol/neg_improving`,
    ),
    deviates(
      optaxPlateau,
      'patience 0 cuts after a bad epoch; the reference cuts after good ones',
      {
        'p0/noisy_flat':
          '1*4 0.5*3 0.25*1 0.125*1 0.0625*1 0.03125*1 0.015625*1 0.0078125*1 0.00390625*1',
      },
    ),
    deviates(optaxPlateau, 'a relative threshold is a share of |best|, so negative metrics work', {
      'rtol/flat_negative':
        '1*3 0.5*2 0.25*2 0.125*2 0.0625*2 0.03125*2 0.015625*2 0.0078125*2 0.00390625*2',
    }),
    refused(
      optaxPlateau,
      'a floor above the start would raise the learning rate at once',
      'min_lr',
      'minscale_gt1/flat',
    ),
    outOfScope('metrics are not averaged over several epochs', 'accum3/flat'),
  ],
  'keras_early_stopping/cases': [allOutOfScope(STOPPING, 88)],
  'tfjs_early_stopping/cases': [allOutOfScope(STOPPING, 54)],
  'tfjs_early_stopping/auto_mode': [
    refused(
      guessedMode,
      GUESSED,
      'mode',
      `
  val_loss loss val_acc acc accuracy val_accuracy val_auc val_f1 mae account_error`,
    ),
  ],
};
