// The warm-up of a strategy on paper: how long it is, and the strategy without it.

import { toSteps } from '../lr/duration.ts';
import { isMapping } from '../lr/parse-field.ts';
import type { StrategySpec } from '../lr/spec.ts';

/** The whole steps of a strategy's warm-up; 0 without one. */
export function toWarmupSteps({ warmup }: StrategySpec, stepsPerEpoch: number): number {
  return isMapping(warmup) ? Math.ceil(stepsOf(warmup['length'], stepsPerEpoch)) : 0;
}

/** The strategy that is behind the warm-up. */
export function withoutWarmup(spec: StrategySpec): StrategySpec {
  const { warmup: _, ...rest } = spec;
  return { ...rest, strategy: spec.strategy };
}

/** The steps of a checked length whose bare numbers are steps, which may end inside a step; 0 where there is none. */
export function stepsOf(length: unknown, stepsPerEpoch: number): number {
  const isLength = typeof length === 'number' || typeof length === 'string';
  return isLength ? toSteps(length, 'steps', stepsPerEpoch) : 0;
}
