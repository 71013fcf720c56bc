// A setting's learning rate over its training, as one line of blocks. Promise: at most some hundred thousand steps are looked
// at, evenly; where there are no more than that, all of them.

import { createStrategy } from '../lr/create-strategy.ts';
import type { StrategySpec } from '../lr/spec.ts';
import type { Strategy } from '../lr/strategy.ts';
import { copyInto, valueIn } from '../lr/stretch.ts';
import { isPlateau } from './plateau-reach.ts';
import type { Setting } from './setting.ts';

const MOST_STEPS = 200_000;
const BLOCKS = '▁▂▃▄▅▆▇█';

/** Means of equal values differ by ulps. */
const NEAR = 1e-9;

/** What a curve shows: learning rates at the first step, the highest one, at the last step, and the chart between. */
export type Curve = {
  readonly first: number;
  readonly greatest: number;
  readonly last: number;
  readonly chart: string;
  /** Whether heights are logarithms. */
  readonly isLog: boolean;
};

/** Draws a setting. A plateau is drawn as it would be if no epoch after the first were any better. */
export function toCurve(setting: Setting, stepsPerEpoch: number, columns: number): Curve {
  const rates = toRates(setting, stepsPerEpoch);
  const heights = toColumns(rates, columns);
  const least = heights.reduce((a, b) => Math.min(a, b), Infinity);
  const most = heights.reduce((a, b) => Math.max(a, b), 0);
  const isLog = least > 0 && most / least > 10 - NEAR && !goesToZero(setting.spec);
  return {
    first: rates[0] ?? 0,
    greatest: rates.reduce((a, b) => Math.max(a, b), 0),
    last: rates.at(-1) ?? 0,
    chart: heights.map((height) => toBlock(height, least, most, isLog)).join(''),
    isLog,
  };
}

/** Zero has no logarithm: how deep such a curve went would depend on how wide it is drawn. A plateau only comes near its floor. */
function goesToZero(spec: StrategySpec): boolean {
  const floor = spec['end_lr'] ?? spec['min_lr'] ?? spec['base_lr'];
  return floor === 0 && !isPlateau(spec);
}

function toRates(setting: Setting, stepsPerEpoch: number): Float64Array {
  const { spec, epochs } = setting;
  const strategy = createStrategy(spec);
  const metrics = isPlateau(spec) ? { [String(spec['monitor'])]: 1 } : {};
  const total = epochs * stepsPerEpoch;
  const rates = new Float64Array(Math.min(total, MOST_STEPS));
  const stride = rates.length === total ? 1 : (total - 1) / (rates.length - 1);
  let state = strategy.start({ stepsPerEpoch, epochs });
  for (let epoch = 0, at = 0; epoch < epochs && at < rates.length; epoch += 1) {
    const end = (epoch + 1) * stepsPerEpoch;
    if (stride === 1) {
      const { learningRate } = strategy.controls(state, at, stepsPerEpoch);
      copyInto(rates, at, learningRate, stepsPerEpoch);
      at = end;
    }
    for (; at < rates.length && Math.round(at * stride) < end; at += 1)
      rates[at] = rateAt(strategy, state, Math.round(at * stride));
    state = strategy.observe(state, epoch, metrics);
  }
  return rates;
}

function rateAt<S>(strategy: Strategy<S>, state: S, step: number): number {
  return valueIn(strategy.controls(state, step, 1).learningRate, 0);
}

/** The mean of each column's steps; a column without a step of its own has the one before it. */
function toColumns(rates: Float64Array, columns: number): readonly number[] {
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * rates.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * rates.length) / columns));
    return rates.subarray(from, to).reduce((sum, rate) => sum + rate, 0) / (to - from);
  });
}

function toBlock(height: number, least: number, most: number, isLog: boolean): string {
  if (most - least <= NEAR * most) return '▄';
  const share = isLog ? Math.log(height / least) / Math.log(most / least) : height / most;
  const level = Number.isFinite(share) ? Math.round(share * (BLOCKS.length - 1) + NEAR) : 0;
  return BLOCKS[level] ?? '▁';
}
