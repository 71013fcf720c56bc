// Lines in front of a pane that may be more than fit: keys of movement scroll them, any other key closes them.

import type { Line } from '../frame/line.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { movementIn } from '../window.ts';

/** The first line to show after a key; undefined if the key closes, as every key does where all lines fit. */
export function scrollOn(
  model: Model,
  lines: readonly Line[],
  top: number,
  key: string,
): number | undefined {
  const { body } = layoutOf(model.size);
  if (lines.length <= body) return undefined;
  const by = movementIn(key, lines.length, body);
  return by === undefined ? undefined : scrollTop(top + by, lines.length, body);
}

/** The lines from `top` on, as far as they fit. */
export function scrolled(lines: readonly Line[], top: number, rows: number): readonly Line[] {
  const first = scrollTop(top, lines.length, rows);
  return lines.slice(first, first + rows);
}

/** What is said of the keys. */
export function scrollHint(lines: readonly Line[], rows: number): string {
  return lines.length > rows ? '↑ ↓ scroll, any other key closes' : 'any key closes';
}

function scrollTop(wanted: number, count: number, rows: number): number {
  return Math.max(0, Math.min(wanted, count - rows));
}
