// What is left of a setting's training behind its warm-up: how long it is, and what a strategy comes to at its end.

import { createStrategy } from '../lr/create-strategy.ts';
import { toSteps } from '../lr/duration.ts';
import type { StrategySpec } from '../lr/spec.ts';
import { toWarmupSteps } from './plateau-reach.ts';
import type { Setting } from './setting.ts';

/** Epochs, maybe with a fraction, and how many steps each has; none where the warm-up takes all. */
export type Rest = { readonly epochs: number; readonly stepsPerEpoch: number };

/** The training behind the warm-up. */
export function toRest({ spec, epochs }: Setting, stepsPerEpoch: number): Rest {
  const left = epochs - toWarmupSteps(spec, stepsPerEpoch) / stepsPerEpoch;
  return { epochs: Math.max(0, left), stepsPerEpoch };
}

/** A checked length whose bare numbers are steps, in epochs. */
export function toEpochs(length: unknown, { stepsPerEpoch }: Rest): number {
  const isLength = typeof length === 'number' || typeof length === 'string';
  return isLength ? toSteps(length, 'steps', stepsPerEpoch) / stepsPerEpoch : 0;
}

/** The learning rate that a strategy without its warm-up would have at the step behind the last one. */
export function rateAtEnd(spec: StrategySpec, { epochs, stepsPerEpoch }: Rest): number {
  const { warmup: _, ...own } = spec;
  const strategy = createStrategy({ ...own, strategy: spec.strategy });
  const state = strategy.start({ stepsPerEpoch, epochs });
  const { learningRate } = strategy.controls(state, Math.round(epochs * stepsPerEpoch), 1);
  return typeof learningRate === 'number' ? learningRate : (learningRate[0] ?? 0);
}
