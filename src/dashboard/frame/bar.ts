// Bars and sparklines of one row.
// Promise: every bar is exactly as wide as asked for, and a share that is not zero shows.

import { span, type Line, type Tone } from './line.ts';

/** A part of a bar; `fill` is what it is drawn with. */
export type Part = { readonly size: number; readonly fill: string; readonly tone: Tone };

const LEVELS = '▁▂▃▄▅▆▇█';

/** A bar of `width` columns cut into parts in proportion to their sizes. */
export function stackedBar(parts: readonly Part[], width: number): Line {
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  if (total <= 0) return [span('░'.repeat(width), 'dim')];
  const ends = endsOf(parts, total, width);
  return parts.map(({ fill, tone }, index) => {
    const columns = (ends[index] ?? 0) - (ends[index - 1] ?? 0);
    return span(fill.repeat(Math.max(0, columns)), tone);
  });
}

// Rounding the running sum makes the widths add up; the second pass gives every part that exists a column if there is room.
function endsOf(parts: readonly Part[], total: number, width: number): readonly number[] {
  let sum = 0;
  let least = 0;
  const ends = parts.map(({ size }) => {
    sum += size;
    least += size > 0 ? 1 : 0;
    return Math.max(Math.min(least, width), Math.round((sum / total) * width));
  });
  let room = width;
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    ends[index] = Math.min(ends[index] ?? 0, Math.max(0, room));
    room = (ends[index] ?? 0) - ((parts[index]?.size ?? 0) > 0 ? 1 : 0);
  }
  return ends;
}

/** The last `width` values as bars between their own least and greatest; what is not finite is a cross. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = width <= 0 ? [] : values.slice(-width);
  const finite = shown.filter(Number.isFinite);
  const least = Math.min(...finite);
  const range = Math.max(...finite) - least;
  return shown
    .map((value) => {
      if (!Number.isFinite(value)) return '×';
      const share = range > 0 ? (value - least) / range : 0.5;
      return LEVELS[Math.min(LEVELS.length - 1, Math.floor(share * LEVELS.length))] ?? '';
    })
    .join('');
}
