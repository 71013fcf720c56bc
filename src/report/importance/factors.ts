// What varies in a sweep, as factors that importance is told of: the strategy, its values within each strategy, config, epochs, seed.

import { toScore } from '../../domain/objective.ts';
import type { ReportData, SettingData, TrialData } from '../report-data.ts';
import { divergences } from './toward-the-best.ts';
import type { Observation, VarianceShare } from './variance-shares.ts';
import { varianceShares } from './variance-shares.ts';

/** A factor: its share of the variance, and how far it sets the best trials apart. */
export type Importance = VarianceShare & {
  /** For people: `strategy`, `plateau factor`, `batch_size`, `seed`. */
  readonly label: string;
  /** The strategy within which it was looked at, else empty. */
  readonly within: string;
  readonly divergence: number;
};

/** The importance of all that varies among trials with a value: first of the whole sweep, then within strategies; largest first. */
export function toImportances(
  { settings, sweep }: Pick<ReportData, 'settings' | 'sweep'>,
  trials: readonly TrialData[],
): readonly Importance[] {
  const observations = trials.flatMap((trial) => toObservation(trial, settings[trial.setting]));
  const factors = [...new Set(observations.flatMap(({ levels }) => Object.keys(levels)))];
  const shares = varianceShares(observations, factors);
  const apart = divergences(
    observations,
    shares.map(({ factor }) => factor),
    (value) => toScore(sweep.mode, value),
  );
  return shares
    .map((share, i) => ({ ...share, ...named(share.factor), divergence: apart[i] ?? Number.NaN }))
    .toSorted((a, b) => Number(a.within !== '') - Number(b.within !== '') || b.share - a.share);
}

/** Fields have a key of two parts, the strategy before their name, nothing before those of the config. */
const BETWEEN = '\n';

function named(factor: string): { readonly label: string; readonly within: string } {
  const [within = '', field] = factor.split(BETWEEN);
  if (field === undefined) return { label: factor, within: '' };
  return { label: within === '' ? field : `${within}: ${field}`, within };
}

function toObservation(
  { value, seed }: TrialData,
  setting: SettingData | undefined,
): readonly Observation[] {
  if (value === null || setting === undefined) return [];
  const { strategy, fields, configFields, epochs } = setting;
  const levels = {
    strategy,
    seed: String(seed),
    epochs: String(epochs),
    ...prefixed(BETWEEN, configFields),
    ...prefixed(`${strategy}${BETWEEN}`, fields),
  };
  return [{ value, levels }];
}

function prefixed(
  prefix: string,
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [prefix + name, JSON.stringify(value) ?? '']),
  );
}
