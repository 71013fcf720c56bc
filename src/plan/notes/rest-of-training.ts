// What is left of a setting's training behind its warm-up: how long it is, and what a strategy comes to at its end.

import { createStrategy } from '../../lr/create-strategy.ts';
import type { StrategySpec } from '../../lr/spec.ts';
import { valueIn } from '../../lr/stretch.ts';
import type { Setting } from '../setting.ts';
import { stepsOf, toWarmupSteps, withoutWarmup } from '../warmup.ts';

/** Epochs, maybe with a fraction, and how many steps each has; none where the warm-up takes all. */
export type Rest = { readonly epochs: number; readonly stepsPerEpoch: number };

/** The training behind the warm-up. */
export function toRest({ spec, epochs }: Setting, stepsPerEpoch: number): Rest {
  const left = epochs - toWarmupSteps(spec, stepsPerEpoch) / stepsPerEpoch;
  return { epochs: Math.max(0, left), stepsPerEpoch };
}

/** A checked length whose bare numbers are steps, in epochs. */
export function toEpochs(length: unknown, { stepsPerEpoch }: Rest): number {
  return stepsOf(length, stepsPerEpoch) / stepsPerEpoch;
}

/** The learning rate that a strategy without its warm-up would have at the step behind the last one. */
export function rateAtEnd(spec: StrategySpec, { epochs, stepsPerEpoch }: Rest): number {
  const strategy = createStrategy(withoutWarmup(spec));
  const state = strategy.start({ stepsPerEpoch, epochs });
  const end = Math.round(epochs * stepsPerEpoch);
  return valueIn(strategy.controls(state, end, 1).learningRate, 0);
}
