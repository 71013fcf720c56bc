// Trainings that are too short for what is asked of them: a cycle with hardly a step in a phase, a warm-up that takes all.

import { toRest } from './rest-of-training.ts';
import type { Setting } from '../setting.ts';
import { showEpochs, toShort } from './show-epochs.ts';

/** Steps that are too few to follow the shape of a phase. */
const FEW = 3;

/** Says that a warm-up takes the whole training. */
export function adviseLongWarmup(setting: Setting, stepsPerEpoch: number): readonly string[] {
  if (toRest(setting, stepsPerEpoch).epochs > 0) return [];
  const all = showEpochs(setting.epochs);
  return [`the warm-up takes all of ${all}: ${setting.spec.strategy} never starts`];
}

/** Says that a `one_cycle` has hardly a step to rise or to fall; of use only for the true steps of an epoch. */
export function adviseFewSteps(setting: Setting, stepsPerEpoch: number): readonly string[] {
  const { strategy, pct_start, three_phase } = setting.spec;
  const steps = toRest(setting, stepsPerEpoch).epochs * stepsPerEpoch;
  if (strategy !== 'one_cycle' || steps === 0) return [];
  const share = Number(pct_start);
  const rise = Math.max(0, share * steps - 1);
  const fall = three_phase === true ? rise : Math.max(0, steps - 1 - rise);
  const isShort = (share > 0 && rise < FEW) || (share < 1 && fall < FEW);
  if (!isShort) return [];
  return [
    `one_cycle has ${toShort(rise)} steps to rise and ${toShort(fall)} to fall, of ${toShort(steps)}`,
  ];
}
