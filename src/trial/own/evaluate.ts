// Evaluates a strategy of one's own for the agent: a state and what it has not seen in, the next state and its controls out.
// Promise: whatever the user's code does, an answer comes out: values, or words for what went wrong.

import { inspect } from 'node:util';
import { fromJsonMetrics, type JsonSeries, toJsonNumber } from '../../domain/json-number.ts';
import type { Monitored } from '../../lr/definition.ts';
import type { Catalogue } from '../../lr/catalogue.ts';
import { parseStrategy } from '../../lr/parse-strategy.ts';
import type { Controls, Run, Strategy } from '../../lr/strategy.ts';
import type { OwnAnswer, OwnRequest } from '../protocol.ts';

/** Characters of a state as JSON. */
export const STATE_MOST = 100_000;

/** What all strategies of a command have in common. */
export type Place = {
  readonly stepsPerEpoch: number;
  readonly objective: Monitored;
  readonly fromStep: number;
  readonly count: number;
};

/** Evaluates one; never throws. */
export function evaluateOwn(request: OwnRequest, place: Place, catalogue: Catalogue): OwnAnswer {
  try {
    const strategy = toStrategy(request.strategy, place.objective, catalogue);
    const run = { stepsPerEpoch: place.stepsPerEpoch, epochs: request.epochs };
    const state = advance(strategy, request, run);
    const controls = controlsOf(strategy, state, place.fromStep, place.count);
    return { state: toJsonState(state), ...toJson(controls) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : inspect(error) };
  }
}

/** The state as it travels. Throws an Error for one that is too large: it travels before every epoch. */
export function toJsonState(state: unknown): unknown {
  const length = JSON.stringify(state ?? null).length;
  if (length <= STATE_MOST) return state ?? null;
  throw new Error(
    `its state has ${length} characters as JSON; at most ${STATE_MOST} can go from one epoch to the next`,
  );
}

/** The functions of a strategy that the module exports. Throws an Error with every problem. */
export function toStrategy(spec: unknown, objective: Monitored, catalogue: Catalogue): Strategy {
  if (Object.keys(catalogue).length === 0)
    throw new Error(
      "the trial's module exports no strategy: write `export const NAME = defineStrategy({ … })`",
    );
  const parsed = parseStrategy(spec, objective, catalogue);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  const definition = catalogue[parsed.strategy.strategy];
  if (definition === undefined) throw new TypeError('a parsed strategy is in its catalogue');
  const strategy: unknown = definition.create(parsed.strategy);
  if (isStrategy(strategy)) return strategy;
  throw new Error('create() must return { start, controls, observe }, three functions');
}

function isStrategy(value: unknown): value is Strategy {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['start', 'controls', 'observe'].every((name) => typeof Reflect.get(value, name) === 'function')
  );
}

function advance(strategy: Strategy, { state, seen }: OwnRequest, run: Run): unknown {
  let now = state === undefined ? strategy.start(run) : state;
  for (const { epoch, metrics } of seen)
    now = strategy.observe(now, epoch, fromJsonMetrics(metrics));
  return now;
}

/** The controls of a stretch. Throws an Error where they are none. */
export function controlsOf(
  strategy: Strategy,
  state: unknown,
  fromStep: number,
  count: number,
): Controls {
  const controls: unknown = strategy.controls(state, fromStep, count);
  if (!isControls(controls, count))
    throw new Error(
      `controls() gave ${inspect(controls, { breakLength: Infinity }).slice(0, 200)}; it must be { learningRate } and maybe { momentum }, each a number ` +
        `or a Float64Array of ${count} values`,
    );
  return controls;
}

function isControls(value: unknown, count: number): value is Controls {
  if (typeof value !== 'object' || value === null) return false;
  const rate: unknown = Reflect.get(value, 'learningRate');
  const momentum: unknown = Reflect.get(value, 'momentum');
  return isStretch(rate, count) && (momentum === undefined || isStretch(momentum, count));
}

function isStretch(value: unknown, count: number): boolean {
  return typeof value === 'number' || (value instanceof Float64Array && value.length === count);
}

function toJson({
  learningRate,
  momentum,
}: Controls): Omit<Extract<OwnAnswer, { state: unknown }>, 'state'> {
  const rate = { learning_rate: toJsonSeries(learningRate) };
  return momentum === undefined ? rate : { ...rate, momentum: toJsonSeries(momentum) };
}

function toJsonSeries(values: number | Float64Array): JsonSeries {
  return typeof values === 'number' ? toJsonNumber(values) : Array.from(values, toJsonNumber);
}
