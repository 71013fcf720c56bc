// SGDR: half a cosine over and over, each `t_mul` times as long and `m_mul` times as high as the one before (Loshchilov and Hutter,
// arXiv 1608.03983, eq. 5): Keras 3.15 `CosineDecayRestarts` with alpha = min_lr / lr, in float64; PyTorch 2.14
// `CosineAnnealingWarmRestarts` with m_mul = 1.
// Deviations: restarts are counted by adding lengths; both references take a logarithm, and miss one by rounding (t_mul 3 at step
// 121, t_mul 10 at step 111). A cosine takes at least a step, so that there are no more of them than steps; m_mul is at most 1.

import { annealCosine, progress } from '../anneal.ts';
import { define } from '../definition.ts';
import { timesIn, toSteps, toWhole } from '../duration.ts';
import { atLeastAStep, atMost } from './parts/rules.ts';
import { openLoop, toStretch } from '../stretch.ts';

/** `cosine_restarts`: half a cosine from `lr` to `min_lr`, again and again. */
export const cosineRestarts = define({
  about:
    'Half a cosine from lr to min_lr again and again, each t_mul times as long, as SGDR and Keras CosineDecayRestarts.',
  fields: {
    lr: {
      type: { kind: 'number', above: 0 },
      findable: true,
      about: 'Learning rate of the first step.',
    },
    min_lr: {
      type: { kind: 'number', least: 0 },
      default: 0,
      about: 'Learning rate that each cosine goes down to.',
    },
    first: {
      type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], above: 0 },
      about: 'Time until the first restart, in steps or epochs (T_0); at least a step.',
    },
    t_mul: {
      type: { kind: 'number', least: 1 },
      default: 2,
      about: 'Factor of the length from one restart to the next.',
    },
    m_mul: {
      type: { kind: 'number', least: 0, most: 1 },
      default: 1,
      about: 'Factor of the height above min_lr from one restart to the next.',
    },
  },
  rules: ({ lr, min_lr, first }) => [
    ...atMost('min_lr', min_lr, 'lr', lr),
    ...atLeastAStep('first', first),
  ],
  create: ({ lr, min_lr, first, t_mul, m_mul }) => {
    const peakOf = (restarts: number): number =>
      m_mul === 1 || restarts === 0 ? lr : Math.min(lr, min_lr + (lr - min_lr) * m_mul ** restarts);
    return openLoop(
      (run) => ({ first: Math.max(1, toSteps(first, 'steps', run.stepsPerEpoch)) }),
      (lengths, fromStep, count) => {
        const periodAt = periods(lengths.first, t_mul, peakOf);
        return toStretch(fromStep, count, (t) => {
          const { start, length, peak } = periodAt(t);
          return annealCosine(peak, min_lr, progress(t - start, length));
        });
      },
    );
  },
});

/** A cosine: how many came before it, where it starts and how long it is in steps, how high it begins. */
type Period = {
  readonly restarts: number;
  readonly start: number;
  readonly length: number;
  readonly peak: number;
};

/** The period that a step lies in. To be asked for steps that never fall: it goes on from the last answer. */
function periods(
  first: number,
  factor: number,
  peakOf: (restarts: number) => number,
): (step: number) => Period {
  const placeOf = factor === 1 ? equalPlace : laterPlace;
  let period: Period = { restarts: 0, start: 0, length: first, peak: peakOf(0) };
  return (step) => {
    const place = placeOf(period, step, factor);
    if (place.restarts !== period.restarts) period = { ...place, peak: peakOf(place.restarts) };
    return period;
  };
}

type Place = Omit<Period, 'peak'>;

/** Where all are equally long; by the step alone, so that any stretch finds the same. */
function equalPlace(from: Place, step: number): Place {
  const restarts = Math.floor(timesIn(step, from.length));
  if (restarts === from.restarts) return from;
  return { restarts, start: toWhole(restarts * from.length), length: from.length };
}

/** Goes from one to the next by adding up their lengths. */
function laterPlace(from: Place, step: number, factor: number): Place {
  let place = from;
  for (let end = endOf(place); step >= end; end = endOf(place))
    place = { restarts: place.restarts + 1, start: end, length: place.length * factor };
  return place;
}

function endOf({ start, length }: Place): number {
  return toWhole(start + length);
}
