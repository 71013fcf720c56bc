// A learning-rate strategy answers one question: which learning rate does each step of the next epoch get?
// It is pure: the same state and metrics give the same answer, bit for bit, on every machine.

import type { Metrics } from '../domain/objective.ts';

/** Learning rate (and momentum, where the strategy moves it) of a stretch of steps: one value for all, or one a step. */
export type Controls = {
  readonly learningRate: number | Float64Array;
  readonly momentum?: number | Float64Array;
};

/** What a strategy is told of the run. Behind a warm-up `epochs` may end in a fraction: `stepsPerEpoch × epochs` steps are left. */
export type Run = { readonly stepsPerEpoch: number; readonly epochs: number };

/** `S` is plain data. `observe` returns the same state for strategies that do not follow metrics. */
export type Strategy<S = unknown> = {
  start(run: Run): S;
  /** Controls of `count` steps from `fromStep`, the 0-based number of optimizer steps done before. */
  controls(state: S, fromStep: number, count: number): Controls;
  /** Takes in the metrics of the 0-based epoch that has just been trained. */
  observe(state: S, epoch: number, metrics: Metrics): S;
};
