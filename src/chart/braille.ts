// A canvas of dots, eight to a character, drawn with the braille patterns of Unicode.
// Promise: dots outside the canvas are ignored. Source: the Unicode block U+2800, where bits 0 to 2 and 6 are the left column
// from the top, bits 3 to 5 and 7 the right one.

import type { Column } from './strokes.ts';

const BIT = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Dots on a grid of `2 × columns` by `4 × rows`; the origin is the upper left. */
export type Canvas = {
  readonly columns: number;
  readonly rows: number;
  /** One byte of dots for each character, row by row; 0 where there are none. */
  readonly cells: Uint8Array;
};

/** The canvas with one curve on it. */
export function drawStrokes(
  strokes: readonly (readonly Column[])[],
  columns: number,
  rows: number,
): Canvas {
  const canvas = { columns, rows, cells: new Uint8Array(columns * rows) };
  for (const stroke of strokes) {
    let before: Trace | undefined;
    for (const column of stroke) {
      const trace = toTrace(column, rows * 4 - 1);
      if (before !== undefined) join(canvas, before, trace);
      for (let y = trace.top; y <= trace.bottom; y += 1) dot(canvas, trace.x, y);
      before = trace;
    }
  }
  return canvas;
}

/** The character for a byte of dots. */
export function toBraille(dots: number): string {
  return String.fromCodePoint(0x28_00 + dots);
}

/** A column's dots, and where the curve comes in and goes out. */
type Trace = {
  readonly x: number;
  readonly in: number;
  readonly out: number;
  readonly top: number;
  readonly bottom: number;
};

/** A curve that merely passes through a column, by one dot at most, is one dot there, so that slopes stay thin. */
function toTrace({ x, first, last, least, greatest }: Column, height: number): Trace {
  const rowOf = (place: number): number => Math.round((1 - place) * height);
  const [top, bottom] = [rowOf(greatest), rowOf(least)];
  const passes = Math.min(first, last) === least && Math.max(first, last) === greatest;
  if (!passes || bottom - top > 1) return { x, in: rowOf(first), out: rowOf(last), top, bottom };
  const middle = rowOf((first + last) / 2);
  return { x, in: middle, out: middle, top: middle, bottom: middle };
}

function join(canvas: Canvas, from: Trace, to: Trace): void {
  const [width, height] = [to.x - from.x, to.in - from.out];
  const steps = Math.max(Math.abs(width), Math.abs(height), 1);
  for (let step = 1; step < steps; step += 1) {
    const share = step / steps;
    dot(canvas, Math.round(from.x + width * share), Math.round(from.out + height * share));
  }
}

function dot({ columns, rows, cells }: Canvas, x: number, y: number): void {
  const [column, row] = [x >> 1, y >> 2];
  if (column < 0 || row < 0 || column >= columns || row >= rows) return;
  const at = row * columns + column;
  cells[at] = (cells[at] ?? 0) | (BIT[y & 3]?.[x & 1] ?? 0);
}
