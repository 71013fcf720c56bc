// How much time the lanes show: what there is, or as much as the person wants.

import { wallTimeOf, type Model } from '../model.ts';
import type { Lanes } from './merge-lanes.ts';

/** From when to when, wall time in milliseconds. */
export type TimeWindow = { readonly fromMs: number; readonly untilMs: number };

const MINUTE_MS = 60_000;
const STEPS_MS = [1, 2, 5, 10, 30, 60, 180, 720, 1440].map((minutes) => minutes * MINUTE_MS);

/** Steps of zooming, with the one that shows what there is. */
export const ZOOM_STEPS = STEPS_MS.length + 1;

/** The window of `model`. */
export function timeWindow(model: Model): TimeWindow {
  const untilMs = wallTimeOf(model);
  const wanted = STEPS_MS[model.zoom - 1] ?? widthFor(untilMs - firstOf(model.lanes, untilMs));
  return { fromMs: untilMs - wanted, untilMs };
}

/** `10 min`: the width of a window in words. */
export function windowText({ fromMs, untilMs }: TimeWindow): string {
  const minutes = Math.round((untilMs - fromMs) / MINUTE_MS);
  return minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
}

function widthFor(neededMs: number): number {
  return STEPS_MS.find((ms) => ms >= neededMs) ?? STEPS_MS.at(-1) ?? MINUTE_MS;
}

function firstOf(lanes: Lanes, untilMs: number): number {
  let first = untilMs;
  for (const lane of lanes.values()) first = Math.min(first, lane[0]?.fromMs ?? untilMs);
  return first;
}
