// How many checkpoints a sweep holds at once at most, and their bytes. Promise: a bound, and each part of it has its reason.
//
// - A fork holds one until every stage behind it has one of its own or is done. Stages wait as long as slots are few, so that all
//   forks may hold theirs at once. A fork before the first epoch needs none.
// - A slot that trains holds two for recovery: the latest one that is stored, and a later one that is on its way there.
// - `keep: best` holds one for the leader, and one for the best trial that has completed. `keep: last` holds the last one of each
//   completed trial; equal trials have one together.
// - `keep: all` holds every one that was ever saved: one every `checkpoint_every` epochs of a stage, which for all stages together
//   is no more than for their epochs in a row; one a fork; and the last one of each trial.
//
// Not among them: a stage that waits because its agent was lost, one that failed, and a trial that was paused, hold one each; and
// where uploads lag behind, a fork holds the one before it too.

import type { SweepSpec } from '../domain/sweep.ts';

/** Families that are alike in what matters here. */
export type SavingFamilies = {
  readonly count: number;
  /** Of one family, at most. */
  readonly forks: number;
  readonly epochsTrained: number;
  /** Trials of one family that do not equal one before them. */
  readonly distinctTrials: number;
  /** Of one checkpoint; 0 where none can be saved, nothing where nobody knows. */
  readonly checkpointBytes: number | undefined;
};

/** Numbers of checkpoints, and bytes where they are known. */
export type HeldCheckpoints = {
  readonly forks: number;
  readonly kept: number;
  /** For each slot that trains. */
  readonly perSlot: number;
  /** Of forks and kept ones together, and for each slot. */
  readonly bytes: { readonly held: number; readonly perSlot: number } | undefined;
};

/** The bound for all families together. */
export function toHeldCheckpoints(
  { keep, checkpoint_every }: Pick<SweepSpec, 'keep' | 'checkpoint_every'>,
  families: readonly SavingFamilies[],
): HeldCheckpoints {
  const saving = families.filter(({ checkpointBytes }) => checkpointBytes !== 0);
  const sizes = saving.map(({ checkpointBytes }) => checkpointBytes);
  const known = sizes.filter((bytes) => bytes !== undefined);
  const largest = known.reduce((most, bytes) => Math.max(most, bytes), 0);
  const keptOf = (one: SavingFamilies): number => countKept(one, keep, checkpoint_every.count);
  const best = keep === 'best' && saving.length > 0 ? 2 : 0;
  const perSlot = saving.length > 0 ? 2 : 0;
  const held = sum(saving, (one) => (one.forks + keptOf(one)) * (one.checkpointBytes ?? 0));
  return {
    forks: sum(saving, ({ forks }) => forks),
    kept: sum(saving, keptOf) + best,
    perSlot,
    bytes:
      known.length < sizes.length
        ? undefined
        : { held: held + best * largest, perSlot: perSlot * largest },
  };
}

/** Of one family, besides those of its forks. */
function countKept(family: SavingFamilies, keep: SweepSpec['keep'], every: number): number {
  switch (keep) {
    case 'none':
    case 'best':
      return 0;
    case 'last':
      return family.distinctTrials;
    case 'all':
      return family.distinctTrials + Math.floor(family.epochsTrained / every);
  }
}

function sum(
  families: readonly SavingFamilies[],
  ofOne: (family: SavingFamilies) => number,
): number {
  return families.reduce((total, family) => total + family.count * ofOne(family), 0);
}
