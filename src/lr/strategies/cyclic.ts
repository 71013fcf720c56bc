// Cyclical learning rates: Smith 2015 (arXiv 1506.01186, section 3) as bckenstler/CLR (968cf5a) computes them; PyTorch 2.14
// `CyclicLR` with equal halves gives the same values. Momentum runs against the learning rate, as in PyTorch.
// Deviations: the peak is exactly max_lr, never an ulp beside it; base_lr > max_lr is refused; half a cycle takes at least a step.

import { atLeastAStep } from '../at-least-a-step.ts';
import { define } from '../definition.ts';
import { toSteps } from '../duration.ts';
import { checkMomentum, momentumFields, toMomentum, type Momentum } from '../momentum.ts';
import { atMost } from '../order.ts';
import type { Strategy } from '../strategy.ts';
import { toStretch } from '../stretch.ts';

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
  const { base_lr, max_lr, momentum } = values;
  return {
    start: (run) => ({ half: Math.max(1, toSteps(values.step_size, 'steps', run.stepsPerEpoch)) }),
    controls: ({ half }, fromStep, count) => {
      const heightAt = heights(values, half);
      const learningRate = toStretch(fromStep, count, (t) => toRate(base_lr, max_lr, heightAt(t)));
      if (momentum === undefined) return { learningRate };
      const { low, high } = momentum;
      return {
        learningRate,
        momentum: toStretch(fromStep, count, (t) => against(low, high, heightAt(t))),
      };
    },
    observe: (state) => state,
  };
}

/** The height at a step: 0 at `base_lr`, 1 at `max_lr`; above 1 only where gamma > 1. */
function heights({ mode, gamma }: Triangles, half: number): (step: number) => number {
  const halved = perCycle((cycle) => 1 / 2 ** (cycle - 1));
  return (t) => {
    const cycle = Math.floor(1 + t / (2 * half));
    const triangle = Math.max(0, 1 - Math.abs(t / half - 2 * cycle + 1));
    if (mode === 'triangular' || triangle === 0) return triangle;
    return triangle * (mode === 'triangular2' ? halved(cycle) : gamma ** t);
  };
}

/** Asks `valueOf` once a cycle. */
function perCycle(valueOf: (cycle: number) => number): (cycle: number) => number {
  let last = 1;
  let value = valueOf(last);
  return (cycle) => {
    if (cycle !== last) value = valueOf((last = cycle));
    return value;
  };
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
