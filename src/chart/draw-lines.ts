// A chart as lines of text for a terminal: curves in braille, values at the left and below, legend and signs above.
// Promise: a pure function of the chart; exactly `height` lines of at most `width` cells (no smaller than 20 × 8 cells is drawn),
// and nothing in them that could drive a terminal but, where `color` is given, colours. NO_COLOR is the caller's to respect.

import { bottomLines, leftPieces, nameLines, ticksFor } from './axis-lines.ts';
import { drawStrokes, toBraille, type Canvas } from './braille.ts';
import type { Chart } from './chart.ts';
import { columnOf, headingLines, legendLines, markGroups, markLines } from './heading.ts';
import { letterColumns, letterOf } from './letters.ts';
import { toText, type Piece } from './line.ts';
import { toXScale, toYScale, type Scale } from './scale.ts';
import { toStrokes } from './strokes.ts';

const LEAST = { width: 20, height: 8 } as const;

/** Rows that the curves have at least. */
const LEAST_ROWS = 3;

/** The vertical axis ends at multiples that are this much finer than the labelled ones, so that few rows are left empty. */
const ROUNDNESS = 2;

/** Thin lines through the curves stand for at most one mark in so many columns; of more there are the signs alone. */
const COLUMNS_PER_RULE = 6;

/**
 * Draws a chart. Curves have a letter each where there are several, and with `color` a colour; earlier ones stand in front.
 * Vertical ticks are round numbers and the vertical axis ends at some; the horizontal one ends where the curves end.
 */
export function drawLines(given: Chart & { readonly color: boolean }): string[] {
  const { width, height } = given;
  const chart = {
    ...given,
    width: Math.max(LEAST.width, width),
    height: Math.max(LEAST.height, height),
  };
  const x = toXScale(chart.series, chart.xAxis);
  const y = toYScale(chart.series, chart.yAxis, ROUNDNESS * ticksFor(chart.height - 6));
  const around =
    headingLines(chart, y.log).length +
    markGroups(chart).length +
    2 +
    (chart.xAxis.label === '' ? 0 : 1);
  const legend = legendLines(chart, chart.height - around - LEAST_ROWS);
  const rows = Math.max(1, chart.height - around - legend.length);
  const left = leftPieces(y, rows);
  const gutter = left[0]?.text.length ?? 0;
  const columns = Math.max(1, chart.width - gutter);
  const lines = [
    ...headingLines(chart, y.log),
    ...legend,
    ...markLines(chart, x, gutter, columns),
    ...plotLines(chart, { x, y }, left, columns),
    ...bottomLines(x, gutter, columns),
    ...nameLines(chart.xAxis.label, x.log, gutter, columns),
  ];
  return lines.slice(0, chart.height).map((line) => toText(line, given.color));
}

function plotLines(
  chart: Chart,
  { x, y }: { readonly x: Scale; readonly y: Scale },
  left: readonly Piece[],
  columns: number,
): readonly (readonly Piece[])[] {
  const rows = left.length;
  const canvases = chart.series.map((series) =>
    drawStrokes(toStrokes(series, { x, y, columns: columns * 2 }), columns, rows),
  );
  const keys = chart.series.map(({ key }, index) => key ?? index);
  const cells = merge({ canvases, keys, columns, rows }, rulesOf(chart, x, columns));
  if (canvases.length > 1) writeLetters(cells, { canvases, keys, columns, rows });
  return left.map((piece, row) => [piece, ...cells.slice(row * columns, (row + 1) * columns)]);
}

/** Columns with a thin line. */
function rulesOf({ marks = [] }: Chart, x: Scale, columns: number): ReadonlySet<number> {
  const rules = new Set(marks.flatMap((mark) => columnOf(x, mark.x, columns) ?? []));
  return rules.size * COLUMNS_PER_RULE > columns ? new Set() : rules;
}

/** The curves of a chart, each on a canvas of its own, and what their letters and colours go by. */
type Layers = {
  readonly canvases: readonly Canvas[];
  readonly keys: readonly number[];
  readonly columns: number;
  readonly rows: number;
};

function merge({ canvases, keys, columns, rows }: Layers, rules: ReadonlySet<number>): Piece[] {
  return Array.from({ length: rows * columns }, (_, at): Piece => {
    const front = canvases.findIndex(({ cells }) => cells[at] !== 0);
    const isRule = front < 0 && rules.has(at % columns);
    if (front < 0) return { text: isRule ? '┊' : ' ', tone: isRule ? 'dim' : 'plain' };
    const dots = canvases.reduce((all, { cells }) => all | (cells[at] ?? 0), 0);
    return { text: toBraille(dots), tone: keys[front] ?? front };
  });
}

function writeLetters(cells: Piece[], { canvases, keys, columns, rows }: Layers): void {
  for (const [index, canvas] of canvases.entries()) {
    const tone = keys[index] ?? index;
    for (const column of letterColumns(index, canvases.length, columns)) {
      const touched = Array.from({ length: rows }, (_, row) => row * columns + column).filter(
        (at) => canvas.cells[at] !== 0,
      );
      const middle = touched[touched.length >> 1];
      if (middle !== undefined) cells[middle] = { text: letterOf(tone), tone };
    }
  }
}
