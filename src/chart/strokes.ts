// Curves as columns of dots or pixels: of all points in one column, only the first, the last, the least and the greatest.
// Promise: whatever the number of points, no spike is lost, and the drawing is the same as of all of them. Source: the M4
// aggregation of Jugel et al. 2014 (doi 10.14778/2732951.2732953).

import type { Series } from './chart.ts';
import { placeOn, type Scale } from './scale.ts';

/** What one column has of a curve; the values are places, 0 at the bottom and 1 at the top. `x` is the column's index. */
export type Column = {
  readonly x: number;
  first: number;
  last: number;
  least: number;
  greatest: number;
  /** Whether the least came before the greatest. */
  rising: boolean;
};

/** A curve's parts without an interruption, each as the columns that it touches, out of `columns`. */
export function toStrokes(
  series: Series,
  { x, y, columns }: { readonly x: Scale; readonly y: Scale; readonly columns: number },
): readonly (readonly Column[])[] {
  const strokes: Column[][] = [];
  let stroke: Column[] | undefined;
  let held: number | undefined;
  for (const [pointX, pointY] of series.points) {
    const column = toColumn(placeOn(x, pointX), columns);
    const height = toHeight(placeOn(y, pointY));
    if (stroke !== undefined && held !== undefined && column !== undefined)
      add(stroke, column, held);
    if (column === undefined || height === undefined) {
      stroke = undefined;
      held = undefined;
      continue;
    }
    if (stroke === undefined) strokes.push((stroke = []));
    add(stroke, column, height);
    held = series.held === true ? height : undefined;
  }
  return strokes;
}

function toColumn(place: number | undefined, columns: number): number | undefined {
  if (place === undefined || place < -1e-9 || place > 1 + 1e-9) return undefined;
  return Math.round(place * (columns - 1));
}

function toHeight(place: number | undefined): number | undefined {
  return place === undefined ? undefined : Math.min(1, Math.max(0, place));
}

function add(stroke: Column[], x: number, height: number): void {
  const column = stroke.at(-1);
  if (column?.x !== x) {
    stroke.push({ x, first: height, last: height, least: height, greatest: height, rising: true });
    return;
  }
  column.last = height;
  if (height < column.least) [column.least, column.rising] = [height, false];
  if (height > column.greatest) [column.greatest, column.rising] = [height, true];
}
