// How long a strategy takes for the learning rates of a million steps: in one stretch, and epoch by epoch as an agent asks for them.

import { createStrategy } from '../../src/lr/create-strategy.ts';
import type { StrategySpec } from '../../src/lr/spec.ts';
import type { Strategy } from '../../src/lr/strategy.ts';
import { toCpuMs } from './cpu-time.ts';
import { OBJECTIVE } from './settings.ts';

export const STEPS = 1_000_000;
/** Steps of an epoch where a million steps are asked for in epochs. */
export const EPOCH_STEPS = 1000;

const EPOCHS = STEPS / EPOCH_STEPS;

/** Milliseconds of processor time for a million steps, once for each run. */
export type Times = { readonly stretch: readonly number[]; readonly epochs: readonly number[] };

/** Times all settings, which take turns, so that a slow moment falls on all alike; the first turn warms up and is not counted. */
export function timeAll(
  settings: Readonly<Record<string, StrategySpec>>,
  runs: number,
): ReadonlyMap<string, Times> {
  const timed = Object.entries(settings).map(([name, spec]) => {
    const times = { stretch: [] as number[], epochs: [] as number[] };
    return { name, strategy: createStrategy(spec), times };
  });
  for (let run = 0; run <= runs; run += 1)
    for (const { strategy, times } of timed) {
      const stretch = toCpuMs(() => runStretch(strategy));
      const epochs = toCpuMs(() => runEpochs(strategy));
      if (run === 0) continue;
      times.stretch.push(stretch);
      times.epochs.push(epochs);
    }
  return new Map(timed.map(({ name, times }) => [name, times]));
}

function runStretch(strategy: Strategy): void {
  const state = strategy.start({ stepsPerEpoch: STEPS, epochs: 1 });
  strategy.controls(state, 0, STEPS);
}

/** The metric never improves, so that a plateau cuts as often as it can. */
function runEpochs(strategy: Strategy): void {
  const metrics = { [OBJECTIVE.metric]: 1 };
  let state = strategy.start({ stepsPerEpoch: EPOCH_STEPS, epochs: EPOCHS });
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    strategy.controls(state, epoch * EPOCH_STEPS, EPOCH_STEPS);
    state = strategy.observe(state, epoch, metrics);
  }
}
