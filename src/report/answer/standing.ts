// How the settings stand: each with what its seeds came to, best median first.
// Promise: the order is that of `espalier best`: by the median over the seeds that completed with a finite value.

import { toScore } from '../../domain/objective.ts';
import type { ReportData, TrialData } from '../report-data.ts';

/** A setting's results. `values` are by seed, of completed trials with a finite value. */
export type Standing = {
  /** Its place in the report's list of settings. */
  readonly setting: number;
  readonly strategy: string;
  readonly trials: readonly TrialData[];
  readonly values: ReadonlyMap<number, number>;
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
  /** Of its trials those that failed or diverged. */
  readonly lost: number;
};

/** Settings with at least one value, best first; equal ones in the order of the sweep. */
export function toStandings(
  { settings, sweep }: Pick<ReportData, 'settings' | 'sweep'>,
  trials: readonly TrialData[],
): readonly Standing[] {
  const groups = settings.map((): TrialData[] => []);
  for (const trial of trials) groups[trial.setting]?.push(trial);
  return groups
    .flatMap((group, setting) => toStanding(group, setting, settings[setting]?.strategy ?? ''))
    .toSorted((a, b) => toScore(sweep.mode, a.median) - toScore(sweep.mode, b.median));
}

/** Of each strategy the trial of its best setting that is nearest to the setting's median. */
export function middleTrials(
  data: Pick<ReportData, 'settings' | 'sweep'>,
  trials: readonly TrialData[],
): ReadonlySet<TrialData> {
  const middles = new Map<string, TrialData | undefined>();
  for (const { strategy, trials: own, median } of toStandings(data, trials)) {
    if (middles.has(strategy)) continue;
    const far = ({ value }: TrialData): number => Math.abs((value ?? Number.NaN) - median);
    const valued = own.filter(({ value }) => value !== null);
    middles.set(strategy, valued.toSorted((a, b) => far(a) - far(b))[0]);
  }
  return new Set([...middles.values()].filter((trial) => trial !== undefined));
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function medianOf(values: Iterable<number>): number {
  const sorted = [...values].toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function toStanding(
  trials: readonly TrialData[],
  setting: number,
  strategy: string,
): readonly Standing[] {
  const values = new Map(
    trials.flatMap(({ seed, value }): [number, number][] =>
      value === null ? [] : [[seed, value]],
    ),
  );
  if (values.size === 0) return [];
  const all = [...values.values()];
  return [
    {
      setting,
      strategy,
      trials,
      values,
      median: medianOf(all),
      least: Math.min(...all),
      greatest: Math.max(...all),
      lost: trials.filter(({ state }) => state === 'failed' || state === 'diverged').length,
    },
  ];
}
