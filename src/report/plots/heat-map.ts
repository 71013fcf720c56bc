// Heat maps of two fields of a strategy, such as factor × patience: the median over everything else.
// Promise: each cell says its number where there is room, else to the pointer; brighter is better, in a colour map that looks the same to the colour-blind (cividis: Nuñez,
// Anderton and Renslow 2018).

import { groupBy } from '../../domain/group-by.ts';
import { toScore } from '../../domain/objective.ts';
import { medianOf } from '../answer/standing.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { escapeHtml, fieldText, valueText } from '../words.ts';
import { BASE, type NoPlot, type Plot, TEXT, type View } from './plot.ts';

const CIVIDIS = [
  '#00224e',
  '#123570',
  '#3b496c',
  '#575d6d',
  '#707173',
  '#8a8678',
  '#a59c74',
  '#c3b369',
  '#e1cc55',
  '#fee838',
];

/** Pixels that a number takes; in narrower cells, or in more rows, only the pointer asks for it. */
const LABEL = 46;
const MOST_ROWS = 16;

/** Pairs that people ask for first. */
const USUAL: readonly (readonly [string, string])[] = [
  ['factor', 'patience'],
  ['base_lr', 'max_lr'],
];

/** What one map shows: a strategy and two of its fields that vary. */
export type HeatMapSpec = { readonly strategy: string; readonly x: string; readonly y: string };

/** The maps that a sweep has: one for each strategy with two fields of more than one value. */
export function toHeatMaps({ settings }: Pick<ReportData, 'settings'>): readonly HeatMapSpec[] {
  return [...groupBy(settings, ({ strategy }) => strategy)].flatMap(([strategy, group]) => {
    const names = Object.keys(group[0]?.fields ?? {}).filter(
      (name) => new Set(group.map(({ fields }) => JSON.stringify(fields[name]))).size > 1,
    );
    const usual = USUAL.find((pair) => pair.every((name) => names.includes(name)));
    const [y, x] = usual ?? names;
    return x === undefined || y === undefined ? [] : [{ strategy, x, y }];
  });
}

/** One map. */
export function heatMapPlot({ data, trials, width }: View, spec: HeatMapSpec): Plot | NoPlot {
  const cells = toCells(data, trials, spec);
  const { strategy, x, y } = spec;
  if (cells.length === 0)
    return { kind: 'none', note: `No trial of ${strategy} has completed with a value.` };
  const columns = listed(cells.map((cell) => cell.x));
  const rows = listed(cells.map((cell) => cell.y));
  const scores = cells.map(({ median }) => toScore(data.sweep.mode, median));
  const [best, worst] = [Math.min(...scores), Math.max(...scores)];
  const goodness = (score: number): number =>
    best === worst ? 1 : (worst - score) / (worst - best);
  const isRoomy = (width - 76) / columns.length >= LABEL && rows.length <= MOST_ROWS;
  return {
    kind: 'drawn',
    height: Math.min(420, 44 * rows.length + 90),
    note: `Median ${data.sweep.metric} over seeds and everything else; brighter is better, the best is framed.`,
    option: {
      ...BASE,
      grid: { left: 64, right: 12, top: 30, bottom: 48 },
      xAxis: { ...toCategory(x, columns), nameLocation: 'middle', nameGap: 28 },
      yAxis: { ...toCategory(y, rows), nameLocation: 'end', nameGap: 10 },
      visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: CIVIDIS } },
      series: [
        {
          type: 'heatmap',
          emphasis: { disabled: true },
          data: cells.map((cell, i) => ({
            value: [columns.indexOf(cell.x), rows.indexOf(cell.y), goodness(scores[i] ?? worst)],
            ...toCellLook(cell, spec, goodness(scores[i] ?? worst), isRoomy),
          })),
        },
      ],
    },
  };
}

function toCellLook(
  { x, y, median, count }: HeatCell,
  spec: HeatMapSpec,
  goodness: number,
  isRoomy: boolean,
): object {
  const isBest = goodness === 1;
  const name = `${spec.x} ${textOf(x)}, ${spec.y} ${textOf(y)}`;
  return {
    name: `${spec.strategy}: ${name}`,
    label: {
      show: isRoomy,
      color: goodness > 0.55 ? '#000' : '#fff',
      fontSize: 12,
      formatter: valueText(median),
    },
    itemStyle: {
      borderColor: isBest ? 'var(--ink)' : 'var(--page)',
      borderWidth: isBest ? 3 : 1,
    },
    tooltip: { formatter: `${escapeHtml(name)}<br>median of ${count}: ${valueText(median)}` },
  };
}

function toCategory(name: string, values: readonly string[]): object {
  return {
    type: 'category',
    data: values.map(textOf),
    name,
    axisLabel: TEXT,
    axisTick: { show: false },
    axisLine: { show: false },
    splitArea: { show: false },
    nameTextStyle: { ...TEXT, color: 'var(--ink)' },
  };
}

/** Distinct values, numbers by size. They are compared as JSON. */
function listed(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted((a, b) => {
    const [first, second] = [Number(a), Number(b)];
    if (!Number.isNaN(first) && !Number.isNaN(second)) return first - second;
    return a < b ? -1 : 1;
  });
}

function textOf(json: string): string {
  return fieldText(JSON.parse(json));
}

type HeatCell = {
  readonly x: string;
  readonly y: string;
  readonly median: number;
  readonly count: number;
};

function toCells(
  { settings }: ReportData,
  trials: readonly TrialData[],
  spec: HeatMapSpec,
): readonly HeatCell[] {
  const own = trials.filter(
    ({ value, setting }) => value !== null && settings[setting]?.strategy === spec.strategy,
  );
  const keyOf = ({ setting }: TrialData): string => {
    const fields = settings[setting]?.fields ?? {};
    return JSON.stringify([JSON.stringify(fields[spec.x]), JSON.stringify(fields[spec.y])]);
  };
  return [...groupBy(own, keyOf)].map(([key, group]) => {
    const [x = '', y = '']: string[] = JSON.parse(key);
    const values = group.flatMap(({ value }) => value ?? []);
    return { x, y, median: medianOf(values), count: values.length };
  });
}
