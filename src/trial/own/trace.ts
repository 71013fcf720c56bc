// The values of a strategy of one's own over the first epochs of a run, asked for in one way or another.

import type { Metrics } from '../../domain/objective.ts';
import type { Controls, Run, Strategy } from '../../lr/strategy.ts';
import { copyInto } from '../../lr/stretch.ts';
import { controlsOf, toJsonState } from './evaluate.ts';

/** In how many pieces an epoch is asked for, and whether the state goes through JSON before it. */
export type Asking = { readonly pieces: number; readonly json: boolean };

/** Steps that are looked at for one strategy and one series of metrics. */
const MOST_STEPS = 20_000;

/** The controls of each epoch that is looked at, at least of one. Throws what the strategy throws, and an Error for no controls. */
export function traceOwn(
  strategy: Strategy,
  { stepsPerEpoch, epochs }: Run,
  metricsOf: (epoch: number) => Metrics,
  { pieces, json }: Asking,
): readonly Controls[] {
  const looked = Math.min(epochs, Math.max(1, Math.floor(MOST_STEPS / stepsPerEpoch)));
  const controls: Controls[] = [];
  let state = strategy.start({ stepsPerEpoch, epochs });
  for (let epoch = 0; epoch < looked; epoch += 1) {
    if (json) state = throughJson(state);
    toJsonState(state);
    controls.push(inPieces(strategy, state, epoch * stepsPerEpoch, stepsPerEpoch, pieces));
    state = strategy.observe(state, epoch, metricsOf(epoch));
  }
  return controls;
}

/** Another array: a strategy may fill the same one again. */
function toOwned({ learningRate, momentum }: Controls): Controls {
  const rates = typeof learningRate === 'number' ? learningRate : learningRate.slice();
  if (momentum === undefined) return { learningRate: rates };
  return {
    learningRate: rates,
    momentum: typeof momentum === 'number' ? momentum : momentum.slice(),
  };
}

function throughJson(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state ?? null));
}

function inPieces(
  strategy: Strategy,
  state: unknown,
  fromStep: number,
  count: number,
  pieces: number,
): Controls {
  if (pieces === 1 || count < pieces) return toOwned(controlsOf(strategy, state, fromStep, count));
  const size = Math.ceil(count / pieces);
  const rates = new Float64Array(count);
  const momenta = new Float64Array(count);
  let hasMomentum = false;
  for (let from = 0; from < count; from += size) {
    const length = Math.min(size, count - from);
    const part = controlsOf(strategy, state, fromStep + from, length);
    copyInto(rates, from, part.learningRate, length);
    hasMomentum = part.momentum !== undefined;
    if (part.momentum !== undefined) copyInto(momenta, from, part.momentum, length);
  }
  return hasMomentum ? { learningRate: rates, momentum: momenta } : { learningRate: rates };
}
