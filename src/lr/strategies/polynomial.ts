// (lr - end_lr) × (1 - t / decay_steps)^power + end_lr: Keras 3.15 `PolynomialDecay` in float64 (Keras computes in float32);
// PyTorch 2.14 `PolynomialLR` is end_lr = 0. With `cycle` the length grows by decay_steps whenever it has been used up.
// Deviation: both ends are exact, where the reference may miss lr by an ulp.

import { annealBy, progress } from '../anneal.ts';
import { define } from '../definition.ts';
import { lengthOr, timesIn } from '../duration.ts';
import { openLoop, toStretch } from '../stretch.ts';

/** `polynomial`: from `lr` to `end_lr` along a power of the time that is left; a straight line by default. */
export const polynomial = define({
  about:
    'Moves from lr to end_lr along a power of the time left, as Keras PolynomialDecay; power 1 is a straight line.',
  fields: {
    lr: {
      type: { kind: 'number', above: 0 },
      findable: true,
      about: 'Learning rate of the first step.',
    },
    end_lr: {
      type: { kind: 'number', least: 0 },
      default: 0,
      about: 'Learning rate after decay_steps.',
    },
    decay_steps: {
      type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], above: 0 },
      optional: true,
      about: 'Time from lr to end_lr, in steps or epochs; by default the whole training.',
    },
    power: {
      type: { kind: 'number', least: 0 },
      default: 1,
      about: 'Power of the share of time that is left.',
    },
    cycle: {
      type: { kind: 'boolean' },
      default: false,
      about: 'Whether to go up again after decay_steps and down over a time that is longer by it.',
    },
  },
  create: ({ lr, end_lr, decay_steps, power, cycle }) =>
    openLoop(
      (run) => ({ length: lengthOr(decay_steps, run) }),
      ({ length }, fromStep, count) =>
        toStretch(fromStep, count, (t) => {
          const used = timesIn(t, length);
          const share = progress(used, cycle ? Math.max(1, Math.ceil(used)) : 1);
          return power === 0 ? lr : annealBy(lr, end_lr, share, (1 - share) ** power);
        }),
    ),
});
