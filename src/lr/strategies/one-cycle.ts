// One rise and one fall over the whole training, momentum against them: PyTorch 2.14 `OneCycleLR` (Smith and Topin, arXiv
// 1708.07120; fastai's two phases by default). Phases end at the real numbers pct_start × steps - 1 and steps - 1.
// Deviations: after the last step the learning rate stays (the reference goes on for one, and below zero with `linear`); a rise
// of no length is left out (the reference divides by zero); a training of one step has the first learning rate, not the last;
// momentum moves only where both its bounds are given.

import { annealCosine, annealLinear, progress } from '../anneal.ts';
import { define, type Problem } from '../definition.ts';
import { toWhole } from '../duration.ts';
import { checkMomentum, momentumFields, toMomentum, type Momentum } from '../momentum.ts';
import type { Strategy } from '../strategy.ts';
import { toStretch, totalSteps } from '../stretch.ts';

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

/** Where a phase ends, in steps, and the values it goes to. */
type Phase = { readonly end: number; readonly lr: number; readonly momentum: number };

function createOneCycle(settings: Settings): Strategy<{ readonly steps: number }> {
  const { anneal, momentum } = settings;
  const move = anneal === 'cos' ? annealCosine : annealLinear;
  return {
    start: (run) => ({ steps: totalSteps(run) }),
    controls: ({ steps }, fromStep, count) => {
      const phases = toPhases(settings, steps);
      const along = (key: 'lr' | 'momentum') =>
        toStretch(fromStep, count, (t) => valueAt(phases, Math.min(t, steps - 1), key, move));
      const learningRate = along('lr');
      return momentum === undefined
        ? { learningRate }
        : { learningRate, momentum: along('momentum') };
    },
    observe: (state) => state,
  };
}

/** The phases of a training of so many steps; the first is the point that it starts from. */
function toPhases(settings: Settings, steps: number): readonly Phase[] {
  const { max_lr, div_factor, final_div_factor, pct_start, three_phase } = settings;
  const { low, high } = settings.momentum ?? { low: 0, high: 0 };
  const first = max_lr / div_factor;
  // of one step the reference has the end alone, to which a warm-up as long as the training would rise
  const top = steps === 1 ? 1 : toWhole(pct_start * steps) - 1;
  const rise = [
    { end: 0, lr: first, momentum: high },
    { end: top, lr: max_lr, momentum: low },
  ];
  const down = { end: 2 * top, lr: first, momentum: high };
  const last = { end: steps - 1, lr: first / final_div_factor, momentum: high };
  return three_phase ? [...rise, down, last] : [...rise, last];
}

function valueAt(
  phases: readonly Phase[],
  step: number,
  key: 'lr' | 'momentum',
  move: (from: number, to: number, share: number) => number,
): number {
  let i = 1;
  while (i < phases.length - 1 && step > (phases[i]?.end ?? 0)) i += 1;
  const from = phases[i - 1];
  const to = phases[i];
  if (from === undefined || to === undefined) throw new TypeError('a cycle has phases');
  return move(from[key], to[key], progress(step - from.end, to.end - from.end));
}

function checkPhases(three_phase: boolean, pct_start: number): readonly Problem[] {
  if (!three_phase || pct_start <= 0.5) return [];
  const message = `received ${pct_start} with three_phase; pct_start must be at most 0.5, since the fall takes as long as the rise`;
  return [{ field: 'pct_start', message }];
}
