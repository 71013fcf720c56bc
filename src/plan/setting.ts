// What a family trains: each strategy's point of the grid with each length of training, once. A family is the trials of a
// sweep with one config and one seed; in a grid all families have the same settings, so that one of them stands for all.

import type { SweepSpec } from '../domain/sweep.ts';
import { withUsualRates } from '../lr/parse-findings.ts';
import type { StrategySpec } from '../lr/spec.ts';
import { countTrials, trialAt } from '../space/grid.ts';

/** A strategy with a value for every field and a length of training: what tells the trials of a family apart. */
export type Setting = {
  /** The number of its first trial, from 1. */
  readonly number: number;
  readonly spec: StrategySpec;
  readonly epochs: number;
};

/** How many configs the sweep has. */
export function countConfigs({ config }: Pick<SweepSpec, 'config'>): number {
  return Object.values(config).reduce((count, axis) => count * axis.length, 1);
}

/** How many families the sweep has. */
export function countFamilies(spec: Pick<SweepSpec, 'config' | 'seeds'>): number {
  return countConfigs(spec) * spec.seeds.length;
}

/**
 * The settings of every family, in the order of the first family's trials; with usual rates where a range test is to find them.
 * @throws EspalierError `invalid` if a strategy's values do not go together
 */
export function toSettings(spec: SweepSpec): readonly Setting[] {
  const lengths = spec.epochs.length;
  const repeats = countFamilies(spec) * lengths;
  const points = Number(countTrials(spec)) / repeats;
  return Array.from({ length: points * lengths }, (_, i) => {
    const index = Math.floor(i / lengths) * repeats + (i % lengths) * spec.seeds.length;
    const { learning_rate, epochs } = trialAt(spec, index);
    return { number: index + 1, spec: withUsualRates(learning_rate), epochs };
  });
}
