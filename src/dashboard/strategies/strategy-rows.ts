// The strategies of a sweep with what their trials come to, made once for each state of the trials.

import { toScore } from '../../domain/objective.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { shownSweep, shownTrials, type Model } from '../model.ts';
import { goalOf, type Goal } from '../summary/goal.ts';
import {
  groupByStrategy,
  summariseStrategies,
  type StrategySummary,
} from '../summary/strategies.ts';
import { toSettings, type Setting } from './settings.ts';

/** One strategy: its summary, its trials, and its settings, the best first. */
export type StrategyRow = StrategySummary & {
  readonly of: readonly TrialView[];
  readonly settings: readonly Setting[];
};

const made = new WeakMap<
  Model['trials'],
  { readonly sweepId: string; readonly goal: Goal; readonly rows: readonly StrategyRow[] }
>();

/** The rows of the shown sweep, that of the best setting first, and before any has completed that of the best trial. Asked again of the same trials it answers at once. */
export function strategyRows(model: Model): readonly StrategyRow[] {
  const goal = goalOf(shownSweep(model));
  const known = made.get(model.trials);
  if (known?.sweepId === model.sweepId && isSame(known.goal, goal)) return known.rows;
  const rows = toRows(shownTrials(model), goal);
  made.set(model.trials, { sweepId: model.sweepId, goal, rows });
  return rows;
}

function isSame(a: Goal, b: Goal): boolean {
  return a.mode === b.mode && a.countsLast === b.countsLast;
}

function toRows(trials: readonly TrialView[], goal: Goal): readonly StrategyRow[] {
  const byName = groupByStrategy(trials);
  const rows = summariseStrategies(trials, goal).map((summary): StrategyRow => {
    const of = byName.get(summary.strategy) ?? [];
    return { ...summary, of, settings: toSettings(of, goal) };
  });
  const placeOf = ({ settings }: StrategyRow): number => toScore(goal.mode, settings[0]?.median);
  return rows.toSorted((a, b) => compare(placeOf(a), placeOf(b)));
}

function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
