// Looks whether a strategy of one's own is what one must be: pure, the same in pieces as in one go, with a state that survives JSON, and
// learning rates that one can train with. Promise: what is wrong is said with the first step or epoch at which it shows.

import { reasonOf } from '../../domain/errors.ts';
import type { Metrics } from '../../domain/objective.ts';
import { rngFor } from '../../domain/random.ts';
import type { Catalogue } from '../../lr/catalogue.ts';
import type { Monitored } from '../../lr/definition.ts';
import type { StrategySpec } from '../../lr/spec.ts';
import type { Controls, Run } from '../../lr/strategy.ts';
import { type Stretch, valueIn } from '../../lr/stretch.ts';
import { toStrategy } from './evaluate.ts';
import { withWorld } from './guard.ts';
import { type Asking, traceOwn } from './trace.ts';

/** The run that a strategy is tried in. */
export type TrialRun = Run & { readonly objective: Monitored };

/** What is wrong with a strategy, in words; nothing if it is good. */
export function checkOwn(
  spec: StrategySpec,
  run: TrialRun,
  catalogue: Catalogue,
): string | undefined {
  try {
    for (const series of SERIES) {
      const problem = checkAlong(spec, run, catalogue, series);
      if (problem !== undefined) return problem;
    }
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Metrics of a 0-based epoch: that improve, that stay, that jump about, that are large, negative, no number now and then, not there. */
const SERIES: readonly ((epoch: number) => number | undefined)[] = [
  (epoch) => 1 / (epoch + 1),
  () => 1,
  (epoch) => rngFor(epoch, 'check')(),
  (epoch) => 1e6 * (epoch + 1),
  (epoch) => -10 - epoch,
  (epoch) => (epoch % 3 === 1 ? Number.NaN : 2 / (epoch + 1)),
  () => undefined,
];

/** How a strategy is asked, and with which random numbers and time. */
type Way = Asking & { readonly world: number };

const FIRST: Way = { world: 1, pieces: 1, json: false };

/** Other ways, in which it must answer as in the first, and what is said of one that does not. */
const OTHERS: readonly (Way & { readonly complaint: string })[] = [
  {
    ...FIRST,
    complaint: 'when it is asked a second time: it must not keep anything outside of its state',
  },
  {
    ...FIRST,
    world: 2,
    complaint: 'at another time and with other random numbers: it must not depend on either',
  },
  {
    ...FIRST,
    pieces: 3,
    complaint:
      'when the epoch is asked for in pieces: a value must depend on the state and its step alone',
  },
  {
    ...FIRST,
    json: true,
    complaint:
      'when its state has been written as JSON and read again: the state must be plain JSON',
  },
];

function checkAlong(
  spec: StrategySpec,
  run: TrialRun,
  catalogue: Catalogue,
  series: (epoch: number) => number | undefined,
): string | undefined {
  const { objective, stepsPerEpoch } = run;
  const metricsOf = (epoch: number): Metrics => toMetrics(spec, objective, series(epoch));
  const follow = (way: Way): readonly Controls[] =>
    withWorld(rngFor(way.world, 'world'), way.world * 1e12, () =>
      traceOwn(toStrategy(spec, objective, catalogue), run, metricsOf, way),
    );
  const first = follow(FIRST);
  const wrong = findUntrainable(first, stepsPerEpoch);
  if (wrong !== undefined) return wrong;
  for (const way of OTHERS) {
    const epoch = findDifference(first, follow(way), stepsPerEpoch);
    if (epoch !== undefined) return `gives other values in epoch ${epoch} ${way.complaint}`;
  }
  return undefined;
}

function toMetrics(spec: StrategySpec, objective: Monitored, value: number | undefined): Metrics {
  if (value === undefined) return {};
  const { monitor } = spec;
  const names = ['loss', objective.metric, ...(typeof monitor === 'string' ? [monitor] : [])];
  const metrics: Metrics = Object.fromEntries(names.map((name) => [name, value]));
  // Any other metric that is asked for by its name is there too.
  return new Proxy(metrics, {
    has: () => true,
    get: (target, name): unknown => (typeof name === 'string' ? value : Reflect.get(target, name)),
  });
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

function at(values: Stretch | undefined, step: number): number | undefined {
  return values === undefined ? undefined : valueIn(values, step);
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
