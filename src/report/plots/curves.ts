// Learning curves, with the learning rates below them on the same axis.
// Promise: no curve is lost silently: how many of how many are drawn is said. Values that are not finite interrupt a curve.

import { toScore } from '../../domain/objective.ts';
import { toStandings } from '../answer/standing.ts';
import { toLooks, type Look } from '../look.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { settingText } from '../words.ts';
import { axisName, scaleOf, toAxis } from './axis.ts';
import { BASE, NARROW, type NoPlot, type Plot, TEXT, type View } from './plot.ts';

/** So many trials are drawn, the best ones. */
const MOST = 80;

/** Pixels. */
const UPPER = { wide: 300, narrow: 240 } as const;
const LOWER = { wide: 130, narrow: 110 } as const;
const GAP = 44;

type Point = readonly [x: number, y: number];

/** The curves of the best trials; those of the leading setting of each strategy stand out. */
export function curvesPlot({ data, trials, width }: View): Plot | NoPlot {
  const { metric } = data.sweep;
  const shown = bestOf(data, trials);
  if (shown.length === 0) return { kind: 'none', note: 'No trial has an epoch behind it.' };
  const looks = toLooks(data.settings);
  const leading = leadersOf(data, trials);
  const curves = shown.map((trial) => {
    const setting = data.settings[trial.setting];
    const look = looks.get(setting?.strategy ?? '');
    const name = `#${trial.number} ${settingText(setting)}, seed ${trial.seed}`;
    return { trial, name, look, isLeading: leading.has(trial.setting) };
  });
  const size = width < NARROW ? 'narrow' : 'wide';
  const metricPoints = curves.map(({ trial }) => metricCurve(trial, metric));
  const ratePoints = curves.map(({ trial }) => pairs(trial.curves.rates));
  const left = trials.filter(({ done }) => done > 0).length - shown.length;
  return {
    kind: 'drawn',
    height: UPPER[size] + LOWER[size] + GAP + 70,
    note:
      'Strong lines: the leading setting of each strategy, one line a seed. ' +
      (left > 0 ? `Drawn are the best ${shown.length} of ${shown.length + left} trials. ` : ''),
    option: {
      ...BASE,
      ...layout(size, width),
      ...axes(metric, metricPoints, ratePoints, Math.max(...shown.map(({ done }) => done))),
      series: curves.flatMap((curve, i) => [
        toSeries(curve, metricPoints[i] ?? [], 0),
        toSeries(curve, ratePoints[i] ?? [], 1),
      ]),
    },
  };
}

/** The settings that lead their strategy among some trials. */
export function leadersOf(data: ReportData, trials: readonly TrialData[]): ReadonlySet<number> {
  const leaders = new Map<string, number>();
  for (const { strategy, setting } of toStandings(data, trials))
    if (!leaders.has(strategy)) leaders.set(strategy, setting);
  return new Set(leaders.values());
}

/** A metric's points over the epochs; the y of one that is not finite is NaN. */
export function metricCurve({ curves }: TrialData, metric: string): readonly Point[] {
  return (curves.metrics[metric] ?? []).flatMap((value, i): Point[] =>
    value === null ? [] : [[curves.epochs?.[i] ?? i + 1, toFinite(Number(value))]],
  );
}

/** x, y, x, y, … as points. */
export function pairs(flat: readonly number[]): readonly Point[] {
  return Array.from({ length: flat.length >> 1 }, (_, i) => [
    flat[2 * i] ?? 0,
    flat[2 * i + 1] ?? 0,
  ]);
}

function toFinite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

function bestOf({ sweep }: ReportData, trials: readonly TrialData[]): readonly TrialData[] {
  return trials
    .filter(({ done }) => done > 0)
    .map((trial) => ({ trial, score: toScore(sweep.mode, trial.best ?? undefined) }))
    .toSorted((a, b) => (a.score === b.score ? 0 : a.score - b.score))
    .slice(0, MOST)
    .map(({ trial }) => trial);
}

type Curve = {
  readonly trial: TrialData;
  readonly name: string;
  readonly look: Look | undefined;
  readonly isLeading: boolean;
};

function toSeries(
  { trial, name, look, isLeading }: Curve,
  points: readonly Point[],
  grid: 0 | 1,
): object {
  return {
    type: 'line',
    name,
    id: `${trial.number}/${grid}`,
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: points.map(([x, y]) => [x, Number.isFinite(y) ? y : '-']),
    // A single point is no line.
    showSymbol: points.length === 1,
    symbol: 'circle',
    symbolSize: 5,
    itemStyle: { color: look?.color },
    lineStyle: {
      color: look?.color,
      width: isLeading ? 2 : 1,
      opacity: isLeading ? 1 : 0.4,
      type: look?.dash.length ? [...look.dash] : 'solid',
    },
    z: isLeading ? 3 : 2,
    triggerLineEvent: true,
    emphasis: {
      disabled: false,
      focus: 'none',
      lineStyle: { width: 3.5, opacity: 1, color: look?.color },
    },
  };
}

function layout(size: 'wide' | 'narrow', width: number): object {
  const [left, right] = size === 'wide' ? [64, 16] : [48, 10];
  const grid = { left, width: width - left - right };
  return {
    grid: [
      { ...grid, top: 30, height: UPPER[size] },
      { ...grid, top: 30 + UPPER[size] + GAP, height: LOWER[size] },
    ],
  };
}

function axes(
  metric: string,
  values: readonly (readonly Point[])[],
  rates: readonly (readonly Point[])[],
  epochs: number,
): object {
  const yOf = (curves: readonly (readonly Point[])[]): number[] =>
    curves.flatMap((points) => points.map(([, y]) => y));
  const [upper, lower] = [scaleOf(yOf(values), 6), scaleOf(yOf(rates), 4)];
  const name = (text: string) => ({
    name: text,
    nameLocation: 'end',
    nameGap: 12,
    nameTextStyle: { ...TEXT, align: 'left', padding: [0, 0, 0, -44], color: 'var(--ink)' },
  });
  const x = toAxis({ from: 0, to: epochs, log: false }, 8);
  const below = {
    name: 'epochs trained',
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: { ...TEXT, color: 'var(--ink)' },
  };
  return {
    xAxis: [
      { ...x, gridIndex: 0, axisLabel: { show: false }, splitLine: { show: false } },
      { ...x, gridIndex: 1, splitLine: { show: false }, ...below },
    ],
    yAxis: [
      { ...toAxis(upper, 6), gridIndex: 0, ...name(axisName(metric, upper)) },
      { ...toAxis(lower, 4), gridIndex: 1, ...name(axisName('learning rate', lower)) },
    ],
  };
}
