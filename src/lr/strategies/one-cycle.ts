// One rise and one fall over the whole training, momentum against them: PyTorch 2.14 `OneCycleLR` (Smith and Topin, arXiv
// 1708.07120; fastai's two phases by default). Phases end at the real numbers pct_start × steps - 1 and steps - 1.
// Deviations: after the last step the learning rate stays (the reference goes on for one, and below zero with `linear`); a rise
// of no length is left out (the reference divides by zero); a training of one step has the first learning rate, not the last;
// momentum moves only where both its bounds are given.

import { annealBy, annealLinear, halfCosine, progress } from '../anneal.ts';
import { define, type Problem } from '../definition.ts';
import { toWhole } from '../duration.ts';
import { checkMomentum, momentumFields, toMomentum, type Momentum } from './parts/momentum.ts';
import type { Strategy } from '../strategy.ts';
import { toCollapsed, totalSteps } from '../stretch.ts';

/** `one_cycle`: up to `max_lr`, then down far below where it began. */
export const oneCycle = define({
  about: 'Up to max_lr and down again over the whole training, as PyTorch OneCycleLR.',
  fields: {
    max_lr: { type: { kind: 'number', above: 0 }, findable: true, about: 'Highest learning rate.' },
    pct_start: {
      type: { kind: 'number', least: 0, most: 1 },
      default: 0.3,
      about: 'Share of the training in which the learning rate rises.',
    },
    div_factor: {
      type: { kind: 'number', least: 1 },
      default: 25,
      about: 'The first learning rate is max_lr divided by this.',
    },
    final_div_factor: {
      type: { kind: 'number', least: 1 },
      default: 10_000,
      about: 'The last learning rate is the first one divided by this.',
    },
    anneal: {
      type: { kind: 'choice', choices: ['cos', 'linear'] },
      default: 'cos',
      about: 'Whether to move along half a cosine or in a straight line.',
    },
    three_phase: {
      type: { kind: 'boolean' },
      default: false,
      about:
        'Whether to fall to the first learning rate as long as it rose, and only then further.',
    },
    ...momentumFields('max_lr', 'the first and the last step'),
  },
  rules: (values) => [
    ...checkPhases(values.three_phase, values.pct_start),
    ...checkMomentum(values.base_momentum, values.max_momentum),
  ],
  create: (values) =>
    createOneCycle({
      ...values,
      momentum: toMomentum(values.base_momentum, values.max_momentum),
    }),
});

type Settings = {
  readonly max_lr: number;
  readonly pct_start: number;
  readonly div_factor: number;
  readonly final_div_factor: number;
  readonly anneal: 'cos' | 'linear';
  readonly three_phase: boolean;
  readonly momentum: Momentum | undefined;
};

/** Where the training is at a step, and the values there. */
type Point = { readonly step: number; readonly lr: number; readonly momentum: number };

/** From one point to the next. */
type Phase = { readonly from: Point; readonly to: Point };

function createOneCycle(settings: Settings): Strategy<{ readonly steps: number }> {
  const isCosine = settings.anneal === 'cos';
  return {
    start: (run) => ({ steps: totalSteps(run) }),
    controls: ({ steps }, fromStep, count) => {
      const rates = new Float64Array(count);
      const momenta = settings.momentum && new Float64Array(count);
      const phases = toPhases(toPoints(settings, steps));
      fillAlong(phases, isCosine, fromStep, rates, momenta);
      const learningRate = toCollapsed(rates);
      return momenta === undefined
        ? { learningRate }
        : { learningRate, momentum: toCollapsed(momenta) };
    },
    observe: (state) => state,
  };
}

/** Evaluates both series step by step; they go along the same curve, whose cosine is evaluated once. */
function fillAlong(
  phases: readonly Phase[],
  isCosine: boolean,
  fromStep: number,
  rates: Float64Array,
  momenta: Float64Array | undefined,
): void {
  const end = phases.at(-1)?.to.step ?? 0;
  let at = 0;
  for (let i = 0; i < rates.length; i += 1) {
    const step = Math.min(end, fromStep + i);
    at = toPhaseAt(phases, step, at);
    const { from, to } = phases[at]!;
    const share = progress(step - from.step, to.step - from.step);
    const height = isCosine ? halfCosine(share) : Number.NaN;
    const move = (a: number, b: number): number =>
      isCosine ? annealBy(a, b, share, height) : annealLinear(a, b, share);
    rates[i] = move(from.lr, to.lr);
    if (momenta !== undefined) momenta[i] = move(from.momentum, to.momentum);
  }
}

/** Which phase a step lies in, from an earlier step's on: the first that has not ended before it, or else the last. */
function toPhaseAt(phases: readonly Phase[], step: number, from: number): number {
  let at = from;
  while (at < phases.length - 1 && step > (phases[at]?.to.step ?? 0)) at += 1;
  return at;
}

/** The points of a training of so many steps, from the first on. */
function toPoints(settings: Settings, steps: number): readonly Point[] {
  const { max_lr, div_factor, final_div_factor, pct_start, three_phase } = settings;
  const { low, high } = settings.momentum ?? { low: 0, high: 0 };
  const first = max_lr / div_factor;
  // of one step the reference has the end alone, to which a warm-up as long as the training would rise
  const top = steps === 1 ? 1 : toWhole(pct_start * steps) - 1;
  const rise = [
    { step: 0, lr: first, momentum: high },
    { step: top, lr: max_lr, momentum: low },
  ];
  const down = { step: 2 * top, lr: first, momentum: high };
  const last = { step: steps - 1, lr: first / final_div_factor, momentum: high };
  return three_phase ? [...rise, down, last] : [...rise, last];
}

function toPhases(points: readonly Point[]): readonly Phase[] {
  return points.slice(1).map((to, i) => ({ from: points[i] ?? to, to }));
}

function checkPhases(three_phase: boolean, pct_start: number): readonly Problem[] {
  if (!three_phase || pct_start <= 0.5) return [];
  const message = `received ${pct_start} with three_phase; pct_start must be at most 0.5, since the fall takes as long as the rise`;
  return [{ field: 'pct_start', message }];
}
