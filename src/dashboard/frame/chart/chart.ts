// Curves in braille with values at the side and epochs below.
// Promise: exactly `rows` lines of at most `columns`; points without a place interrupt their curve.

import { placeOn, ticksTo, valueAt, type Axis } from './axis.ts';
import { BrailleCanvas, brailleCharacter } from './braille.ts';
import { span, type Line, type Span, type Tone } from '../line.ts';
import { fit } from '../text.ts';

/** Columns that the values at a side take. */
export const GUTTER = 10;

/** A point, with x in epochs. */
export type Point = { readonly x: number; readonly y: number };

/** A curve on an axis of its own; earlier curves are drawn over later ones. */
export type Curve = {
  readonly points: readonly Point[];
  readonly axis: Axis;
  readonly tone: Tone;
  readonly dotted: boolean;
  /** Stands on it, at a share of its points, so that curves are told apart without colours. */
  readonly letter?: { readonly sign: string; readonly share: number };
};

type Layer = {
  readonly canvas: BrailleCanvas;
  readonly tone: Tone;
  readonly letter: { readonly sign: string; readonly column: number; readonly row: number };
};

/** What a chart shows; `right` labels the right side. */
export type Chart = {
  readonly curves: readonly Curve[];
  readonly epochs: number;
  readonly left: Axis;
  readonly right: Axis | undefined;
  readonly label: (value: number) => string;
};

/** Columns that a chart of `columns` has for its curves. */
export function plotColumns(columns: number, right: boolean): number {
  return Math.max(1, columns - GUTTER - (right ? GUTTER : 1));
}

/** The chart in `rows` rows of `columns` columns. */
export function chartLines(chart: Chart, columns: number, rows: number): readonly Line[] {
  const width = plotColumns(columns, chart.right !== undefined);
  const layers = chart.curves.map((curve) => drawCurve(curve, chart.epochs, width, rows));
  return Array.from({ length: rows }, (_, row) => {
    const left = labelAt(chart.left, row, rows, chart.label);
    const right = chart.right === undefined ? '' : labelAt(chart.right, row, rows, chart.label);
    return [
      span(`${fit(left, GUTTER - 2, 'right')} ${left === '' ? '│' : '┤'}`, 'dim'),
      ...merge(layers, row, width),
      span(right === '' ? '' : ` ${right}`, 'dim'),
    ];
  });
}

/** The line below a chart and its epochs. */
export function epochLines(epochs: number, width: number): readonly Line[] {
  const ticks = ticksTo(epochs, Math.max(2, Math.floor(width / 8)));
  const axis = Array.from({ length: width }, () => '─');
  let labels = '';
  for (const tick of ticks) {
    const column = columnOf(tick, epochs, width);
    axis[column] = '┴';
    const text = String(tick);
    const start = Math.max(0, column - (tick === 0 ? 0 : text.length - 1));
    if (start >= labels.length) labels = labels.padEnd(start) + text;
  }
  const indent = ' '.repeat(GUTTER - 1);
  return [
    [span(`${indent}└${axis.join('')}`, 'dim')],
    [span(`${fit('epoch', GUTTER - 2, 'right')}  ${labels}`, 'dim')],
  ];
}

/** Signs at epochs, in a row as wide as the curves; a later sign stands in front of an earlier one. */
export function markLine(
  marks: readonly { readonly epoch: number; readonly sign: string }[],
  epochs: number,
  width: number,
): Line {
  const cells = Array.from({ length: width }, () => ' ');
  for (const { epoch, sign } of marks) cells[columnOf(epoch, epochs, width)] = sign;
  return [span(' '.repeat(GUTTER)), span(cells.join('').trimEnd(), 'warn')];
}

function columnOf(epoch: number, epochs: number, width: number): number {
  return Math.min(width - 1, Math.round((epoch / epochs) * (width - 1)));
}

function labelAt(axis: Axis, row: number, rows: number, label: (value: number) => string): string {
  const middle = rows >= 7 ? Math.floor((rows - 1) / 2) : -1;
  const labelled = row === 0 || row === rows - 1 || row === middle;
  return labelled ? label(valueAt(axis, rows === 1 ? 1 : 1 - row / (rows - 1))) : '';
}

function drawCurve(
  { points, axis, dotted, tone, letter }: Curve,
  epochs: number,
  columns: number,
  rows: number,
): Layer {
  const canvas = new BrailleCanvas(columns, rows);
  const dots = points.map(({ x, y }) => {
    const place = placeOn(axis, y);
    if (place === undefined) return undefined;
    return {
      x: Math.round((x / epochs) * (columns * 2 - 1)),
      y: Math.round((1 - place) * (rows * 4 - 1)),
    };
  });
  for (const [index, to] of dots.entries()) {
    if (to === undefined) continue;
    const from = dots[index - 1] ?? to;
    canvas.line(from.x, from.y, to.x, to.y, dotted);
  }
  const { sign = '', share = 0 } = letter ?? {};
  const { x = 0, y = 0 } = dots[Math.floor(share * dots.length)] ?? {};
  return { canvas, tone, letter: { sign, column: x >> 1, row: y >> 2 } };
}

function merge(layers: readonly Layer[], row: number, columns: number): Line {
  const spans: { text: string; tone: Tone }[] = [];
  for (let column = 0; column < columns; column += 1) {
    const { text, tone } = cellOf(layers, row, column);
    const last = spans.at(-1);
    if (last?.tone === tone) last.text += text;
    else spans.push({ text, tone });
  }
  return spans;
}

function cellOf(layers: readonly Layer[], row: number, column: number): Span {
  const named = layers.find(
    ({ letter }) => letter.sign !== '' && letter.column === column && letter.row === row,
  );
  if (named !== undefined) return { text: named.letter.sign, tone: named.tone };
  let dots = 0;
  for (const { canvas } of layers) dots |= canvas.cell(column, row);
  const top = layers.find(({ canvas }) => canvas.cell(column, row) !== 0);
  return { text: brailleCharacter(dots), tone: top?.tone ?? 'plain' };
}
