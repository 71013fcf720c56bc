// The values of a strategy over a whole training, step by step. Promise: as a trial would get them; nothing is left out.

import type { Metrics } from '../../domain/objective.ts';
import { createStrategy } from '../../lr/create-strategy.ts';
import type { StrategySpec } from '../../lr/spec.ts';
import { copyInto } from '../../lr/stretch.ts';

/** More steps than this would make lines of some hundred megabytes, or take long to draw. */
export const MOST_STEPS = 5_000_000;

/** What is traced; epochs without metrics count as not reported. */
export type Training = {
  readonly strategy: StrategySpec;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly metrics: readonly Metrics[];
};

/** A value for each step; momentum where the strategy moves it. */
export type Traced = { readonly rates: Float64Array; readonly momentum?: Float64Array };

/** Runs a strategy through its training. @throws EspalierError `invalid` if the strategy cannot be run */
export function traceStrategy({
  strategy: spec,
  epochs,
  stepsPerEpoch,
  metrics,
}: Training): Traced {
  const strategy = createStrategy(spec);
  const rates = new Float64Array(epochs * stepsPerEpoch);
  let momentum: Float64Array | undefined;
  let state = strategy.start({ stepsPerEpoch, epochs });
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const from = epoch * stepsPerEpoch;
    const controls = strategy.controls(state, from, stepsPerEpoch);
    copyInto(rates, from, controls.learningRate, stepsPerEpoch);
    if (controls.momentum !== undefined) {
      momentum ??= new Float64Array(rates.length);
      copyInto(momentum, from, controls.momentum, stepsPerEpoch);
    }
    state = strategy.observe(state, epoch, metrics[epoch] ?? {});
  }
  return momentum === undefined ? { rates } : { rates, momentum };
}
