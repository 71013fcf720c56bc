// lr × gamma^floor(t / step_size): the closed form of PyTorch 2.14 `StepLR`.
// Deviation: PyTorch multiplies recursively, which differs from the power by some ulps.

import { define } from '../definition.ts';
import { timesIn, toSteps } from '../duration.ts';
import { openLoop, toStairs } from '../stretch.ts';

/** `step`: multiplies the learning rate by `gamma` after every `step_size`. */
export const step = define({
  about: 'Multiplies the learning rate by gamma after every step_size, as PyTorch StepLR.',
  fields: {
    lr: {
      type: { kind: 'number', above: 0 },
      findable: true,
      about: 'Learning rate of the first step.',
    },
    step_size: {
      type: { kind: 'duration', bare: 'epochs', units: ['epochs', 'steps'], least: 1 },
      about: 'Time between two cuts; a bare number means epochs.',
    },
    gamma: {
      type: { kind: 'number', least: 0 },
      default: 0.1,
      about: 'Factor of each cut.',
    },
  },
  create: ({ lr, step_size, gamma }) =>
    openLoop(
      (run) => ({ every: toSteps(step_size, 'epochs', run.stepsPerEpoch) }),
      ({ every }, fromStep, count) =>
        toStairs(
          fromStep,
          count,
          (t) => Math.floor(timesIn(t, every)),
          (cuts) => lr * gamma ** cuts,
        ),
    ),
});
