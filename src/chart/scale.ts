// Scales: from values to places between 0 and 1. Promise: a value has its true place, and only finite values have one, on a
// logarithmic scale only positive ones.

import type { AxisSpec, Series } from './chart.ts';
import { ticksAround } from './ticks.ts';

/** A scale from one value to a greater one. */
export type Scale = { readonly from: number; readonly to: number; readonly log: boolean };

/** Positive values that span more than this factor are drawn on a logarithmic scale. */
const LOG_FACTOR = 30;

/** A linear scale starts at zero where the least value is at most this share of the greatest. */
const NEAR_ZERO = 0.25;

/** The horizontal scale of some curves: it ends where they end. */
export function toXScale(series: readonly Series[], axis: AxisSpec): Scale {
  const range = toRange(series, 0, axis.scale === 'log');
  const log = isLog(range, axis);
  const { from, to } = widen(range, log);
  return { from: axis.from ?? from, to: axis.to ?? to, log };
}

/** The vertical scale of some curves: its ends are round numbers, so that at most `most` labels say where they are. */
export function toYScale(series: readonly Series[], axis: AxisSpec, most: number): Scale {
  const range = toRange(series, 1, axis.scale === 'log');
  const log = isLog(range, axis);
  const wide = widen(range, log);
  const from = log || wide.from > NEAR_ZERO * wide.to ? wide.from : Math.min(0, wide.from);
  const given = { from: axis.from ?? from, to: axis.to ?? wide.to, log };
  const ticks = ticksAround(given, most);
  return { from: axis.from ?? ticks.from, to: axis.to ?? ticks.to, log };
}

/** Beyond these, differences and quotients of numbers are none. */
const EXTREMES = { least: 1e-300, most: 1e300 } as const;

/** The value as it is drawn: what is too small to be told from zero is zero, and what is too large has no place. */
function toDrawable(value: number): number {
  const size = Math.abs(value);
  if (size > EXTREMES.most) return Number.NaN;
  return size < EXTREMES.least ? 0 : value;
}

/** Where `value` lies, 0 at the beginning of the scale and 1 at its end, below or above outside; nothing if it has no place. */
export function placeOn({ from, to, log }: Scale, given: number): number | undefined {
  const value = toDrawable(given);
  if (!Number.isFinite(value) || (log && value <= 0)) return undefined;
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

type Range = { readonly from: number; readonly to: number };

function toRange(series: readonly Series[], coordinate: 0 | 1, positive: boolean): Range {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { points } of series) {
    for (const point of points) {
      const value = toDrawable(point[coordinate]);
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      if (value < from) from = value;
      if (value > to) to = value;
    }
  }
  return from <= to ? { from, to } : { from: positive ? 1 : 0, to: 1 };
}

function isLog({ from, to }: Range, { scale }: AxisSpec): boolean {
  if (scale !== undefined) return scale === 'log';
  return from > 0 && to > LOG_FACTOR * from;
}

/** A range that can be divided by: one value alone stands in the middle. */
function widen({ from, to }: Range, log: boolean): Range {
  if (from < to) return { from, to };
  if (log) return { from: from / 2, to: to * 2 };
  const margin = Math.abs(from) || 1;
  return { from: from - margin, to: to + margin };
}
