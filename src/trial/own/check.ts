// Looks whether a strategy of one's own is what one must be: pure, the same in pieces as in one go, with a state that survives JSON, and
// learning rates that one can train with. Promise: what is wrong is said with the first step or epoch at which it shows.

import { rngFor } from '../../domain/random.ts';
import type { Metrics } from '../../domain/objective.ts';
import type { Catalogue } from '../../lr/catalogue.ts';
import type { Monitored } from '../../lr/definition.ts';
import type { StrategySpec } from '../../lr/spec.ts';
import type { Controls, Strategy } from '../../lr/strategy.ts';
import { controlsOf, toStrategy } from './evaluate.ts';
import { withWorld } from './guard.ts';

/** The run that a strategy is tried on. */
export type Trial = {
  readonly objective: Monitored;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
};

/** Steps that are looked at for one strategy and one series of metrics. */
const MOST_STEPS = 20_000;

/** What is wrong with a strategy, in words; nothing if it is good. */
export function checkOwn(
  spec: StrategySpec,
  trial: Trial,
  catalogue: Catalogue,
): string | undefined {
  try {
    for (const series of SERIES) {
      const problem = checkAlong(spec, trial, catalogue, series);
      if (problem !== undefined) return problem;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Metrics of a 0-based epoch: ones that improve, ones that stay, ones that jump about, ones that are not there. */
const SERIES: readonly ((epoch: number) => number | undefined)[] = [
  (epoch) => 1 / (epoch + 1),
  () => 1,
  (epoch) => rngFor(epoch, 'check')(),
  () => undefined,
];

/** How an epoch is evaluated: with which random numbers and time, in how many pieces, with a state that goes through JSON or not. */
type Way = {
  readonly world: number;
  readonly pieces: number;
  readonly json: boolean;
  readonly complaint: string;
};

const FIRST: Way = { world: 1, pieces: 1, json: false, complaint: '' };

const WAYS: readonly Way[] = [
  {
    world: 1,
    pieces: 1,
    json: false,
    complaint: 'when it is asked a second time: it must not keep anything outside of its state',
  },
  {
    world: 2,
    pieces: 1,
    json: false,
    complaint: 'at another time and with other random numbers: it must not depend on either',
  },
  {
    world: 1,
    pieces: 3,
    json: false,
    complaint:
      'when the epoch is asked for in pieces: a value must depend on the state and its step alone',
  },
  {
    world: 1,
    pieces: 1,
    json: true,
    complaint:
      'when its state has been written as JSON and read again: the state must be plain JSON',
  },
];

function checkAlong(
  spec: StrategySpec,
  trial: Trial,
  catalogue: Catalogue,
  series: (epoch: number) => number | undefined,
): string | undefined {
  const follow = (way: Way): readonly Controls[] =>
    withWorld(rngFor(way.world, 'world'), way.world * 1e12, () =>
      trace(toStrategy(spec, trial.objective, catalogue), spec, trial, series, way),
    );
  const first = follow(FIRST);
  const wrong = findUntrainable(first, trial.stepsPerEpoch);
  if (wrong !== undefined) return wrong;
  for (const way of WAYS) {
    const epoch = findDifference(first, follow(way), trial.stepsPerEpoch);
    if (epoch !== undefined) return `gives other values in epoch ${epoch} ${way.complaint}`;
  }
  return undefined;
}

function trace(
  strategy: Strategy,
  spec: StrategySpec,
  { objective, stepsPerEpoch, epochs }: Trial,
  series: (epoch: number) => number | undefined,
  { pieces, json }: Way,
): readonly Controls[] {
  const looked = Math.min(epochs, Math.max(1, Math.floor(MOST_STEPS / stepsPerEpoch)));
  const controls: Controls[] = [];
  let state = strategy.start({ stepsPerEpoch, epochs });
  for (let epoch = 0; epoch < looked; epoch += 1) {
    if (json) state = throughJson(state);
    controls.push(inPieces(strategy, state, epoch * stepsPerEpoch, stepsPerEpoch, pieces));
    state = strategy.observe(state, epoch, toMetrics(spec, objective, series(epoch)));
  }
  return controls;
}

function throughJson(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state ?? null));
}

function toMetrics(spec: StrategySpec, objective: Monitored, value: number | undefined): Metrics {
  if (value === undefined) return {};
  const { monitor } = spec;
  const names = [objective.metric, ...(typeof monitor === 'string' ? [monitor] : [])];
  return Object.fromEntries(names.map((name) => [name, value]));
}

function inPieces(
  strategy: Strategy,
  state: unknown,
  fromStep: number,
  count: number,
  pieces: number,
): Controls {
  if (pieces === 1 || count < pieces) return controlsOf(strategy, state, fromStep, count);
  const size = Math.ceil(count / pieces);
  const rates = new Float64Array(count);
  const momenta = new Float64Array(count);
  let hasMomentum = false;
  for (let from = 0; from < count; from += size) {
    const length = Math.min(size, count - from);
    const part = controlsOf(strategy, state, fromStep + from, length);
    fill(rates, part.learningRate, from, length);
    hasMomentum = part.momentum !== undefined;
    if (part.momentum !== undefined) fill(momenta, part.momentum, from, length);
  }
  return hasMomentum ? { learningRate: rates, momentum: momenta } : { learningRate: rates };
}

function fill(
  target: Float64Array,
  values: number | Float64Array,
  from: number,
  length: number,
): void {
  if (typeof values === 'number') target.fill(values, from, from + length);
  else target.set(values, from);
}

function findDifference(
  a: readonly Controls[],
  b: readonly Controls[],
  count: number,
): number | undefined {
  const epoch = a.findIndex((controls, i) => !isSame(controls, b[i], count));
  return epoch === -1 ? undefined : epoch;
}

function isSame(a: Controls, b: Controls | undefined, count: number): boolean {
  if (b === undefined) return false;
  for (let step = 0; step < count; step += 1) {
    if (!Object.is(at(a.learningRate, step), at(b.learningRate, step))) return false;
    if (!Object.is(at(a.momentum, step), at(b.momentum, step))) return false;
  }
  return true;
}

function at(values: number | Float64Array | undefined, step: number): number | undefined {
  return typeof values === 'object' ? values[step] : values;
}

/** A learning rate is finite and not negative; a momentum lies in [0, 1). */
function findUntrainable(epochs: readonly Controls[], count: number): string | undefined {
  for (const [epoch, { learningRate, momentum }] of epochs.entries()) {
    for (let step = 0; step < count; step += 1) {
      const where = `in step ${step} of epoch ${epoch}`;
      const rate = at(learningRate, step) ?? Number.NaN;
      if (!(rate >= 0 && rate < Infinity))
        return `gives the learning rate ${rate} ${where}; it must be a finite number, at least 0`;
      const force = at(momentum, step);
      if (force !== undefined && !(force >= 0 && force < 1))
        return `gives the momentum ${force} ${where}; it must be at least 0 and below 1`;
    }
  }
  return undefined;
}
