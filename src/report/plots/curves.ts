// Learning curves, with the learning rates below them on the same axis.
// Promise: no curve is lost silently: how many of how many are drawn is said. Values that are not finite interrupt a curve.

import { toScore } from '../../domain/objective.ts';
import { middleTrials } from '../answer/standing.ts';
import { toLooks, type Look } from '../look.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { settingText } from '../words.ts';
import { toPlainLine } from '../../domain/plain-text.ts';
import { partOf, scaleOf } from './axis.ts';
import { spreadLabels } from './end-labels.ts';
import { layOut, toAxes, twoPanels, yOf } from './two-panels.ts';
import { BASE, NARROW, type NoPlot, type Plot, type Point, toData, type View } from './plot.ts';

/** So many trials are drawn, the best ones. */
const MOST = 80;

/** Learning rates below this part of the greatest are drawn at the edge: a decay to almost nothing would flatten the rest. */
const LEAST_PART = 1e-4;

type Curve = {
  readonly trial: TrialData;
  readonly name: string;
  readonly strategy: string;
  readonly look: Look | undefined;
  readonly isStrong: boolean;
};

/** The curves of the best trials; of each strategy the middle seed of its best setting stands out. */
export function curvesPlot({ data, trials, width }: View): Plot | NoPlot {
  const { metric } = data.sweep;
  const curves = toCurves(data, trials);
  if (curves.length === 0) return { kind: 'none', note: 'No trial has an epoch behind it.' };
  const values = curves.map(({ trial }) => metricCurve(trial, metric));
  const all = curves.map(({ trial }) => pairs(trial.curves.rates));
  const floor = LEAST_PART * Math.max(...all.flat().map(([, rate]) => rate));
  const rates = all.map((points) => points.map(([x, rate]): Point => [x, Math.max(rate, floor)]));
  const panels = twoPanels(width);
  const names = toNames(curves, values, panels.upper);
  const isCut = all.some((points) => points.some(([, rate]) => rate < floor));
  return {
    kind: 'drawn',
    height: panels.height,
    note: noteOf(curves.length, trials.filter(({ done }) => done > 0).length, isCut),
    option: {
      ...BASE,
      ...layOut(panels),
      ...toAxes(metric, values, rates, Math.max(...curves.map(({ trial }) => trial.done))),
      series: curves.flatMap((curve, i) => [
        { ...toSeries(curve, values[i] ?? [], 0), ...(width < NARROW ? {} : names[i]) },
        toSeries(curve, rates[i] ?? [], 1),
      ]),
    },
  };
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

/** The best trials, those that stand out always among them and last, so that they lie on top. */
function toCurves(data: ReportData, trials: readonly TrialData[]): readonly Curve[] {
  const looks = toLooks(data.settings);
  const strong = middleTrials(data, trials);
  const rank = (trial: TrialData): number =>
    strong.has(trial)
      ? Number.NEGATIVE_INFINITY
      : toScore(data.sweep.mode, trial.best ?? undefined);
  return trials
    .filter(({ done }) => done > 0)
    .map((trial) => ({ trial, score: rank(trial) }))
    .toSorted((a, b) => (a.score === b.score ? 0 : a.score - b.score))
    .slice(0, MOST)
    .toReversed()
    .map(({ trial }) => {
      const setting = data.settings[trial.setting];
      const strategy = setting?.strategy ?? '';
      const name = `#${trial.number} ${settingText(setting)}, seed ${trial.seed}`;
      return { trial, name, strategy, look: looks.get(strategy), isStrong: strong.has(trial) };
    });
}

function noteOf(drawn: number, all: number, isCut: boolean): string {
  return [
    'Strong lines: of each strategy its best setting, the seed in the middle; pale: all other trials. A click opens a trial.',
    ...(drawn < all ? [`Drawn are the best ${drawn} of ${all} trials.`] : []),
    ...(isCut ? ['Rates below a ten-thousandth of the greatest lie on the edge.'] : []),
  ].join(' ');
}

function toSeries(
  { trial, name, look, isStrong }: Curve,
  points: readonly Point[],
  grid: 0 | 1,
): object {
  return {
    type: 'line',
    name,
    id: `${trial.number}/${grid}`,
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: toData(points),
    // A single point is no line.
    showSymbol: points.length === 1,
    symbol: 'circle',
    symbolSize: 5,
    itemStyle: { color: look?.color },
    lineStyle: {
      color: look?.color,
      width: isStrong ? 2.4 : 1,
      opacity: isStrong ? 1 : 0.3,
      type: look?.dash.length ? [...look.dash] : 'solid',
    },
    z: isStrong ? 3 : 2,
    triggerLineEvent: true,
    emphasis: { focus: 'none', lineStyle: { width: 3.5, opacity: 1, color: look?.color } },
  };
}

/** Pixels from one name to the next. */
const LINE = 14;

/** The names of strong curves at their ends, as echarts takes them; nothing for the others. */
function toNames(
  curves: readonly Curve[],
  values: readonly (readonly Point[])[],
  height: number,
): readonly object[] {
  const scale = scaleOf(yOf(values), 6);
  const ends = curves.flatMap(({ isStrong }, i) => {
    const y = values[i]?.at(-1)?.[1] ?? Number.NaN;
    return isStrong && Number.isFinite(y) ? [{ i, place: height * (1 - partOf(scale, y)) }] : [];
  });
  const moved = spreadLabels(
    ends.map(({ place }) => place),
    LINE,
    height,
  );
  return curves.map(({ strategy, look }, i) => {
    const rank = ends.findIndex((end) => end.i === i);
    if (rank < 0) return {};
    const offset = [0, (moved[rank] ?? 0) - (ends[rank]?.place ?? 0)];
    const text = { formatter: () => toPlainLine(strategy), color: look?.color, fontSize: 12 };
    return { endLabel: { show: true, distance: 6, offset, ...text } };
  });
}
