// The digits example with a learning-rate strategy of its own: the exports of a trial's module are strategies of the sweep file.

import { defineStrategy } from 'espalier';
import { openLoop, type Strategy, toSteps, toStretch } from 'espalier/lr';

export { default } from './digits.ts';

/** `own/inverseRoot` in the sweep file. */
export const inverseRoot = defineStrategy({
  about:
    'lr until the step `from`, then lr × sqrt(from / t), as the inverse root of Vaswani et al. 2017 (section 5.3).',
  fields: {
    lr: { type: { kind: 'number', above: 0 }, about: 'Learning rate until the decay.' },
    from: {
      type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], least: 1 },
      about: 'When the decay begins, in steps or epochs.',
    },
  },
  create: ({ lr, from }) =>
    openLoop(
      (run) => ({ from: toSteps(from, 'steps', run.stepsPerEpoch) }),
      (state, fromStep, count) =>
        toStretch(fromStep, count, (t) => lr * Math.sqrt(state.from / Math.max(t, state.from))),
    ),
});

/** `own/bold` in the sweep file: the bold driver heuristic, after every epoch. */
export const bold = defineStrategy({
  about: 'A little more after every epoch that got better, half of it after one that did not.',
  fields: {
    lr: { type: { kind: 'number', above: 0 }, about: 'Learning rate of the first epoch.' },
    up: {
      type: { kind: 'number', least: 1 },
      default: 1.1,
      about: 'Factor after an epoch that got better.',
    },
    down: {
      type: { kind: 'number', above: 0, below: 1 },
      default: 0.5,
      about: 'Factor after an epoch that did not.',
    },
  },
  create: ({ lr, up, down }): Strategy<{ lr: number; best: number }> => ({
    start: () => ({ lr, best: Number.MAX_VALUE }),
    controls: (state) => ({ learningRate: state.lr }),
    observe: (state, _epoch, { val_loss: loss = Number.MAX_VALUE }) =>
      loss < state.best
        ? { lr: state.lr * up, best: loss }
        : { lr: state.lr * down, best: state.best },
  }),
});
