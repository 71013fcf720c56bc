// lr × decay_rate^(t / decay_steps), or its floor with `staircase`: Keras 3.15 `ExponentialDecay` in float64
// (Keras computes in float32). PyTorch 2.14 `ExponentialLR` is decay_steps = 1 epoch with staircase.

import { define } from '../definition.ts';
import { timesIn, toSteps } from '../duration.ts';
import { openLoop, toStairs, toStretch } from '../stretch.ts';

/** `exponential`: multiplies the learning rate by `decay_rate` over every `decay_steps`, smoothly or in stairs. */
export const exponential = define({
  about:
    'Multiplies the learning rate by decay_rate over every decay_steps, as Keras ExponentialDecay.',
  fields: {
    lr: {
      type: { kind: 'number', above: 0 },
      findable: true,
      about: 'Learning rate of the first step.',
    },
    decay_rate: {
      type: { kind: 'number', least: 0 },
      about: 'Factor by which the learning rate moves in decay_steps.',
    },
    decay_steps: {
      type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], above: 0 },
      default: '1 epoch',
      about: 'Time in which the learning rate is multiplied by decay_rate once; steps or epochs.',
    },
    staircase: {
      type: { kind: 'boolean' },
      default: false,
      about: 'Whether to hold the learning rate in between instead of moving it every step.',
    },
  },
  create: ({ lr, decay_rate, decay_steps, staircase }) => {
    const valueOf = (power: number): number => (decay_rate === 1 ? lr : lr * decay_rate ** power);
    return openLoop(
      (run) => ({ length: toSteps(decay_steps, 'steps', run.stepsPerEpoch) }),
      ({ length }, fromStep, count) =>
        staircase
          ? toStairs(fromStep, count, (t) => Math.floor(timesIn(t, length)), valueOf)
          : toStretch(fromStep, count, (t) => valueOf(t / length)),
    );
  },
});
