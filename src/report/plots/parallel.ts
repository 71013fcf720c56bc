// Parallel coordinates: what each trial was, from axis to axis, and what it came to on the last one.
// Promise: the best value is at the top; a field that a strategy does not have is passed by.

import { toScore } from '../../domain/objective.ts';
import { toLooks } from '../look.ts';
import type { ReportData, SettingData, TrialData } from '../report-data.ts';
import { fieldText, settingText } from '../words.ts';
import { axisName, scaleOf, toAxis } from './axis.ts';
import { BASE, NARROW, type NoPlot, type Plot, TEXT, type View } from './plot.ts';

const MOST = 600;
const MOST_FIELDS = 6;

/** An axis with more values than this is a scale rather than a list. */
const LISTED = 10;

type Column = {
  readonly name: string;
  readonly valueOf: (trial: TrialData, setting: SettingData | undefined) => unknown;
};

/** The lines of the best trials that have a value. */
export function parallelPlot({ data, trials, width }: View): Plot | NoPlot {
  const { sweep, settings } = data;
  const valued = trials
    .filter(({ value }) => value !== null)
    .toSorted(
      (a, b) =>
        toScore(sweep.mode, a.value ?? undefined) - toScore(sweep.mode, b.value ?? undefined),
    );
  if (valued.length === 0) return { kind: 'none', note: 'No trial has completed with a value.' };
  const shown = valued.slice(0, MOST);
  const columns = toColumns(data, shown);
  const scale = scaleOf(
    shown.map(({ value }) => value ?? 0),
    7,
  );
  const parts = columns.map((column) => toPart(column, shown, settings));
  const looks = toLooks(settings);
  const isNarrow = width < NARROW;
  const strong = Math.max(1, Math.ceil(shown.length / 10));
  return {
    kind: 'drawn',
    height: isNarrow ? 90 * (columns.length + 1) + 40 : 400,
    note:
      `A line is a trial; the strong ones are the best tenth. A line passes by what its strategy does not have.` +
      (valued.length > shown.length
        ? ` Drawn are the best ${shown.length} of ${valued.length} trials.`
        : ''),
    option: {
      ...BASE,
      parallel: {
        layout: isNarrow ? 'vertical' : 'horizontal',
        ...(isNarrow
          ? { left: 24, right: 30, top: 34, bottom: 40 }
          : { left: 60, right: 70, top: 44, bottom: 24 }),
        parallelAxisDefault: AXIS,
      },
      parallelAxis: [
        ...parts.map(({ axis }, dim) => ({ dim, ...axis, ...(isNarrow ? FLAT : {}) })),
        {
          ...toAxis(scale, isNarrow ? 5 : 7),
          dim: columns.length,
          name: axisName(sweep.metric, scale),
          ...STYLE,
          inverse: sweep.mode === 'min',
          ...(isNarrow ? FLAT : {}),
        },
      ],
      series: [
        {
          type: 'parallel',
          smooth: false,
          lineStyle: { width: 1.5 },
          inactiveOpacity: 0.03,
          activeOpacity: 0.9,
          progressive: 0,
          data: shown.map((trial, i) => {
            const setting = settings[trial.setting];
            const look = looks.get(setting?.strategy ?? '');
            return {
              name: `#${trial.number} ${settingText(setting)}, seed ${trial.seed}`,
              value: [...parts.map(({ places }) => places[i] ?? null), trial.value],
              lineStyle: {
                color: look?.color,
                opacity: i < strong ? 0.95 : 0.4,
                width: i < strong ? 2.2 : 1.1,
                type: look?.dash.length ? [...look.dash] : 'solid',
              },
            };
          }),
        },
      ],
    },
  };
}

const STYLE = {
  nameTextStyle: { ...TEXT, color: 'var(--ink)' },
  nameGap: 16,
  axisLine: { show: true, lineStyle: { color: 'var(--soft)' } },
  splitLine: { show: false },
} as const;

const AXIS = {
  ...STYLE,
  axisLabel: TEXT,
  axisTick: { show: false },
  areaSelectStyle: { borderColor: 'var(--ink)', color: 'var(--rule)', opacity: 0.5 },
} as const;

/** On a phone the axes lie, their names above them. */
const FLAT = {
  nameLocation: 'start',
  nameGap: 8,
  nameTextStyle: {
    ...TEXT,
    align: 'left',
    verticalAlign: 'bottom',
    padding: [0, 0, 14, 0],
    color: 'var(--ink)',
  },
} as const;

/** The strategy, the fields that vary within one, then what varies of the config, the epochs and the seed. */
function toColumns({ settings }: ReportData, trials: readonly TrialData[]): readonly Column[] {
  const used = [...new Set(trials.map(({ setting }) => setting))].flatMap(
    (at) => settings[at] ?? [],
  );
  const fields = varying(used.map(({ fields: own }) => own)).slice(0, MOST_FIELDS);
  const config = varying(used.map(({ configFields }) => configFields));
  const candidates: Column[] = [
    { name: 'strategy', valueOf: (_, setting) => setting?.strategy },
    ...fields.map((name): Column => ({ name, valueOf: (_, setting) => setting?.fields[name] })),
    ...config.map((name): Column => ({
      name,
      valueOf: (_, setting) => setting?.configFields[name],
    })),
    { name: 'epochs', valueOf: (_, setting) => setting?.epochs },
    { name: 'seed', valueOf: ({ seed }) => seed },
  ];
  return candidates.filter(({ name, valueOf }) => {
    if (name === 'strategy') return true;
    const values = trials.map((trial) => JSON.stringify(valueOf(trial, settings[trial.setting])));
    return new Set(values.filter((value) => value !== undefined)).size > 1;
  });
}

/** Names with more than one value; those that most records have come first. */
function varying(records: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const having = (name: string): number =>
    records.filter((record) => Object.hasOwn(record, name)).length;
  return names
    .filter(
      (name) =>
        new Set(
          records.flatMap((record) =>
            Object.hasOwn(record, name) ? [JSON.stringify(record[name])] : [],
          ),
        ).size > 1,
    )
    .toSorted((a, b) => having(b) - having(a));
}

/** An axis and each trial's place on it; undefined where it has none. */
function toPart(
  { name, valueOf }: Column,
  trials: readonly TrialData[],
  settings: readonly SettingData[],
): { readonly axis: object; readonly places: readonly (number | string | undefined)[] } {
  const values = trials.map((trial) => valueOf(trial, settings[trial.setting]));
  const numbers = values.filter((value) => typeof value === 'number');
  const distinct = [
    ...new Set(values.filter((value) => value !== undefined && value !== null)),
  ].toSorted(byValue);
  const isScale = numbers.length === values.length && distinct.length > LISTED;
  if (isScale) {
    const scale = scaleOf(numbers, 6);
    return {
      axis: { ...toAxis(scale, 6), name: axisName(name, scale), ...STYLE },
      places: numbers,
    };
  }
  const texts = [...new Set(distinct.map(fieldText))];
  return {
    axis: { type: 'category', data: texts, name, ...AXIS },
    places: values.map((value) =>
      value === undefined || value === null ? undefined : fieldText(value),
    ),
  };
}

function byValue(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [first, second] = [fieldText(a), fieldText(b)];
  return first < second ? -1 : Number(first > second);
}
