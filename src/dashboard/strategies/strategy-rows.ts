// The strategies of a sweep with what their trials come to, made once for each state of the trials.

import type { Mode } from '../../domain/objective.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { modeOf } from '../arrange.ts';
import { shownSweep, shownTrials, type Model } from '../model.ts';
import { summariseStrategies, type StrategySummary } from '../summary/strategies.ts';
import { toSettings, type Setting } from './settings.ts';

/** One strategy: its summary, its trials, and its settings, the best first. */
export type StrategyRow = StrategySummary & {
  readonly of: readonly TrialView[];
  readonly settings: readonly Setting[];
};

const made = new WeakMap<
  Model['trials'],
  { readonly sweepId: string; readonly mode: Mode; readonly rows: readonly StrategyRow[] }
>();

/** The rows of the shown sweep, the best first. Asked again of the same trials it answers at once. */
export function strategyRows(model: Model): readonly StrategyRow[] {
  const mode = modeOf(shownSweep(model)?.objective?.mode);
  const known = made.get(model.trials);
  if (known?.sweepId === model.sweepId && known.mode === mode) return known.rows;
  const rows = toRows(shownTrials(model), mode);
  made.set(model.trials, { sweepId: model.sweepId, mode, rows });
  return rows;
}

function toRows(trials: readonly TrialView[], mode: Mode): readonly StrategyRow[] {
  const byName = new Map<string, TrialView[]>();
  for (const trial of trials) {
    const own = byName.get(trial.strategy);
    if (own === undefined) byName.set(trial.strategy, [trial]);
    else own.push(trial);
  }
  return summariseStrategies(trials, mode).map((summary) => {
    const of = byName.get(summary.strategy) ?? [];
    return { ...summary, of, settings: toSettings(of, mode) };
  });
}
