// What parallel coordinates have axes for: the strategy, the fields that vary within one, what varies of the config, epochs, seed.

import { groupBy } from '../../domain/group-by.ts';
import type { ReportData, SettingData, TrialData } from '../report-data.ts';

/** More fields of strategies than this do not fit side by side. */
const MOST_FIELDS = 6;

/** An axis and what each trial has on it; undefined where it has nothing. */
export type Column = {
  readonly name: string;
  readonly valueOf: (trial: TrialData, setting: SettingData | undefined) => unknown;
};

type Fields = Readonly<Record<string, unknown>>;

/** The columns of some trials; those with one value are left out. */
export function toColumns(
  { settings }: Pick<ReportData, 'settings'>,
  trials: readonly TrialData[],
): readonly Column[] {
  const places = [...new Set(trials.map(({ setting }) => setting))];
  const used = places.flatMap((place) => settings[place] ?? []);
  const groups = [...groupBy(used, ({ strategy }) => strategy).values()].map((group) =>
    group.map(({ fields }) => fields),
  );
  const names = groups.flatMap((group) => varying(group));
  const byUse = [...new Set(names)].toSorted((a, b) => countHaving(used, b) - countHaving(used, a));
  return [
    { name: 'strategy', valueOf: (_, setting) => setting?.strategy },
    ...byUse.slice(0, MOST_FIELDS).map((name) => fieldColumn(name, groups)),
    ...varying(used.map(({ configFields }) => configFields)).map((name): Column => ({
      name,
      valueOf: (_, setting) => setting?.configFields[name],
    })),
    ...(varying(used.map(({ epochs }) => ({ epochs }))).length > 0 ? [EPOCHS] : []),
    ...(varying(trials.map(({ seed }) => ({ seed }))).length > 0 ? [SEED] : []),
  ];
}

const EPOCHS: Column = { name: 'epochs', valueOf: (_, setting) => setting?.epochs };
const SEED: Column = { name: 'seed', valueOf: ({ seed }) => seed };

/** Strategies may mean different things by one name: a word that varies in none of them is passed by. */
function fieldColumn(name: string, groups: readonly (readonly Fields[])[]): Column {
  const own = groups.filter((group) => varying(group).includes(name)).flat();
  const words = new Set(own.map((fields) => fields[name]));
  return {
    name,
    valueOf: (_, setting) => {
      const value = setting?.fields[name];
      return typeof value === 'number' || words.has(value) ? value : undefined;
    },
  };
}

/** Names with more than one value among those records that have them. */
function varying(records: readonly Fields[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      const known = values.get(name) ?? new Set();
      values.set(name, known.add(JSON.stringify(value) ?? ''));
    }
  }
  return [...values].filter(([, known]) => known.size > 1).map(([name]) => name);
}

function countHaving(settings: readonly SettingData[], name: string): number {
  return settings.filter(({ fields }) => Object.hasOwn(fields, name)).length;
}
