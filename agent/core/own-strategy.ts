// A strategy of one's own as the agent has it: its code is the trial's, so that only the trial's process can evaluate it.
// Promise: what is pending is what the strategy has not seen yet, in order; controls are given for the epoch that they were evaluated
// for, and for no other.

import type { Metrics } from '../../src/domain/objective.ts';
import type { Controls, Strategy } from '../../src/lr/strategy.ts';

/** Metrics of a 0-based epoch. */
export type Seen = { readonly epoch: number; readonly metrics: Metrics };

/** Where such a strategy stands. */
export type OwnState = {
  /** The strategy's own state, plain JSON; undefined before it has started. */
  readonly inner: unknown;
  /** What has been observed since `inner`. */
  readonly pending: readonly Seen[];
  readonly evaluated: { readonly fromStep: number; readonly controls: Controls } | undefined;
};

/** The agent's end of a strategy whose values come from {@link evaluated}. */
export const OWN_STRATEGY: Strategy<OwnState> = {
  start: () => ({ inner: undefined, pending: [], evaluated: undefined }),
  controls: ({ evaluated: known }, fromStep) => {
    if (known?.fromStep === fromStep) return known.controls;
    throw new TypeError(`no controls were evaluated for step ${fromStep}`);
  },
  observe: ({ inner, pending }, epoch, metrics) => ({
    inner,
    pending: [...pending, { epoch, metrics }],
    evaluated: undefined,
  }),
};

/** The state after the process has evaluated it. */
export function toEvaluated(inner: unknown, fromStep: number, controls: Controls): OwnState {
  return { inner, pending: [], evaluated: { fromStep, controls } };
}

/** What such a strategy does that cannot be evaluated: nothing that one can train with. */
export function toStuck(state: OwnState, fromStep: number): OwnState {
  return { ...state, evaluated: { fromStep, controls: { learningRate: Number.NaN } } };
}
