// A trial's curves: the objective and the training loss, and below them the learning rate on the same epochs.
// Promise: both charts share one x axis, on which epoch `n` stretches from `n` to `n + 1` and its metrics stand at `n`.

import type { EpochView } from '../../../wire/generated/espalier/v1/sweep.ts';
import { rateMarks } from '../../summary/lr-marks.ts';
import type { Size } from '../../model.ts';
import { axisOf } from './axis.ts';
import {
  chartLines,
  epochLines,
  GUTTER,
  markLine,
  plotColumns,
  type Curve,
  type Point,
} from './chart.ts';
import { justify, span, type Line } from '../line.ts';
import { formatRate, formatValue } from '../number.ts';

const LEAST_ROWS = 3;
const LEAST_DOMAIN = 10;

/** What is drawn: epochs by rising number, out of `total`. */
export type TrialCurves = {
  readonly epochs: readonly EpochView[];
  readonly total: number;
  readonly metric: string;
  readonly log: boolean;
};

type Named = Curve & { readonly name: string };

/** Both charts in at most `area.rows` rows; the lower one goes first where there is little room, then the upper. */
export function trialCharts(shown: TrialCurves, area: Size): readonly Line[] {
  const both = area.rows - 4;
  const rateRows = both >= 2 * LEAST_ROWS ? Math.max(LEAST_ROWS, Math.floor(both / 3)) : 0;
  const lossRows = rateRows > 0 ? both - rateRows : area.rows - 3;
  if (lossRows < 2 || area.columns < 2 * GUTTER + 4) return [];
  const last = domainOf(shown);
  const curves = metricCurves(shown);
  const right = curves.find(({ axis }) => axis !== curves[0]?.axis)?.axis;
  const width = plotColumns(area.columns, right !== undefined);
  const left = curves[0]?.axis;
  const loss =
    left === undefined
      ? []
      : chartLines(
          { curves, epochs: last, left, right, label: formatValue },
          area.columns,
          lossRows,
        );
  return [
    legend(curves, shown, area.columns),
    ...loss,
    ...(rateRows > 0 ? rateLines(shown, last, { columns: width, rows: rateRows }) : []),
    ...epochLines(last, width),
  ];
}

// Halving the whole length keeps young curves readable and lets the axis jump seldom.
function domainOf({ epochs, total }: TrialCurves): number {
  const reached = (epochs.at(-1)?.epoch ?? 0) + 1;
  let domain = Math.max(total, reached);
  while (Math.ceil(domain / 2) >= Math.max(reached, LEAST_DOMAIN)) domain = Math.ceil(domain / 2);
  return domain;
}

function metricCurves({ epochs, metric, log }: TrialCurves): readonly Named[] {
  const companion = metric === 'loss' ? 'val_loss' : 'loss';
  const main = pointsOf(epochs, metric);
  const other = pointsOf(epochs, companion);
  const sameUnit = metric.includes('loss');
  const mainAxis = axisOf(valuesOf(sameUnit ? [...main, ...other] : main), log);
  const otherAxis = sameUnit && mainAxis !== undefined ? mainAxis : axisOf(valuesOf(other), log);
  const curves: Named[] = [];
  if (mainAxis !== undefined && axisOf(valuesOf(main), log) !== undefined) {
    curves.push({ name: metric, points: main, axis: mainAxis, tone: 'live', dotted: false });
  }
  if (otherAxis !== undefined && axisOf(valuesOf(other), log) !== undefined) {
    curves.push({ name: companion, points: other, axis: otherAxis, tone: 'warn', dotted: true });
  }
  return curves;
}

function pointsOf(epochs: readonly EpochView[], metric: string): readonly Point[] {
  return epochs.flatMap(({ epoch, metrics }) => {
    const found = metrics.find(({ name }) => name === metric);
    return found === undefined ? [] : [{ x: epoch, y: found.value }];
  });
}

function valuesOf(points: readonly Point[]): readonly number[] {
  return points.map(({ y }) => y);
}

function legend(curves: readonly Named[], { metric, log }: TrialCurves, columns: number): Line {
  const names = curves.flatMap(({ name, tone, dotted, axis }) => [
    span(dotted ? '┄┄ ' : '── ', tone),
    span(`${name}${axis === curves[0]?.axis ? '' : ', right axis'}  `),
  ]);
  const none = curves.length === 0 ? [span(`${metric} has no value to draw  `, 'dim')] : [];
  const scale = span(log ? 'log axis ' : '', 'dim');
  return justify([span(' '.repeat(GUTTER)), ...names, ...none], [scale], columns);
}

function rateLines(shown: TrialCurves, last: number, { columns, rows }: Size): readonly Line[] {
  const points = shown.epochs.flatMap(ratePoints);
  const axis = axisOf(shown.log ? valuesOf(points) : [0, ...valuesOf(points)], shown.log);
  if (axis === undefined) return [];
  const { cuts, cycles } = rateMarks(shown.epochs);
  const marks = [
    ...cycles.map((epoch) => ({ epoch, sign: '↻' })),
    ...cuts.map((epoch) => ({ epoch, sign: '▾' })),
  ];
  const curve: Curve = { points, axis, tone: 'good', dotted: false };
  const chart = { curves: [curve], epochs: last, left: axis, right: undefined, label: formatRate };
  return [
    rateHeading(cuts, cycles, markLine(marks, last, columns)),
    ...chartLines(chart, columns + GUTTER + 1, rows),
  ];
}

// The signs stand where they happen; the words stand in the margin before them.
function rateHeading(cuts: readonly number[], cycles: readonly number[], marks: Line): Line {
  const words = [cuts.length > 0 ? '▾ cut' : '', cycles.length > 0 ? '↻ cycle' : ''];
  const text = words.filter(Boolean).join(' ');
  const margin = span(` ${text}`.slice(0, GUTTER).padEnd(GUTTER), 'warn');
  return [margin, ...marks.slice(1)];
}

function ratePoints({ epoch, lrFirst, lrLast, lrLeast, lrGreatest }: EpochView): readonly Point[] {
  const low = Math.min(lrFirst, lrLast);
  const high = Math.max(lrFirst, lrLast);
  const swing = lrLeast < low || lrGreatest > high;
  const inside = swing ? [lrLeast, lrGreatest].map((y) => ({ x: epoch + 0.5, y })) : [];
  return [{ x: epoch, y: lrFirst }, ...inside, { x: epoch + 1, y: lrLast }];
}
