// What every trial of a sweep must come to, whatever happens: each trained alone, from scratch, by the strategy and the training
// themselves and nothing else; and how many epochs have to be trained for all of them if what they have in common is trained once.

import type { Trial } from '../../coordinator/core/model.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import { findDivergence } from '../../src/domain/objective.ts';
import type { SweepSpec, TrialSpec } from '../../src/domain/sweep.ts';
import { trials } from '../../src/space/grid.ts';
import type { ShownEpoch } from '../../coordinator/store/store.ts';
import { withFoundRates } from './toy-range-test.ts';
import { toyStrategy } from './toy-strategies.ts';
import { begin, metricsOf, stepsPerEpochOf, train } from './toy-training.ts';

/** A trial's whole life. */
export type Life = {
  readonly state: 'completed' | 'diverged';
  readonly epochs: readonly ShownEpoch[];
  /** The model after each epoch: equal exactly where all before was equal. */
  readonly prefixes: readonly string[];
};

/** Lives of the trials, in the order of their numbers. */
export function undisturbed(spec: SweepSpec): readonly Life[] {
  return [...trials(spec)].map((trial) => live(withFoundRates(trial)));
}

/** Lives of the clones that there are, in the order of their numbers. */
export function undisturbedClones(all: readonly Trial[]): readonly Life[] {
  return all
    .filter(({ clonedFrom }) => clonedFrom !== null)
    .map(({ config, strategy, seed, epochs }) =>
      live(withFoundRates({ item: -1, config, learning_rate: strategy, seed, epochs })),
    );
}

/** Epochs to train if beginnings that are equal are trained once. */
export function countPrefixes(lives: readonly Life[]): number {
  return new Set(lives.flatMap(({ prefixes }) => prefixes)).size;
}

/** Epochs to train if nothing is shared. */
export function countEpochs(lives: readonly Life[]): number {
  return lives.reduce((sum, { epochs }) => sum + epochs.length, 0);
}

function live({ config, seed, learning_rate, epochs }: TrialSpec): Life {
  const stepsPerEpoch = stepsPerEpochOf(config);
  const strategy = toyStrategy(learning_rate);
  let state = strategy.start({ stepsPerEpoch, epochs });
  let training = begin(config, seed);
  const shown: ShownEpoch[] = [];
  const prefixes: string[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const rates = strategy.controls(state, epoch * stepsPerEpoch, stepsPerEpoch);
    training = train(training, rates, stepsPerEpoch);
    const metrics = metricsOf(training);
    prefixes.push(training.hash);
    shown.push({ epoch, metrics, ...summarize(rates.learningRate, stepsPerEpoch) });
    if (findDivergence(epoch, metrics) !== undefined)
      return { state: 'diverged', epochs: shown, prefixes };
    state = strategy.observe(state, epoch, metrics satisfies Metrics);
  }
  return { state: 'completed', epochs: shown, prefixes };
}

type Summary = Pick<ShownEpoch, 'first' | 'last' | 'least' | 'greatest'>;

function summarize(rates: number | Float64Array, steps: number): Summary {
  const each = typeof rates === 'number' ? Array.from({ length: steps }, () => rates) : [...rates];
  const floats = each.map((rate) => Math.fround(rate));
  const [first = Number.NaN, last = Number.NaN] = [floats[0], floats.at(-1)];
  return { first, last, least: Math.min(...floats), greatest: Math.max(...floats) };
}
