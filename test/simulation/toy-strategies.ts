// Strategies of one's own as a module of the toy would export them: one follows a metric, one depends on the step alone.

import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import type { Catalogue } from '../../src/lr/catalogue.ts';
import { createStrategy } from '../../src/lr/create-strategy.ts';
import { defineStrategy, isOwn } from '../../src/lr/own.ts';
import type { StrategySpec } from '../../src/lr/spec.ts';
import type { Strategy } from '../../src/lr/strategy.ts';
import { openLoop, toStretch } from '../../src/lr/stretch.ts';

const LR = {
  type: { kind: 'number', above: 0 },
  about: 'Learning rate of the first step.',
} as const;

/** Halves the learning rate after every epoch that is worse than the one before. */
const halving = defineStrategy({
  about: 'Halves the learning rate whenever the loss rises.',
  fields: {
    lr: LR,
    least: { type: { kind: 'number', least: 0 }, default: 0, about: 'Never below this.' },
  },
  create: ({ lr, least }): Strategy<{ lr: number; last: number | null }> => ({
    start: () => ({ lr, last: null }),
    controls: (state) => ({ learningRate: state.lr }),
    observe: (state, _epoch, { val_loss: loss }) => {
      if (loss === undefined || !Number.isFinite(loss)) return state;
      const isWorse = state.last !== null && loss > state.last;
      return { lr: isWorse ? Math.max(least, state.lr / 2) : state.lr, last: loss };
    },
  }),
});

/** Stays, then falls with the root of the step. */
const inverseRoot = defineStrategy({
  about: 'Falls with the root of the step from a step on.',
  fields: {
    lr: LR,
    from: { type: { kind: 'integer', least: 1 }, about: 'The step from which on it falls.' },
  },
  create: ({ lr, from }) =>
    openLoop(
      () => null,
      (_, fromStep, count) =>
        toStretch(fromStep, count, (t) => lr * Math.sqrt(from / Math.max(t, from))),
    ),
});

/** What the toy's module exports, by the names of a sweep file. */
export const TOY_STRATEGIES: Catalogue = {
  'own/halving': halving.definition,
  'own/inverseRoot': inverseRoot.definition,
};

/** The functions of a trial's strategy, of the catalogue or of the toy's module. */
export function toyStrategy(spec: StrategySpec): Strategy {
  const parsed = parseStrategy(spec, undefined, TOY_STRATEGIES);
  const own = TOY_STRATEGIES[spec.strategy];
  return isOwn(spec.strategy) && parsed.ok && own !== undefined
    ? own.create(parsed.strategy)
    : createStrategy(spec);
}
