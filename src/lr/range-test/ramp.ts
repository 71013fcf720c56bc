// The learning rates of a range test, one for each step. Promise: closed forms in float64; both ends are reached exactly.

import { EspalierError } from '../../domain/errors.ts';
import { annealExponential, annealLinear, progress } from '../anneal.ts';

/** Steps of a range test at least, as in fastai, and at most: their losses travel in one line. */
export const STEPS = { least: 6, most: 20_000 } as const;

/** Whether every step multiplies the learning rate or adds to it. */
export const SCALES = ['exponential', 'linear'] as const;

/** How the learning rate rises over the optimizer `steps` from `min_lr`, at the first one, to `max_lr`, at the last. */
export type Ramp = {
  readonly min_lr: number;
  readonly max_lr: number;
  readonly steps: number;
  readonly scale: (typeof SCALES)[number];
};

/** The ramp of fastai's `lr_find`: eight decades, which hold the answer of most models. */
export const DEFAULT_RAMP: Ramp = { min_lr: 1e-7, max_lr: 10, steps: 100, scale: 'exponential' };

/**
 * The learning rate of each step: `min_lr × (max_lr / min_lr)^(i / (steps - 1))`, or a straight line (Smith 2015, section 3.3).
 * fastai divides by `steps` and so ends a step below `max_lr`.
 * @throws EspalierError `invalid`, with the field, the value and the rule
 */
export function toLearningRates(ramp: Ramp): readonly number[] {
  const problem = findRampProblem(ramp);
  if (problem !== undefined) throw new EspalierError('invalid', problem);
  const { min_lr: low, max_lr: high, steps, scale } = ramp;
  const anneal = scale === 'linear' ? annealLinear : annealExponential;
  return Array.from({ length: steps }, (_, step) => anneal(low, high, progress(step, steps - 1)));
}

/** What is wrong with a ramp: the field, the value and the rule; nothing if it is good. */
export function findRampProblem({ min_lr, max_lr, steps, scale }: Ramp): string | undefined {
  const isPositive = scale === 'linear' ? min_lr >= 0 : min_lr > 0;
  if (!Number.isFinite(min_lr) || !isPositive)
    return `min_lr: received ${min_lr}; it must be ${scale === 'linear' ? 'at least' : 'above'} 0 on the ${scale} scale`;
  if (!Number.isFinite(max_lr) || max_lr <= min_lr)
    return `max_lr: received ${max_lr}; it must be above min_lr, ${min_lr}`;
  if (!Number.isInteger(steps) || steps < STEPS.least || steps > STEPS.most)
    return `steps: received ${steps}; it must be a whole number from ${STEPS.least} to ${STEPS.most}`;
  return undefined;
}
