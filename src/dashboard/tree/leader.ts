// The trial that stands for a row of the tree: the first of its stage.

import type { StageView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { Model } from '../model.ts';
import type { TreeRow } from './tree-rows.ts';

/** The stage of a row; of a family its root. */
export function stageOf(row: TreeRow): StageView {
  return row.kind === 'family' ? row.root : row.stage;
}

/** The number of a stage's first trial. */
export function leaderOf({ leading }: StageView): number {
  return leading[0] ?? 0;
}

/** Trials of the shown sweep by their numbers, in one pass over all of them. */
export function leadersAmong(
  { trials, sweepId }: Model,
  numbers: ReadonlySet<number>,
): ReadonlyMap<number, TrialView> {
  const found = new Map<number, TrialView>();
  for (const trial of trials.values()) {
    if (trial.sweepId === sweepId && numbers.has(trial.number)) found.set(trial.number, trial);
  }
  return found;
}

/** What the trials of a family have in common. */
export function familyName(leader: TrialView | undefined): string {
  return leader === undefined ? '' : `${leader.config} seed ${leader.seed}`.trim();
}
