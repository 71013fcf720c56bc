// Warm-up, stable, decay: lr until `decay` is left of the training, then down to min_lr: transformers 5.18
// `get_wsd_schedule` with min_lr_ratio = min_lr / lr; MiniCPM (arXiv 2404.06395). Its warm-up is the `warmup` of any strategy.
// Deviation: the lengths add up to the training's by construction; a decay longer than the training begins at its first step.

import { annealBy, halfCosine, progress } from '../anneal.ts';
import { define } from '../definition.ts';
import { toSteps } from '../duration.ts';
import { atMost } from './parts/rules.ts';
import { openLoop, toStretch, totalSteps } from '../stretch.ts';

/** `wsd`: `lr` until the last part of the training, in which it goes down to `min_lr`. */
export const wsd = define({
  about: 'Stays at lr and goes down to min_lr in the last part of training, as transformers WSD.',
  fields: {
    lr: {
      type: { kind: 'number', above: 0 },
      findable: true,
      about: 'Learning rate until the decay.',
    },
    decay: {
      type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], least: 0 },
      about: 'How long the decay at the end of training takes, in steps or epochs.',
    },
    decay_type: {
      type: { kind: 'choice', choices: ['linear', 'cosine', '1-sqrt'] },
      default: 'linear',
      about: 'The shape of the decay; 1-sqrt falls fast at first.',
    },
    min_lr: {
      type: { kind: 'number', least: 0 },
      default: 0,
      about: 'Learning rate at the end of the decay.',
    },
  },
  rules: ({ lr, min_lr }) => atMost('min_lr', min_lr, 'lr', lr),
  create: ({ lr, min_lr, decay, decay_type }) => {
    const heightAfter = SHAPES[decay_type];
    return openLoop(
      (run) => {
        const length = Math.min(toSteps(decay, 'steps', run.stepsPerEpoch), totalSteps(run));
        return { stable: totalSteps(run) - length, length };
      },
      ({ stable, length }, fromStep, count) => {
        if (fromStep + count <= stable) return lr;
        return toStretch(fromStep, count, (t) => {
          const share = progress(t - stable, length);
          return annealBy(lr, min_lr, share, heightAfter(share));
        });
      },
    );
  },
});

/** The height that is left after a share of the decay. */
const SHAPES = {
  linear: (share: number): number => 1 - share,
  cosine: halfCosine,
  '1-sqrt': (share: number): number => 1 - Math.sqrt(share),
} as const;
