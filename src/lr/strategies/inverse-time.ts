// lr / (1 + decay_rate × t / decay_steps), or with the floor of t / decay_steps: Keras 3.15 `InverseTimeDecay` in float64
// (Keras computes in float32).

import { define } from '../definition.ts';
import { timesIn, toSteps } from '../duration.ts';
import { openLoop, toStairs, toStretch } from '../stretch.ts';

/** `inverse_time`: divides the learning rate by a number that grows by `decay_rate` over every `decay_steps`. */
export const inverseTime = define({
  about:
    'Divides the learning rate by 1 + decay_rate × t / decay_steps, as Keras InverseTimeDecay.',
  fields: {
    lr: {
      type: { kind: 'number', above: 0 },
      findable: true,
      about: 'Learning rate of the first step.',
    },
    decay_rate: {
      type: { kind: 'number', least: 0 },
      about: 'By how much the divisor grows in decay_steps; it starts at 1.',
    },
    decay_steps: {
      type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], above: 0 },
      default: '1 epoch',
      about: 'Time in which the divisor grows by decay_rate once; steps or epochs.',
    },
    staircase: {
      type: { kind: 'boolean' },
      default: false,
      about: 'Whether to hold the learning rate in between instead of moving it every step.',
    },
  },
  create: ({ lr, decay_rate, decay_steps, staircase }) => {
    const valueOf = (times: number): number =>
      decay_rate === 0 ? lr : lr / (1 + decay_rate * times);
    return openLoop(
      (run) => ({ length: toSteps(decay_steps, 'steps', run.stepsPerEpoch) }),
      ({ length }, fromStep, count) =>
        staircase
          ? toStairs(fromStep, count, (t) => Math.floor(timesIn(t, length)), valueOf)
          : toStretch(fromStep, count, (t) => valueOf(t / length)),
    );
  },
});
