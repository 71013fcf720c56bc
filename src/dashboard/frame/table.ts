// Columns that fit: what does not fit is dropped by rank, what is left over goes to those that can grow.
// Promise: a row is never wider than its table, and cells of a column start in the same place.

import { span, type Line, type Tone } from './line.ts';
import { fit } from './text.ts';

/** The least rank of columns that stand only where all others have the room they want. */
export const LUXURY = 6;

/**
 * A column of rows of type `Row`, `width` wide and up to `most` where there is room. Columns of a higher `rank` are dropped
 * first; those of rank 0 stay, and those from {@link LUXURY} on are dropped before another gets less than its `most`.
 */
export type Column<Row> = {
  readonly title: string;
  readonly width: number;
  readonly grow?: number;
  readonly most?: number;
  readonly rank: number;
  readonly align?: 'left' | 'right';
  readonly cell: (row: Row, width: number) => { readonly text: string; readonly tone: Tone };
};

/** A column with its final width. */
export type Fitted<Row> = { readonly column: Column<Row>; readonly width: number };

/** The columns that fit into `width`, one space between them. */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  width: number,
): readonly Fitted<Row>[] {
  let kept = columns;
  for (;;) {
    const rank = Math.max(0, ...kept.map((column) => column.rank));
    const room = rank >= LUXURY ? width - wishes(kept) : width;
    if (rank === 0 || spare(kept, room) >= 0) break;
    kept = kept.filter((column) => column.rank !== rank);
  }
  let left = Math.max(0, spare(kept, width));
  let growth = kept.reduce((sum, { grow = 0 }) => sum + grow, 0);
  return kept.map((column) => {
    const { grow = 0, most = column.width } = column;
    const wanted = growth === 0 ? 0 : Math.floor((left * grow) / growth);
    const extra = Math.max(0, Math.min(wanted, most - column.width));
    left -= extra;
    growth -= grow;
    return { column, width: column.width + extra };
  });
}

/** The titles of the columns. */
export function headingOf<Row>(fitted: readonly Fitted<Row>[]): string {
  return fitted.map(({ column, width }) => fit(column.title, width, column.align)).join(' ');
}

/** One row. */
export function rowOf<Row>(fitted: readonly Fitted<Row>[], row: Row): Line {
  return fitted.flatMap(({ column, width }, index) => {
    const { text, tone } = column.cell(row, width);
    const cell = span(fit(text, width, column.align), tone);
    return index === 0 ? [cell] : [span(' '), cell];
  });
}

function wishes<Row>(columns: readonly Column<Row>[]): number {
  return columns
    .filter(({ rank }) => rank < LUXURY)
    .reduce((sum, { width, most = width }) => sum + Math.max(0, most - width), 0);
}

function spare<Row>(columns: readonly Column<Row>[], width: number): number {
  return width - columns.reduce((sum, column) => sum + column.width, columns.length - 1);
}
