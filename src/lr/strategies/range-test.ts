// From min_lr to max_lr over the whole training, to see where a model begins to learn and where it breaks: Smith's LR range test
// (arXiv 1506.01186, section 3.3) with `linear`, fastai's LRFinder, min_lr × (max_lr / min_lr)^(t / steps), with `exponential`.

import { annealExponential, annealLinear, progress } from '../anneal.ts';
import { define, type Problem } from '../definition.ts';
import { atMost } from './parts/rules.ts';
import { SCALES } from '../range-test/ramp.ts';
import { openLoop, toStretch, totalSteps } from '../stretch.ts';

/** `range_test`: one ramp from `min_lr` towards `max_lr`, which the step after the last one would have. */
export const rangeTest = define({
  about:
    "Rises from min_lr to max_lr over the whole training: Smith's LR range test and fastai's LRFinder.",
  fields: {
    min_lr: { type: { kind: 'number', least: 0 }, about: 'Learning rate of the first step.' },
    max_lr: {
      type: { kind: 'number', above: 0 },
      about: 'Learning rate that the step after the last one would have.',
    },
    scale: {
      type: { kind: 'choice', choices: SCALES },
      default: 'exponential',
      about: 'Whether every step multiplies the learning rate or adds to it.',
    },
  },
  rules: ({ min_lr, max_lr, scale }) => [
    ...atMost('min_lr', min_lr, 'max_lr', max_lr),
    ...checkStart(min_lr, scale),
  ],
  create: ({ min_lr, max_lr, scale }) =>
    openLoop(
      (run) => ({ steps: totalSteps(run) }),
      ({ steps }, fromStep, count) =>
        toStretch(fromStep, count, (t) => {
          const share = progress(t, steps);
          return scale === 'linear'
            ? annealLinear(min_lr, max_lr, share)
            : annealExponential(min_lr, max_lr, share);
        }),
    ),
});

function checkStart(min_lr: number, scale: string): readonly Problem[] {
  if (min_lr > 0 || scale === 'linear') return [];
  const message = `received ${min_lr} with scale ${scale}; min_lr must be above 0, since 0 cannot be multiplied`;
  return [{ field: 'min_lr', message }];
}
