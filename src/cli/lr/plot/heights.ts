// How many rows each chart has. Promise: together no more than asked for, unless that is too little to see anything.

/** Rows below which a chart says nothing. */
const LEAST = 8;

/** The first chart has three fifths of the rows where there are two. */
const FIRST = 0.6;

/** Rows of each of one or two charts. */
export function chartHeights(charts: readonly unknown[], rows: number): readonly number[] {
  if (charts.length < 2) return [Math.max(LEAST, rows)];
  const first = Math.max(LEAST, Math.round(rows * FIRST));
  return [first, ...charts.slice(1).map(() => Math.max(LEAST, rows - first))];
}
