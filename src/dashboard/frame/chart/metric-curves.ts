// The curves of a trial's upper chart: its objective with the training loss, or with the objective of other trials.
// Promise: what is drawn together is on one axis where it is in one unit; each curve is named in the legend.

import type { EpochView } from '../../../wire/generated/espalier/v1/sweep.ts';
import { cutLine, justify, lineWidth, span, type Line, type Tone } from '../line.ts';
import { axisOf, type Axis } from './axis.ts';
import { GUTTER, type Curve, type Point } from './chart.ts';

/** Another trial. */
export type Other = { readonly name: string; readonly points: readonly Point[] };

/** A curve with its name. */
export type Named = Curve & { readonly name: string };

/** What the curves are made of. */
export type MetricCurves = {
  readonly epochs: readonly EpochView[];
  readonly metric: string;
  readonly log: boolean;
  readonly beside: readonly Other[];
};

const LETTERS = 'abcdefgh';
const TONES: readonly Tone[] = ['warn', 'odd', 'good', 'plain'];

/** The curves, in front first; none that has nothing to draw. */
export function metricCurves(shown: MetricCurves): readonly Named[] {
  return shown.beside.length > 0 ? withOthers(shown) : withTraining(shown);
}

/** Their names; what does not fit is cut off. */
export function legendLine(
  curves: readonly Named[],
  { metric, log }: MetricCurves,
  columns: number,
): Line {
  const names = curves.flatMap((curve) => [
    span(
      curve.letter === undefined ? (curve.dotted ? '┄┄ ' : '── ') : `${curve.letter.sign} `,
      curve.tone,
    ),
    span(`${curve.name}${curve.axis === curves[0]?.axis ? '' : ', right axis'}  `),
  ]);
  const none = curves.length === 0 ? [span(`${metric} has no value to draw  `, 'dim')] : [];
  const scale = [span(log ? 'log axis ' : '', 'dim')];
  const room = columns - GUTTER - lineWidth(scale) - 1;
  return justify([span(' '.repeat(GUTTER)), ...cutLine([...names, ...none], room)], scale, columns);
}

function withTraining({ epochs, metric, log }: MetricCurves): readonly Named[] {
  const companion = metric === 'loss' ? 'val_loss' : 'loss';
  const main = pointsOf(epochs, metric);
  const other = pointsOf(epochs, companion);
  const sameUnit = metric.includes('loss');
  const mainAxis = axisOf(valuesOf(sameUnit ? [...main, ...other] : main), log);
  const otherAxis = sameUnit && mainAxis !== undefined ? mainAxis : axisOf(valuesOf(other), log);
  return [
    ...named({ name: metric, points: main, tone: 'live', dotted: false }, mainAxis),
    ...named({ name: companion, points: other, tone: 'warn', dotted: true }, otherAxis),
  ];
}

function withOthers({ epochs, metric, log, beside }: MetricCurves): readonly Named[] {
  const main = pointsOf(epochs, metric);
  const axis = axisOf(valuesOf([...main, ...beside.flatMap(({ points }) => points)]), log);
  const others = beside.flatMap(({ name, points }, index) => {
    const tone = TONES[index % TONES.length] ?? 'plain';
    // Each at another epoch: where curves end, they lie on each other.
    const letter = { sign: LETTERS[index] ?? '·', share: (index + 1) / (beside.length + 1) };
    return named({ name, points, dotted: false, tone, letter }, axis);
  });
  return [...named({ name: metric, points: main, tone: 'live', dotted: false }, axis), ...others];
}

/** The curve, if any of its points has a place. */
function named(curve: Omit<Named, 'axis'>, axis: Axis | undefined): readonly Named[] {
  const isDrawn = axis !== undefined && axisOf(valuesOf(curve.points), axis.log) !== undefined;
  return isDrawn ? [{ ...curve, axis }] : [];
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
