// From lr to min_lr along half a cosine, then min_lr: Keras 3.15 `CosineDecay` with alpha = min_lr / lr, in float64 (Keras
// computes in float32). PyTorch 2.14 `CosineAnnealingLR` is the same up to T_max and climbs again after it.

import { annealCosine, progress } from '../anneal.ts';
import { define } from '../definition.ts';
import { lengthOr } from '../duration.ts';
import { atMost } from './parts/rules.ts';
import { openLoop, toStretch } from '../stretch.ts';

/** `cosine`: from `lr` down to `min_lr` along half a cosine. */
export const cosine = define({
  about: 'Moves from lr to min_lr along half a cosine and stays there, as Keras CosineDecay.',
  fields: {
    lr: {
      type: { kind: 'number', above: 0 },
      findable: true,
      about: 'Learning rate of the first step.',
    },
    min_lr: {
      type: { kind: 'number', least: 0 },
      default: 0,
      about: 'Learning rate after decay_steps.',
    },
    decay_steps: {
      type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], above: 0 },
      optional: true,
      about: 'Time from lr to min_lr, in steps or epochs; by default the whole training.',
    },
  },
  rules: ({ lr, min_lr }) => atMost('min_lr', min_lr, 'lr', lr),
  create: ({ lr, min_lr, decay_steps }) =>
    openLoop(
      (run) => ({ length: lengthOr(decay_steps, run) }),
      ({ length }, fromStep, count) =>
        toStretch(fromStep, count, (t) => annealCosine(lr, min_lr, progress(t, length))),
    ),
});
