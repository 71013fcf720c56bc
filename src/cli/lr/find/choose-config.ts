// Which config of a sweep a range test is made with: one of the grid, with values changed by hand.

import { parse } from 'yaml';
import { EspalierError } from '../../../domain/errors.ts';
import type { Config, ConfigValue, SweepSpec } from '../../../domain/sweep.ts';
import { nearest } from '../../../lr/nearest.ts';
import { countConfigs } from '../../../plan/setting.ts';
import { trialAt } from '../../../space/grid.ts';
import { configSchema } from '../../../spec/config-schema.ts';

/** What the user asked for: a number from 1, and changes such as `batch_size=64`. */
export type ConfigChoice = { readonly config?: number; readonly set: readonly string[] };

/** The config, and where it comes from. */
export type ChosenConfig = {
  readonly config: Config;
  /** Its number in the grid, from 1, before the changes; of `count`. */
  readonly number: number;
  readonly count: number;
  readonly isChanged: boolean;
};

/** Chooses the config; the first of the grid unless one is named. @throws EspalierError `usage` */
export function chooseConfig(spec: SweepSpec, { config, set }: ConfigChoice): ChosenConfig {
  const count = countConfigs(spec);
  const number = config ?? 1;
  if (number > count)
    throw new EspalierError(
      'usage',
      `--config is ${number}; the sweep has ${count}, numbered from 1`,
    );
  const repeats = spec.epochs.length * spec.seeds.length;
  const chosen = trialAt(spec, (number - 1) * repeats).config;
  const changes = set.map((text) => parseChange(text, Object.keys(spec.config)));
  return {
    config: { ...chosen, ...Object.fromEntries(changes) },
    number,
    count,
    isChanged: set.length > 0,
  };
}

function parseChange(text: string, keys: readonly string[]): readonly [string, ConfigValue] {
  const at = text.indexOf('=');
  const key = text.slice(0, Math.max(0, at));
  if (!keys.includes(key)) {
    const meant = nearest(key, keys);
    const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
    const known = keys.length === 0 ? 'the config is empty' : `the config has ${keys.join(', ')}`;
    throw new EspalierError('usage', `--set ${text}: it must be KEY=VALUE, and ${known}${hint}`);
  }
  // A list of one is an axis with one value, whatever the value is.
  const parsed = configSchema.safeParse({ [key]: [parseValue(text, text.slice(at + 1))] });
  const value = parsed.success ? parsed.data[key]?.[0] : undefined;
  if (value !== undefined) return [key, value];
  throw new EspalierError('usage', `--set ${text}: its value must be one that config may have`);
}

function parseValue(text: string, value: string): unknown {
  try {
    return parse(value);
  } catch (error) {
    throw new EspalierError('usage', `--set ${text}: its value must be YAML`, { cause: error });
  }
}
