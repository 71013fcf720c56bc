// Parallel coordinates: what each trial was, from axis to axis, and what it came to on the last one.
// Promise: the best value is at the top; a field that a strategy does not have is passed by.

import { toScore } from '../../domain/objective.ts';
import { toLooks } from '../look.ts';
import type { ReportData, SettingData, TrialData } from '../report-data.ts';
import { fieldText, settingText } from '../words.ts';
import { axisName, scaleOf, toAxis } from './axis.ts';
import { type Column, toColumns } from './columns.ts';
import { BASE, NARROW, type NoPlot, type Plot, TEXT, type View } from './plot.ts';

const MOST = 600;

/** An axis with more values than this is a scale rather than a list. */
const LISTED = 10;

/** The lines of the best trials that have a value. */
export function parallelPlot({ data, trials, width }: View): Plot | NoPlot {
  const { sweep, settings } = data;
  const score = ({ value }: TrialData): number => toScore(sweep.mode, value ?? undefined);
  const valued = trials
    .filter(({ value }) => value !== null)
    .toSorted((a, b) => score(a) - score(b));
  if (valued.length === 0) return { kind: 'none', note: 'No trial has completed with a value.' };
  const shown = valued.slice(0, MOST);
  const isNarrow = width < NARROW;
  const parts = toColumns(data, shown).map((column) => toPart(column, shown, settings, isNarrow));
  return {
    kind: 'drawn',
    height: isNarrow ? 90 * (parts.length + 1) + 40 : 400,
    note:
      `A line is a trial; the strong ones are the best tenth. A line passes by what its strategy does not have.` +
      (valued.length > shown.length
        ? ` Drawn are the best ${shown.length} of ${valued.length} trials.`
        : ''),
    option: {
      ...BASE,
      parallel: { ...(isNarrow ? LYING : STANDING), parallelAxisDefault: AXIS },
      parallelAxis: [
        ...parts.map(({ axis }, dim) => ({ dim, ...axis, ...(isNarrow ? FLAT : {}) })),
        { ...toValueAxis(data, shown, isNarrow), dim: parts.length },
      ],
      series: [
        {
          type: 'parallel',
          smooth: false,
          lineStyle: { width: 1.5 },
          inactiveOpacity: 0.03,
          activeOpacity: 0.9,
          progressive: 0,
          data: shown.map((trial, i) => ({
            ...toLine(data, trial, i < Math.max(1, Math.ceil(shown.length / 10))),
            value: [...parts.map(({ places }) => places[i] ?? null), trial.value],
          })),
        },
      ],
    },
  };
}

function toLine(
  { settings }: ReportData,
  { number, setting, seed }: TrialData,
  isStrong: boolean,
): object {
  const look = toLooks(settings).get(settings[setting]?.strategy ?? '');
  return {
    name: `#${number} ${settingText(settings[setting])}, seed ${seed}`,
    lineStyle: {
      color: look?.color,
      opacity: isStrong ? 0.95 : 0.4,
      width: isStrong ? 2.4 : 1.1,
      type: look?.dash.length ? [...look.dash] : 'solid',
    },
  };
}

function toValueAxis(
  { sweep }: ReportData,
  shown: readonly TrialData[],
  isNarrow: boolean,
): object {
  const values = shown.map(({ value }) => value ?? 0);
  const scale = scaleOf(values, 7);
  const isInverse = sweep.mode === 'min';
  return {
    ...toAxis(scale, isNarrow ? 5 : 7),
    name: axisName(sweep.metric, scale),
    ...STYLE,
    inverse: isInverse,
    ...(isNarrow ? FLAT : {}),
    // The end of an axis that is turned round is below, or at the right.
    nameLocation: isInverse !== isNarrow ? 'start' : 'end',
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
  axisLabel: { ...TEXT, textBorderColor: 'var(--page)', textBorderWidth: 3 },
  axisTick: { show: false },
  areaSelectStyle: { borderColor: 'var(--ink)', color: 'var(--rule)', opacity: 0.5 },
} as const;

const STANDING = { layout: 'horizontal', left: 60, right: 70, top: 44, bottom: 24 } as const;
const LYING = { layout: 'vertical', left: 24, right: 30, top: 34, bottom: 40 } as const;

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

/** An axis and each trial's place on it; undefined where it has none. */
function toPart(
  { name, valueOf }: Column,
  trials: readonly TrialData[],
  settings: readonly SettingData[],
  isNarrow: boolean,
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
    axis: { type: 'category', data: texts, name, ...AXIS, axisLabel: toListLabel(texts, isNarrow) },
    places: values.map((value) =>
      value === undefined || value === null ? undefined : fieldText(value),
    ),
  };
}

/** Side by side on a phone, texts get as much room as there is for each. */
function toListLabel(texts: readonly string[], isNarrow: boolean): object {
  if (!isNarrow) return AXIS.axisLabel;
  const width = Math.floor(280 / Math.max(1, texts.length));
  return { ...AXIS.axisLabel, interval: 0, fontSize: 10.5, width, overflow: 'truncate' };
}

function byValue(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [first, second] = [fieldText(a), fieldText(b)];
  return first < second ? -1 : Number(first > second);
}
