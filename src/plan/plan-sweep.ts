// What a sweep would do, before anything runs: how many trials, which of them are no more than others, and what training
// shared prefixes once would save. Promise: pure; nothing is looked at but the sweep file and the number of steps of an epoch.

import type { SweepSpec } from '../domain/sweep.ts';
import { countPoints, countTrials } from '../space/grid.ts';
import { countPrefixes } from './count-prefixes.ts';
import { toNotes, type Note } from './notes.ts';
import { isPlateau } from './plateau-reach.ts';
import { countFamilies, type Setting, toSettings } from './setting.ts';
import { toStepsPerEpoch, type StepsPerEpoch } from './steps-per-epoch.ts';

/** A sweep's plan. Counts are those of the whole sweep; notes name trials of its first family, which stands for all. */
export type Plan = {
  readonly trials: number;
  readonly families: number;
  readonly strategies: readonly { readonly strategy: string; readonly trials: number }[];
  readonly settings: readonly Setting[];
  readonly stepsPerEpoch: StepsPerEpoch;
  /** Epochs that training every trial alone takes. */
  readonly delivered: number;
  /** Nothing if the steps of an epoch are missing. */
  readonly trained: Trained | undefined;
  readonly notes: readonly Note[];
};

/** Epochs that training every shared prefix once takes: exact where `least` is `most`. */
export type Trained = {
  readonly least: number;
  readonly most: number;
  /** Whether some trials follow metrics, which nobody knows beforehand. */
  readonly followsMetrics: boolean;
  /** Whether all was looked at; else the bounds are further apart than they need be, and notes may be missing. */
  readonly isComplete: boolean;
  /** Whether learning rates move within an epoch, so that an assumed number of steps counts. */
  readonly hasMoved: boolean;
};

/**
 * Plans a sweep. `stepsPerEpoch` goes before the sweep's own.
 * @throws EspalierError `invalid` if a strategy's values do not go together
 */
export function planSweep(spec: SweepSpec, stepsPerEpoch = spec.steps_per_epoch): Plan {
  const settings = toSettings(spec);
  const families = countFamilies(spec);
  const steps = toStepsPerEpoch(settings, stepsPerEpoch);
  const count = steps.kind === 'missing' ? undefined : countPrefixes(settings, steps.count);
  const { notes, isComplete } = toNotes(settings, steps, count?.equal ?? []);
  const followsMetrics = settings.some((setting) => isPlateau(setting.spec));
  return {
    trials: Number(countTrials(spec)),
    families,
    strategies: countStrategies(spec, families),
    settings,
    stepsPerEpoch: steps,
    delivered: settings.reduce((sum, { epochs }) => sum + epochs, 0) * families,
    trained: count && {
      least: count.least * families,
      most: count.most * families,
      followsMetrics,
      isComplete: count.isComplete && isComplete,
      hasMoved: count.hasMoved,
    },
    notes,
  };
}

function countStrategies(spec: SweepSpec, families: number): Plan['strategies'] {
  const trials = new Map<string, number>();
  for (const grid of spec.learning_rate) {
    const more = Number(countPoints(grid)) * spec.epochs.length * families;
    trials.set(grid.strategy, (trials.get(grid.strategy) ?? 0) + more);
  }
  return Array.from(trials, ([strategy, count]) => ({ strategy, trials: count }));
}
