// A linear ramp before any strategy, plateau included: as PyTorch 2.14 `SequentialLR` of `LinearLR` and the strategy,
// which cannot hold a plateau. After the ramp the strategy starts at its step 0.

import { toSteps } from './duration.ts';
import type { Controls, Run, Strategy } from './strategy.ts';
import { copyInto, type Stretch, toStretch, valueIn } from './stretch.ts';

/** How long a warm-up takes, and the share of the learning rate at its first step. */
export type WarmupValue = { readonly length: string | number; readonly start_factor: number };

/** A strategy behind a warm-up: its own state, and the whole steps that the warm-up takes. */
export type Warmed<S> = {
  readonly inner: S;
  readonly steps: number;
  readonly stepsPerEpoch: number;
};

/**
 * Lets `inner` start after a warm-up. At step t of W (a length that ends inside a step is rounded up) the learning rate is
 * `inner`'s first one times `start_factor + (1 - start_factor) × t / W`; momentum is `inner`'s first. `inner` observes
 * only epochs that start at or after W, and is told of a run that is W steps shorter, maybe by a part of an epoch.
 */
export function withWarmup<S>(warmup: WarmupValue, inner: Strategy<S>): Strategy<Warmed<S>> {
  return {
    start: (run) => startAfter(warmup, inner, run),
    controls: (state, fromStep, count) => {
      const ramp = Math.min(count, Math.max(0, state.steps - fromStep));
      const rest = count - ramp;
      if (ramp === 0) return inner.controls(state.inner, fromStep - state.steps, count);
      const rising = toRamp(warmup.start_factor, inner, state, fromStep, ramp);
      if (rest === 0) return rising;
      return join(rising, inner.controls(state.inner, 0, rest), ramp, rest);
    },
    observe: (state, epoch, metrics) =>
      epoch * state.stepsPerEpoch < state.steps
        ? state
        : { ...state, inner: inner.observe(state.inner, epoch, metrics) },
  };
}

function startAfter<S>(warmup: WarmupValue, inner: Strategy<S>, run: Run): Warmed<S> {
  const { stepsPerEpoch, epochs } = run;
  const steps = Math.ceil(toSteps(warmup.length, 'steps', stepsPerEpoch));
  const left = Math.max(0, epochs - steps / stepsPerEpoch);
  return { inner: inner.start({ stepsPerEpoch, epochs: left }), steps, stepsPerEpoch };
}

function toRamp<S>(
  startFactor: number,
  inner: Strategy<S>,
  state: Warmed<S>,
  fromStep: number,
  count: number,
): Controls {
  const first = inner.controls(state.inner, 0, 1);
  const top = valueIn(first.learningRate, 0);
  const learningRate = toStretch(
    fromStep,
    count,
    (t) => top * (startFactor + (1 - startFactor) * (t / state.steps)),
  );
  return first.momentum === undefined
    ? { learningRate }
    : { learningRate, momentum: valueIn(first.momentum, 0) };
}

function join(a: Controls, b: Controls, counted: number, rest: number): Controls {
  const learningRate = concat(a.learningRate, b.learningRate, counted, rest);
  if (a.momentum === undefined || b.momentum === undefined) return { learningRate };
  return { learningRate, momentum: concat(a.momentum, b.momentum, counted, rest) };
}

function concat(a: Stretch, b: Stretch, counted: number, rest: number): Stretch {
  if (typeof a === 'number' && a === b) return a;
  const values = new Float64Array(counted + rest);
  copyInto(values, 0, a, counted);
  copyInto(values, counted, b, rest);
  return values;
}
