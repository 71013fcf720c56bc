// Cuts the learning rate when a metric stops improving: Keras 3.15 `ReduceLROnPlateau` in float64, or PyTorch 2.14's with
// `counting: torch`. A recursion by nature; for finite metrics its learning rates equal the references' bit for bit.
// Deviations, on purpose: what is not finite is a bad epoch and never becomes `best` (Keras 3 keeps a first NaN for ever,
// and both keep an infinity of the good side); a relative threshold is a share of |best| (PyTorch's fails below zero);
// no direction is guessed from a metric's name; learning rates are not rounded to float32.

import type { Mode } from '../../domain/objective.ts';
import { define, type Monitored, type Problem, type Values } from '../definition.ts';
import { atMost } from './parts/rules.ts';
import type { Fields } from '../spec.ts';
import type { Strategy } from '../strategy.ts';

const FIELDS = {
  lr: {
    type: { kind: 'number', above: 0 },
    findable: true,
    about: 'Learning rate until the first cut.',
  },
  monitor: {
    type: { kind: 'text' },
    optional: true,
    about: "Metric to follow; by default the objective's metric.",
  },
  mode: {
    type: { kind: 'choice', choices: ['min', 'max'] },
    optional: true,
    about: "Whether lower or higher is better; by default the objective's mode.",
  },
  factor: {
    type: { kind: 'number', above: 0, below: 1 },
    default: 0.1,
    about: 'Factor of each cut.',
  },
  patience: {
    type: { kind: 'integer', least: 0 },
    default: 10,
    about: 'Bad epochs before a cut: at least one with keras counting, patience + 1 with torch.',
  },
  min_delta: {
    type: { kind: 'number', least: 0 },
    default: 1e-4,
    about: 'By how much a metric must beat the best one, in its own unit or as a share of it.',
  },
  threshold_mode: {
    type: { kind: 'choice', choices: ['abs', 'rel'] },
    default: 'abs',
    about: 'Whether min_delta is absolute or a share of |best|.',
  },
  cooldown: {
    type: { kind: 'integer', least: 0 },
    default: 0,
    about: 'Epochs after a cut in which bad epochs do not count (with keras counting, one fewer).',
  },
  min_lr: {
    type: { kind: 'number', least: 0 },
    default: 0,
    about: 'Learning rate below which no cut goes.',
  },
  eps: {
    type: { kind: 'number', least: 0 },
    optional: true,
    about: 'Cuts that are not larger than this are left out; 0, or 1e-8 with torch counting.',
  },
  counting: {
    type: { kind: 'choice', choices: ['keras', 'torch'] },
    default: 'keras',
    about: 'Whose way of counting bad epochs and cooldown.',
  },
} as const satisfies Fields;

/** `plateau`: multiplies the learning rate by `factor` when the metric has not improved for `patience` epochs. */
export const plateau = define({
  about: 'Cuts the learning rate when a metric stops improving, as Keras ReduceLROnPlateau.',
  fields: FIELDS,
  complete,
  rules: (values) => [...atMost('min_lr', values.min_lr, 'lr', values.lr), ...checkMonitor(values)],
  create: ({ monitor = '', mode = 'min', eps = 0, ...values }) =>
    createPlateau({ ...values, monitor, mode, eps }),
});

/** A plateau's state after some epochs: plain JSON, for checkpoints and forks. */
export type PlateauState = {
  /** Learning rate of the next epoch. */
  readonly lr: number;
  /** The best finite value so far, or null before there was one. */
  readonly best: number | null;
  /** Bad epochs in a row. */
  readonly wait: number;
  /** Epochs of cooldown that are left. */
  readonly cooldown: number;
  /** Cuts so far. */
  readonly cuts: number;
};

type Settled = Omit<Values<typeof FIELDS>, 'monitor' | 'mode' | 'eps'> & {
  readonly monitor: string;
  readonly mode: Mode;
  readonly eps: number;
};

function createPlateau(settings: Settled): Strategy<PlateauState> {
  const judge = settings.counting === 'keras' ? judgeAsKeras : judgeAsTorch;
  return {
    start: () => ({ lr: settings.lr, best: null, wait: 0, cooldown: 0, cuts: 0 }),
    controls: ({ lr }) => ({ learningRate: lr }),
    observe: (state, _epoch, metrics) => {
      const value = Object.hasOwn(metrics, settings.monitor)
        ? metrics[settings.monitor]
        : undefined;
      return value === undefined ? state : judge(settings, state, value);
    },
  };
}

function judgeAsKeras(settings: Settled, state: PlateauState, value: number): PlateauState {
  const cooldown = Math.max(0, state.cooldown - 1);
  if (isBetter(settings, state.best, value)) return { ...state, best: value, wait: 0, cooldown };
  const rested = state.cooldown > 0 ? 0 : state.wait;
  const wait = cooldown > 0 ? rested : rested + 1;
  const due = cooldown === 0 && wait >= settings.patience && state.lr > settings.min_lr;
  return due ? cut(settings, state) : { ...state, wait, cooldown };
}

function judgeAsTorch(settings: Settled, state: PlateauState, value: number): PlateauState {
  const better = isBetter(settings, state.best, value);
  const best = better ? value : state.best;
  const wait = better || state.cooldown > 0 ? 0 : state.wait + 1;
  if (wait > settings.patience) return cut(settings, state);
  return { ...state, best, wait, cooldown: Math.max(0, state.cooldown - 1) };
}

function cut({ factor, min_lr, eps, cooldown }: Settled, state: PlateauState): PlateauState {
  const lower = Math.max(state.lr * factor, min_lr);
  const acts = state.lr - lower > eps;
  return {
    ...state,
    lr: acts ? lower : state.lr,
    wait: 0,
    cooldown,
    cuts: state.cuts + (acts ? 1 : 0),
  };
}

function isBetter(settings: Settled, best: number | null, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (best === null) return true;
  const { mode, min_delta, threshold_mode, counting } = settings;
  const sign = mode === 'min' ? 1 : -1;
  // The two references round differently at exact multiples of min_delta, and each is followed to the bit.
  if (threshold_mode === 'abs' && counting === 'keras')
    return sign * (value + sign * min_delta) < sign * best;
  const bound =
    threshold_mode === 'abs'
      ? best - sign * min_delta
      : best * (1 - sign * Math.sign(best) * min_delta);
  return sign * value < sign * bound;
}

function complete(values: Values<typeof FIELDS>, objective?: Monitored): object {
  const monitor = values.monitor ?? objective?.metric;
  const mode = values.mode ?? (objective?.metric === monitor ? objective?.mode : undefined);
  const eps = values.eps ?? (values.counting === 'torch' ? 1e-8 : 0);
  return { ...values, monitor, mode, eps };
}

function checkMonitor({ monitor, mode }: Values<typeof FIELDS>): readonly Problem[] {
  if (monitor === undefined)
    return [
      {
        field: 'monitor',
        message: 'received nothing; there is no objective to take the metric from',
      },
    ];
  if (mode !== undefined) return [];
  const message = `received nothing; monitor ${JSON.stringify(monitor)} is not the objective's metric, so its mode must be given: min or max`;
  return [{ field: 'mode', message }];
}
