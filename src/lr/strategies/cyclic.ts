// Cyclical learning rates: Smith 2015 (arXiv 1506.01186, section 3) as bckenstler/CLR (968cf5a) computes them; PyTorch 2.14
// `CyclicLR` with equal halves gives the same values. Momentum runs against the learning rate, as in PyTorch.
// Deviations: the peak is exactly max_lr, never an ulp beside it; base_lr > max_lr is refused; half a cycle takes at least a step.

import { define } from '../definition.ts';
import { toSteps } from '../duration.ts';
import { checkMomentum, momentumFields, toMomentum, type Momentum } from './parts/momentum.ts';
import { atLeastAStep, atMost } from './parts/rules.ts';
import type { Strategy } from '../strategy.ts';
import { toCollapsed } from '../stretch.ts';

/** `cyclic`: from `base_lr` up to `max_lr` and back in two times `step_size`, over and over. */
export const cyclic = define({
  about: 'Moves between base_lr and max_lr in triangles, as in Smith 2015 and bckenstler/CLR.',
  fields: {
    base_lr: { type: { kind: 'number', least: 0 }, findable: true, about: 'Lowest learning rate.' },
    max_lr: { type: { kind: 'number', above: 0 }, findable: true, about: 'Highest learning rate.' },
    step_size: {
      type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], above: 0 },
      about: 'Half a cycle, in steps or epochs, at least a step; Smith advises 2 to 10 epochs.',
    },
    mode: {
      type: { kind: 'choice', choices: ['triangular', 'triangular2', 'exp_range'] },
      default: 'triangular',
      about:
        'How the height moves: constant, halved every cycle, or multiplied by gamma every step.',
    },
    gamma: {
      type: { kind: 'number', least: 0 },
      default: 1,
      about: 'Factor of the height at each step since the start, for exp_range only.',
    },
    ...momentumFields('max_lr', 'base_lr'),
  },
  rules: (values) => [
    ...atMost('base_lr', values.base_lr, 'max_lr', values.max_lr),
    ...atLeastAStep('step_size', values.step_size),
    ...checkMomentum(values.base_momentum, values.max_momentum),
  ],
  create: (values) =>
    createCyclic({
      ...values,
      momentum: toMomentum(values.base_momentum, values.max_momentum),
    }),
});

type Triangles = {
  readonly base_lr: number;
  readonly max_lr: number;
  readonly step_size: string | number;
  readonly mode: 'triangular' | 'triangular2' | 'exp_range';
  readonly gamma: number;
  readonly momentum: Momentum | undefined;
};

function createCyclic(values: Triangles): Strategy<{ half: number }> {
  return {
    start: (run) => ({ half: Math.max(1, toSteps(values.step_size, 'steps', run.stepsPerEpoch)) }),
    controls: ({ half }, fromStep, count) => {
      const heights = toHeights(values, half, fromStep, count);
      const learningRate = toCollapsed(toRates(values, heights));
      return values.momentum === undefined
        ? { learningRate }
        : { learningRate, momentum: toCollapsed(toMomenta(values.momentum, heights)) };
    },
    observe: (state) => state,
  };
}

/** The height at each step: 0 at `base_lr`, 1 at `max_lr`; above 1 only where gamma > 1. */
function toHeights(
  { mode, gamma }: Triangles,
  half: number,
  fromStep: number,
  count: number,
): Float64Array {
  const heights = new Float64Array(count);
  let last = 1;
  let factor = 1;
  for (let i = 0; i < count; i += 1) {
    const t = fromStep + i;
    const cycle = Math.floor(1 + t / (2 * half));
    const triangle = Math.max(0, 1 - Math.abs(t / half - 2 * cycle + 1));
    if (triangle === 0) continue;
    // Powers are most of what heights cost: for triangular2 one a cycle is enough.
    if (mode === 'triangular2' && cycle !== last) factor = 1 / 2 ** ((last = cycle) - 1);
    else if (mode === 'exp_range') factor = gamma ** t;
    heights[i] = triangle * factor;
  }
  return heights;
}

function toRates({ base_lr, max_lr }: Triangles, heights: Float64Array): Float64Array {
  const rates = new Float64Array(heights.length);
  for (let i = 0; i < rates.length; i += 1) rates[i] = toRate(base_lr, max_lr, heights[i] ?? 0);
  return rates;
}

function toMomenta({ low, high }: Momentum, heights: Float64Array): Float64Array {
  const momenta = new Float64Array(heights.length);
  for (let i = 0; i < momenta.length; i += 1) momenta[i] = against(low, high, heights[i] ?? 0);
  return momenta;
}

function toRate(low: number, high: number, height: number): number {
  if (low === high || height === 1) return high;
  const value = low + (high - low) * height;
  return height <= 1 ? Math.min(high, value) : value;
}

function against(low: number, high: number, height: number): number {
  if (low === high || height === 1) return low;
  return Math.max(height <= 1 ? low : 0, high - (high - low) * height);
}
