// What a sweep would do, before anything runs: how many trials, which of them are no more than others, what training shared
// prefixes once saves, and how many checkpoints that takes. Promise: pure; nothing is looked at but the sweep file and what was
// found out about its configs.

import type { SweepSpec } from '../domain/sweep.ts';
import { isOwn } from '../lr/own.ts';
import { countPoints, countTrials } from '../space/grid.ts';
import type { FamiliesOfConfig } from './config-sample.ts';
import { countPrefixes, MOST_WORK, type PrefixCount } from './count-prefixes.ts';
import {
  type HeldCheckpoints,
  type SavingFamilies,
  toHeldCheckpoints,
} from './held-checkpoints.ts';
import { toNotes, type Note } from './notes/to-notes.ts';
import { isPlateau } from './plateau-reach.ts';
import { countFamilies, type Setting, toSettings } from './setting.ts';
import { toStepsPerEpoch, type StepsPerEpoch } from './steps-per-epoch.ts';

/** A sweep's plan. Counts are those of the whole sweep; notes name trials of its first family, which stands for all. */
export type Plan = {
  readonly trials: number;
  readonly families: number;
  readonly strategies: readonly { readonly strategy: string; readonly trials: number }[];
  readonly settings: readonly Setting[];
  /** Of the first family. */
  readonly stepsPerEpoch: StepsPerEpoch;
  /** Known numbers of steps, and how many families have each. */
  readonly steps: readonly { readonly count: number; readonly families: number }[];
  /** Epochs that training every trial alone takes. */
  readonly delivered: number;
  /** Nothing if the steps of an epoch are missing. */
  readonly trained: Trained | undefined;
  /** Families that share nothing, since their trials cannot be saved. */
  readonly unsavable: number;
  /** Nothing if the steps of an epoch are missing. */
  readonly checkpoints: HeldCheckpoints | undefined;
  readonly notes: readonly Note[];
};

/** Epochs that training every shared prefix once takes: exact where `least` is `most`. */
export type Trained = {
  readonly least: number;
  readonly most: number;
  /** Whether some trials follow metrics, which nobody knows beforehand. */
  readonly followsMetrics: boolean;
  /** Whether some trials have a strategy of one's own, whose code is not looked at. */
  readonly hasOwn: boolean;
  /** Whether all was looked at; else the bounds are further apart than they need be, and notes may be missing. */
  readonly isComplete: boolean;
  /** Whether learning rates move within an epoch, so that an assumed number of steps counts. */
  readonly hasMoved: boolean;
};

/**
 * Plans a sweep of these families; unless given, nothing is known of them but what the sweep file says.
 * @throws EspalierError `invalid` if a strategy's values do not go together
 */
export function planSweep(spec: SweepSpec, families = toUnopened(spec)): Plan {
  const settings = toSettings(spec);
  const [first] = families;
  const given = toStepsPerEpoch(settings, first?.stepsPerEpoch);
  const steps =
    first?.facts && given.kind === 'given' ? { ...given, kind: 'opened' as const } : given;
  const counts = steps.kind === 'missing' ? undefined : countEach(settings, families, steps.count);
  const { notes, isComplete } = toNotes(settings, steps, counts?.[0]?.prefixes.equal ?? []);
  const trained = counts && toTrained(counts);
  const followsMetrics = settings.some((setting) => isPlateau(setting.spec));
  return {
    trials: Number(countTrials(spec)),
    families: countFamilies(spec),
    strategies: countStrategies(spec),
    settings,
    stepsPerEpoch: steps,
    steps: toDistinctSteps(families),
    delivered: sum(settings, ({ epochs }) => epochs) * countFamilies(spec),
    trained: trained && {
      ...trained,
      followsMetrics,
      hasOwn: settings.some((setting) => isOwn(setting.spec.strategy)),
      isComplete: trained.isComplete && isComplete,
    },
    unsavable: sum(families, ({ count, facts }) => (facts?.canSave === false ? count : 0)),
    checkpoints:
      counts &&
      toHeldCheckpoints(
        spec,
        counts.map((one) => toSaving(one, settings.length, spec)),
      ),
    notes,
  };
}

/** Families with one config and what its tree comes to. */
type Counted = FamiliesOfConfig & { readonly prefixes: PrefixCount };

function toUnopened(spec: SweepSpec): readonly FamiliesOfConfig[] {
  return [{ count: countFamilies(spec), stepsPerEpoch: spec.steps_per_epoch, facts: undefined }];
}

/** Families with the same steps have the same tree, which is counted once. */
function countEach(
  settings: readonly Setting[],
  families: readonly FamiliesOfConfig[],
  assumed: number,
): readonly Counted[] {
  const stepsOf = (one: FamiliesOfConfig): number => one.stepsPerEpoch ?? assumed;
  const distinct = [...new Set(families.map(stepsOf))];
  const work = MOST_WORK / distinct.length;
  const counts = new Map(distinct.map((steps) => [steps, countPrefixes(settings, steps, work)]));
  return families.flatMap((one) => {
    const prefixes = counts.get(stepsOf(one));
    return prefixes === undefined ? [] : [{ ...one, prefixes }];
  });
}

function toTrained(counts: readonly Counted[]): Omit<Trained, 'followsMetrics' | 'hasOwn'> {
  const epochs = (one: Counted, bound: 'least' | 'most'): number =>
    one.count * (one.facts?.canSave === false ? one.prefixes.delivered : one.prefixes[bound]);
  return {
    least: sum(counts, (one) => epochs(one, 'least')),
    most: sum(counts, (one) => epochs(one, 'most')),
    isComplete: counts.every(({ prefixes }) => prefixes.isComplete),
    hasMoved: counts.some(({ prefixes }) => prefixes.hasMoved),
  };
}

/** As a run will do it: where nothing is shared there are no forks. */
function toSaving(
  { count, facts, prefixes }: Counted,
  trials: number,
  { sharing }: SweepSpec,
): SavingFamilies {
  const { forks, most, delivered, equal } = prefixes;
  const repeated = sum(equal, (same) => same.length - 1);
  const shared = { forks: forks.most, epochsTrained: most, distinctTrials: trials - repeated };
  const alone = { forks: 0, epochsTrained: delivered, distinctTrials: trials };
  const work = sharing === 'on' ? shared : alone;
  return { count, ...work, checkpointBytes: facts?.checkpointBytes };
}

function toDistinctSteps(families: readonly FamiliesOfConfig[]): Plan['steps'] {
  const seen = new Map<number, number>();
  for (const { stepsPerEpoch, count } of families) {
    if (stepsPerEpoch !== undefined)
      seen.set(stepsPerEpoch, (seen.get(stepsPerEpoch) ?? 0) + count);
  }
  return Array.from(seen, ([count, number]) => ({ count, families: number }));
}

function countStrategies(spec: SweepSpec): Plan['strategies'] {
  const trials = new Map<string, number>();
  const repeats = spec.epochs.length * countFamilies(spec);
  for (const grid of spec.learning_rate) {
    const more = Number(countPoints(grid)) * repeats;
    trials.set(grid.strategy, (trials.get(grid.strategy) ?? 0) + more);
  }
  return Array.from(trials, ([strategy, count]) => ({ strategy, trials: count }));
}

function sum<T>(items: readonly T[], ofOne: (item: T) => number): number {
  return items.reduce((total, item) => total + ofOne(item), 0);
}
