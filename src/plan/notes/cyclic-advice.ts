// What Smith's paper advises for cycles, where a setting does otherwise: half a cycle of 2 to 10 epochs, an end at the bottom of a
// cycle, and at least 3 cycles, which train most of the way (4 or more do better).
// Source: Smith 2015, "Cyclical learning rates for training neural networks" (arXiv 1506.01186), section 3.2.

import { toEpochs, toRest } from './rest-of-training.ts';
import type { StrategySpec } from '../../lr/spec.ts';
import type { Setting } from '../setting.ts';
import { showEpochs, toShort } from './show-epochs.ts';

/** Cycles that train most of the way. */
const ENOUGH_CYCLES = 3;

/** Remarks about a cyclic setting, none for others and for those whose warm-up takes all. */
export function adviseCyclic(setting: Setting, stepsPerEpoch: number): readonly string[] {
  const rest = toRest(setting, stepsPerEpoch);
  if (setting.spec.strategy !== 'cyclic' || rest.epochs === 0) return [];
  const half = toEpochs(setting.spec['step_size'], rest);
  return [...adviseHalf(half), ...adviseEnd(half, rest.epochs), ...adviseGamma(setting.spec)];
}

function adviseGamma({ mode, gamma }: StrategySpec): readonly string[] {
  if (mode !== 'exp_range' && gamma !== 1)
    return [`gamma ${String(gamma)} has no effect in mode ${String(mode)}, only in exp_range`];
  return mode === 'exp_range' && gamma === 1 ? ['exp_range with gamma 1 is triangular'] : [];
}

function adviseHalf(half: number): readonly string[] {
  if (half >= 2 && half <= 10) return [];
  return [`step_size is ${showEpochs(half)}; Smith (2015) advises 2 to 10 epochs`];
}

function adviseEnd(half: number, epochs: number): readonly string[] {
  const cycles = epochs / (2 * half);
  const training = showEpochs(epochs);
  if (half >= epochs)
    return [
      `half a cycle takes ${showEpochs(half)}, training ${training}: the learning rate only rises`,
    ];
  const cyclesOf = `${toShort(cycles)} ${cycles === 1 ? 'cycle' : 'cycles'} of ${showEpochs(2 * half)}`;
  if (Math.abs(cycles - Math.round(cycles)) >= 1e-9)
    return [`training ends inside a cycle: ${training} are ${cyclesOf}`];
  if (cycles > ENOUGH_CYCLES - 0.5) return [];
  return [`training is ${cyclesOf}; Smith (2015) advises at least ${ENOUGH_CYCLES}`];
}
