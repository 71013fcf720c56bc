// A learning-rate strategy answers one question: which learning rate does each step of the next epoch get?
// It is pure: the same state and metrics give the same answer, bit for bit, on every machine.

import type { Metrics } from '../domain/objective.ts';

/**
 * Learning rate (and momentum, where the strategy moves it) of a stretch of optimizer steps: one float64 for all, or one a step. To be
 * trained with, learning rates are finite and at least 0, momenta at least 0 and below 1.
 */
export type Controls = {
  readonly learningRate: number | Float64Array;
  readonly momentum?: number | Float64Array;
};

/** What a strategy is told of the run: optimizer steps of an epoch, and epochs in all. Behind a warm-up `epochs` may end in a fraction: `stepsPerEpoch × epochs` steps are left. */
export type Run = { readonly stepsPerEpoch: number; readonly epochs: number };

/** `S`, the state, is plain data that JSON can hold. `observe` returns the same state for strategies that do not follow metrics. */
export type Strategy<S = unknown> = {
  /** The state before the first step. */
  start(run: Run): S;
  /** Controls of `count` steps from `fromStep`, the 0-based number of optimizer steps done before. */
  controls(state: S, fromStep: number, count: number): Controls;
  /** The state after the 0-based epoch that has just been trained; metrics are by name, and those that were not reported are absent. */
  observe(state: S, epoch: number, metrics: Metrics): S;
};
