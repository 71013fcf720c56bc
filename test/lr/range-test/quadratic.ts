// Gradient descent on a noisy quadratic: a model of which the greatest learning rate that does not diverge is known, 2 / curvature.

import { rngFor } from '../../../src/domain/random.ts';
import type { LossCurve } from '../../../src/lr/range-test/analyze-losses.ts';
import { DEFAULT_RAMP, toLearningRates } from '../../../src/lr/range-test/ramp.ts';

/** Samples of a batch, and how far from their mean the weight starts. */
const [BATCH, START] = [8, 5];

/** The range test of loss = curvature / 2 × (weight − sample)², samples being normal deviates. */
export function testQuadratic(curvature: number, seed: number, steps = 100): LossCurve {
  const learningRates = toLearningRates({ ...DEFAULT_RAMP, steps });
  const random = rngFor(seed, 'quadratic');
  let weight = START;
  const losses = learningRates.map((learningRate) => {
    const distances = Array.from({ length: BATCH }, () => weight - toNormal(random));
    weight -= (learningRate * curvature * sum(distances)) / BATCH;
    return ((curvature / 2) * sum(distances.map((distance) => distance ** 2))) / BATCH;
  });
  return { learningRates, losses };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The sum of twelve uniform numbers has variance 1. */
function toNormal(random: () => number): number {
  return sum(Array.from({ length: 12 }, random)) - 6;
}
