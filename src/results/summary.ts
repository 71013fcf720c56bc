// What a sweep has shown: each strategy setting by its median over seeds, and the best against the best fixed rate.

import { medianOf } from '../domain/median.ts';
import type { LeaderboardRow } from './open-results.ts';

/** One setting (strategy, its values, config) with what its seeds reached. Values are those of the objective. */
export type Setting = {
  readonly strategy: string;
  readonly label: string;
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
  readonly seeds: number;
  readonly trialIds: readonly string[];
};

/** Settings of a sweep, best median first. Trials without a finite value are left out. */
export function summarise(
  rows: readonly LeaderboardRow[],
  mode: 'min' | 'max',
): readonly Setting[] {
  const groups = groupBySetting(rows);
  const sign = mode === 'min' ? 1 : -1;
  return [...groups.values()]
    .map(toSetting)
    .filter((setting) => setting !== undefined)
    .toSorted((a, b) => sign * (a.median - b.median));
}

function groupBySetting(
  rows: readonly LeaderboardRow[],
): ReadonlyMap<string, readonly LeaderboardRow[]> {
  const groups = new Map<string, LeaderboardRow[]>();
  for (const row of rows) {
    // Not the labels, which leave out what the sweep file does not say.
    const key = JSON.stringify([row.strategy_json, row.config_json, row.epochs]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function toSetting(rows: readonly LeaderboardRow[]): Setting | undefined {
  const values = rows
    .map((row) => row.value)
    .filter((value) => value !== null)
    .toSorted((a, b) => a - b);
  const [first] = rows;
  const median = medianOf(values);
  if (first === undefined || median === undefined) return undefined;
  return {
    strategy: first.strategy,
    label: [first.strategy, first.strategy_label, first.config_label]
      .filter((part) => part !== '')
      .join(' '),
    median,
    least: values[0] ?? median,
    greatest: values.at(-1) ?? median,
    seeds: values.length,
    trialIds: rows.map((row) => row.trial_id),
  };
}
