// Runs a strategy over a whole training, as a trial would: controls of an epoch, then its metrics.

import type { Metrics } from '../../src/domain/objective.ts';
import { createStrategy } from '../../src/lr/create-strategy.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import type { Run, Strategy } from '../../src/lr/strategy.ts';
import type { Stretch } from '../../src/lr/stretch.ts';

/** What a run applied at each step, and the state after `start` and after each epoch. */
export type Ran = {
  readonly lr: readonly number[];
  readonly momentum: readonly number[];
  readonly states: readonly unknown[];
};

/** Parses and makes a strategy that is expected to be good. */
export function makeStrategy(value: unknown): Strategy {
  const parsed = parseStrategy(value);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return createStrategy(parsed.strategy);
}

/** Values of a stretch of `count` steps, one by one. */
export function toList(stretch: Stretch | undefined, count: number): number[] {
  if (stretch === undefined) return [];
  return typeof stretch === 'number'
    ? Array.from<number>({ length: count }).fill(stretch)
    : [...stretch];
}

/** Runs `value` for `run.epochs` epochs; an epoch without an entry in `metrics` reports nothing. */
export function runStrategy(value: unknown, run: Run, metrics: readonly Metrics[] = []): Ran {
  const strategy = makeStrategy(value);
  const ran = { lr: [] as number[], momentum: [] as number[], states: [] as unknown[] };
  let state = strategy.start(run);
  ran.states.push(state);
  for (let epoch = 0; epoch < run.epochs; epoch += 1) {
    const controls = strategy.controls(state, epoch * run.stepsPerEpoch, run.stepsPerEpoch);
    ran.lr.push(...toList(controls.learningRate, run.stepsPerEpoch));
    ran.momentum.push(...toList(controls.momentum, run.stepsPerEpoch));
    state = strategy.observe(state, epoch, metrics[epoch] ?? {});
    ran.states.push(state);
  }
  return ran;
}
