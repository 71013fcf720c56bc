// How the rows of the terminal are shared out: head, body of the pane, foot.
// Promise: one row less than the terminal has, so that nothing ever scrolls.

import type { Size } from './model.ts';

/** Rows of each part; `height` is their sum. */
export type Layout = {
  readonly height: number;
  readonly head: number;
  readonly body: number;
  readonly foot: number;
};

/** The layout for a terminal of `size`: small ones lose the tabs first, then the foot. */
export function layoutOf({ rows }: Size): Layout {
  const height = Math.max(0, rows - 1);
  const foot = height >= 4 ? 1 : 0;
  const wanted = height >= 8 ? 2 : 1;
  const head = Math.min(wanted, height);
  return { height, head, foot, body: height - head - foot };
}

/** Rows that a list has under its heading; where there is room, the last row tells more about the selected one. */
export function listRows(size: Size): number {
  const { body } = layoutOf(size);
  return Math.max(1, body - (hasDetail(size) ? 2 : 1));
}

/** True if a list has room for a line about its selected row. */
export function hasDetail(size: Size): boolean {
  return layoutOf(size).body >= 8;
}
