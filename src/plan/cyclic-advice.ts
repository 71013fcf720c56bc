// What Smith's paper advises for cycles, where a setting does otherwise: half a cycle of 2 to 10 epochs, and an end at the
// bottom of a cycle. Source: Smith 2015, "Cyclical learning rates for training neural networks" (arXiv 1506.01186), section 3.2.

import { toSteps } from '../lr/duration.ts';
import { toWarmupSteps } from './plateau-reach.ts';
import type { Setting } from './setting.ts';

/** Remarks about a cyclic setting, none for others. */
export function adviseCyclic(setting: Setting, stepsPerEpoch: number): readonly string[] {
  const { step_size } = setting.spec;
  const isLength = typeof step_size === 'string' || typeof step_size === 'number';
  if (setting.spec.strategy !== 'cyclic' || !isLength) return [];
  const half = toSteps(step_size, 'steps', stepsPerEpoch) / stepsPerEpoch;
  const epochs = setting.epochs - toWarmupSteps(setting.spec, stepsPerEpoch) / stepsPerEpoch;
  const end = adviseEnd(half, epochs);
  return [...adviseHalf(half), ...(end === undefined ? [] : [end])];
}

function adviseHalf(half: number): readonly string[] {
  if (half >= 2 && half <= 10) return [];
  return [`step_size is ${show(half)}; Smith (2015) advises 2 to 10 epochs`];
}

function adviseEnd(half: number, epochs: number): string | undefined {
  const cycles = epochs / (2 * half);
  if (half >= epochs)
    return `half a cycle takes ${show(half)}, training ${show(epochs)}: the learning rate only rises`;
  if (Math.abs(cycles - Math.round(cycles)) < 1e-9) return undefined;
  return `training ends inside a cycle: ${show(epochs)} are ${toShort(cycles)} cycles of ${show(2 * half)}`;
}

function show(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${toShort(epochs)} epochs`;
}

function toShort(value: number): string {
  return String(Number(value.toPrecision(4)));
}
