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
import { span, type Line } from '../line.ts';
import { legendLine, metricCurves, type Other } from './metric-curves.ts';
import { formatRate, formatValue } from '../number.ts';

const LEAST_ROWS = 3;
const LEAST_DOMAIN = 10;

/** What is drawn: epochs by rising number, out of `total`. */
export type TrialCurves = {
  readonly epochs: readonly EpochView[];
  readonly total: number;
  readonly metric: string;
  readonly log: boolean;
  /** Other trials, drawn behind. */
  readonly beside: readonly Other[];
};

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
    legendLine(curves, shown, area.columns),
    ...loss,
    ...(rateRows > 0 ? rateLines(shown, last, { columns: width, rows: rateRows }) : []),
    ...epochLines(last, width),
  ];
}

// Halving the whole length keeps young curves readable and lets the axis jump seldom.
function domainOf({ epochs, total, beside }: TrialCurves): number {
  const ends = beside.map(({ points }) => points.at(-1)?.x ?? 0);
  const reached = Math.max(epochs.at(-1)?.epoch ?? 0, ...ends) + 1;
  let domain = Math.max(total, reached);
  while (Math.ceil(domain / 2) >= Math.max(reached, LEAST_DOMAIN)) domain = Math.ceil(domain / 2);
  return domain;
}

function rateLines(shown: TrialCurves, last: number, { columns, rows }: Size): readonly Line[] {
  const points = shown.epochs.flatMap(ratePoints);
  const values = points.map(({ y }) => y);
  const axis = axisOf(shown.log ? values : [0, ...values], shown.log);
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
