// How a sweep went: the setting that is best over its seeds, and what it is ahead of: the best fixed rate, or where it is one
// itself, the best of the others.
// Promise: only settings of which a seed has completed count. That one is ahead is called sure only where no seed of the one
// is worse than any seed of the other, and there are several of both.

import { toScore } from '../../domain/objective.ts';
import type { StrategyRow } from '../strategies/strategy-rows.ts';
import type { Setting } from '../strategies/settings.ts';
import type { Goal } from './goal.ts';

/** A setting with its median over the seeds. */
export type Placed = Setting & { readonly median: number };

/** How the seeds of two settings lie: all of one better, mixed, or too few to say. */
export type Seeds = 'apart' | 'mixed' | 'few';

/** The best setting, and the one that it is compared with, if there is one. */
export type Verdict = {
  readonly best: Placed;
  readonly other: Placed | undefined;
  /** How far the medians are apart. */
  readonly margin: number;
  readonly seeds: Seeds;
};

/** The verdict on what has completed so far; undefined before anything has. */
export function verdictOf(rows: readonly StrategyRow[], goal: Goal): Verdict | undefined {
  const placed = rows
    .flatMap(({ settings }) => settings.filter(isPlaced))
    .toSorted((a, b) => toScore(goal.mode, a.median) - toScore(goal.mode, b.median));
  const [best] = placed;
  if (best === undefined) return undefined;
  const other = placed.find((setting) => setting !== best && isFixed(setting) !== isFixed(best));
  if (other === undefined) return { best, other, margin: 0, seeds: 'few' };
  const margin = Math.abs(best.median - other.median);
  return { best, other, margin, seeds: seedsOf(best, other, goal) };
}

function isFixed({ strategy }: Setting): boolean {
  return strategy === 'fixed';
}

function isPlaced(setting: Setting): setting is Placed {
  return setting.median !== undefined;
}

function seedsOf(best: Placed, other: Placed, { mode }: Goal): Seeds {
  if (best.values.length < 2 || other.values.length < 2) return 'few';
  const worst = toScore(mode, best.values.at(-1));
  return worst < toScore(mode, other.values[0]) ? 'apart' : 'mixed';
}
