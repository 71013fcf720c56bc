// Settings whose learning rate never moves, and why, in words.
// Promise: only a setting whose every step has one and the same value is called so; the words follow from its fields.

import { createStrategy } from '../../lr/create-strategy.ts';
import { isOwn } from '../../lr/own.ts';
import { isMapping } from '../../lr/parse-field.ts';
import type { StrategySpec } from '../../lr/spec.ts';
import { valueIn } from '../../lr/stretch.ts';
import type { EpochHasher } from '../epoch-hasher.ts';
import { isPlateau, toPlateauReach } from '../plateau-reach.ts';
import type { Setting } from '../setting.ts';
import { toWarmupSteps, withoutWarmup } from '../warmup.ts';

/**
 * Says that a setting is the same as a fixed learning rate (behind its warm-up, if it has one), such as
 * `step_size 40 of 20 epochs: same as fixed lr 0.1`; nothing for one that moves, and for `fixed` itself.
 * `hasher` is for as many steps an epoch; nothing is found once it is exhausted.
 */
export function findIdle(
  setting: Setting,
  stepsPerEpoch: number,
  hasher: EpochHasher,
): string | undefined {
  const warmupSteps = toWarmupSteps(setting.spec, stepsPerEpoch);
  if (setting.spec.strategy === 'fixed' || isOwn(setting.spec.strategy)) return undefined;
  const epochs = Math.ceil(setting.epochs - warmupSteps / stepsPerEpoch);
  if (epochs < 1) return undefined;
  const isStill = isPlateau(setting.spec)
    ? toPlateauReach(setting, stepsPerEpoch).known === setting.epochs
    : hasOneValue(withoutWarmup(setting.spec), epochs, stepsPerEpoch, hasher);
  if (!isStill) return undefined;
  const behind = warmupSteps > 0 ? ' behind the same warm-up' : '';
  const reason = WHY[setting.spec.strategy]?.(setting.spec, epochs) ?? 'it never moves';
  return `${reason}: same as fixed lr ${firstRate(setting.spec)}${behind}`;
}

/** Says that a warm-up changes nothing, and why. */
export function findIdleWarmup({ spec }: Setting, stepsPerEpoch: number): string | undefined {
  const { warmup } = spec;
  if (!isMapping(warmup)) return undefined;
  if (toWarmupSteps(spec, stepsPerEpoch) === 0) return 'a warm-up of length 0 changes nothing';
  if (warmup['start_factor'] !== 1) return undefined;
  return 'a warm-up with start_factor 1 only puts the strategy off';
}

const WHY: Readonly<Record<string, (spec: StrategySpec, epochs: number) => string | undefined>> = {
  step: ({ gamma, step_size }, epochs) =>
    gamma === 1 ? 'gamma 1' : `step_size ${show(step_size)} of ${epochs} epochs`,
  multistep: ({ gamma, milestones }, epochs) => {
    if (gamma === 1) return 'gamma 1';
    const [first] = Array.isArray(milestones) ? milestones.toSorted(byLength) : [];
    return first === undefined
      ? 'no milestones'
      : `first milestone ${show(first)} of ${epochs} epochs`;
  },
  piecewise: ({ values, boundaries }, epochs) => {
    if (Array.isArray(values) && new Set(values).size === 1) return 'all values equal';
    const [first] = Array.isArray(boundaries) ? boundaries : [];
    return `first boundary ${show(first)} beyond the ${epochs} epochs`;
  },
  exponential: ({ decay_rate, decay_steps }, epochs) =>
    decay_rate === 1 ? 'decay_rate 1' : `decay_steps ${show(decay_steps)} of ${epochs} epochs`,
  inverse_time: ({ decay_rate, decay_steps }, epochs) =>
    decay_rate === 0 ? 'decay_rate 0' : ofEpochs('decay_steps', decay_steps, epochs),
  polynomial: ({ lr, end_lr, power, decay_steps }, epochs) => {
    if (power === 0) return 'power 0';
    return isSame(end_lr, lr) ? 'end_lr = lr' : ofEpochs('decay_steps', decay_steps, epochs);
  },
  cosine: ({ lr, min_lr, decay_steps }, epochs) =>
    isSame(min_lr, lr) ? 'min_lr = lr' : ofEpochs('decay_steps', decay_steps, epochs),
  cosine_restarts: ({ lr, min_lr, first }, epochs) =>
    isSame(min_lr, lr) ? 'min_lr = lr' : ofEpochs('first', first, epochs),
  one_cycle: ({ div_factor, final_div_factor, pct_start }) => {
    if (div_factor !== 1) return undefined;
    if (final_div_factor === 1) return 'div_factor 1 and final_div_factor 1';
    return pct_start === 1 ? 'div_factor 1 and pct_start 1' : undefined;
  },
  wsd: ({ lr, min_lr, decay }) =>
    isSame(min_lr, lr) ? 'min_lr = lr' : `decay ${show(decay)} has no step below lr`,
  range_test: ({ min_lr, max_lr }) => (isSame(min_lr, max_lr) ? 'min_lr = max_lr' : undefined),
  cyclic: ({ base_lr, max_lr }) => (base_lr === max_lr ? 'base_lr = max_lr' : 'it never rises'),
  plateau: ({ lr, factor, min_lr, eps, patience }, epochs) => {
    if (min_lr === lr) return 'min_lr = lr never cuts';
    const lower = Math.max(Number(lr) * Number(factor), Number(min_lr));
    return Number(lr) - lower > Number(eps)
      ? `patience ${show(patience)} of ${epochs} epochs never cuts`
      : `eps ${show(eps)} allows no cut`;
  },
};

function hasOneValue(
  spec: StrategySpec,
  epochs: number,
  stepsPerEpoch: number,
  hasher: EpochHasher,
): boolean {
  const strategy = createStrategy(spec);
  const state = strategy.start({ stepsPerEpoch, epochs });
  const first = hasher.hash(strategy, state, 0);
  for (let epoch = 1; epoch < epochs && hasher.isStill; epoch += 1)
    if (hasher.hash(strategy, state, epoch) !== first) return false;
  return hasher.isStill && !hasher.isExhausted;
}

function firstRate(spec: StrategySpec): number {
  const strategy = createStrategy(withoutWarmup(spec));
  const state = strategy.start({ stepsPerEpoch: 1, epochs: 1 });
  return valueIn(strategy.controls(state, 0, 1).learningRate, 0);
}

/** Whether two learning rates are one once the optimizer has them. */
function isSame(a: unknown, b: unknown): boolean {
  return Math.fround(Number(a)) === Math.fround(Number(b));
}

/** A length that is too long for anything to happen; nothing where none is given. */
function ofEpochs(field: string, length: unknown, epochs: number): string | undefined {
  return length === undefined ? undefined : `${field} ${show(length)} of ${epochs} epochs`;
}

function byLength(a: unknown, b: unknown): number {
  return Number.parseFloat(String(a)) - Number.parseFloat(String(b));
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
