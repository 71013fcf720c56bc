// lr × gamma^(number of milestones ≤ t): the closed form of PyTorch 2.14 `MultiStepLR`, left-inclusive.
// Deviation: a milestone that is no whole number acts at the first step at or after it; in PyTorch it never does.

import { define } from '../definition.ts';
import { toSteps } from '../duration.ts';
import { openLoop, toStairs } from '../stretch.ts';

/** `multistep`: multiplies the learning rate by `gamma` at each milestone; one listed twice counts twice. */
export const multistep = define({
  about: 'Multiplies the learning rate by gamma at each milestone, as PyTorch MultiStepLR.',
  fields: {
    lr: {
      type: { kind: 'number', above: 0 },
      findable: true,
      about: 'Learning rate before the first milestone.',
    },
    milestones: {
      type: { kind: 'durations', bare: 'epochs', units: ['epochs', 'steps'], least: 0 },
      about:
        'When the cuts happen, in any order, each acting from its own first step on; bare numbers mean epochs.',
    },
    gamma: {
      type: { kind: 'number', least: 0 },
      default: 0.1,
      about: 'Factor of each cut.',
    },
  },
  create: ({ lr, milestones, gamma }) =>
    openLoop(
      (run) => ({ at: milestones.map((m) => toSteps(m, 'epochs', run.stepsPerEpoch)) }),
      ({ at }, fromStep, count) =>
        toStairs(
          fromStep,
          count,
          (t) => passed(at, t),
          (cuts) => lr * gamma ** cuts,
        ),
    ),
});

function passed(milestones: readonly number[], step: number): number {
  let cuts = 0;
  for (const milestone of milestones) if (milestone <= step) cuts += 1;
  return cuts;
}
