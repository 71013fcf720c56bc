// What a slot has trained, drawn over time.
// Promise: exactly as wide as asked for; whatever ran shows at least one column, and how it ended shows without colours.

import { span, type Line, type Tone } from '../frame/line.ts';
import type { AttemptView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { TimeWindow } from './time-window.ts';

type Cell = { sign: string; tone: Tone };

const TONES: Readonly<Record<string, Tone>> = {
  '': 'live',
  completed: 'good',
  forked: 'good',
  failed: 'bad',
  lost: 'bad',
  diverged: 'odd',
};

/** Signs at the end of what did not end well. */
const ENDS: Readonly<Record<string, string>> = {
  failed: '✗',
  lost: '✗',
  diverged: '∞',
  withdrawn: '⊘',
  released: '‖',
};

/** The lane of one slot in `width` columns. */
export function laneBar(lane: readonly AttemptView[], window: TimeWindow, width: number): Line {
  const cells = Array.from({ length: width }, (): Cell => ({ sign: '·', tone: 'dim' }));
  for (const attempt of lane) paint(cells, attempt, window);
  return merge(cells);
}

/** The part of the window, 0 to 1, in which the slot trained. */
export function usedShare(lane: readonly AttemptView[], { fromMs, untilMs }: TimeWindow): number {
  let usedMs = 0;
  for (const attempt of lane) {
    const from = Math.max(fromMs, attempt.fromMs);
    usedMs += Math.max(0, Math.min(untilMs, endOf(attempt, untilMs)) - from);
  }
  return untilMs > fromMs ? Math.min(1, usedMs / (untilMs - fromMs)) : 0;
}

function endOf({ untilMs }: AttemptView, nowMs: number): number {
  return untilMs === 0 ? nowMs : untilMs;
}

function paint(cells: Cell[], attempt: AttemptView, { fromMs, untilMs }: TimeWindow): void {
  const end = endOf(attempt, untilMs);
  if (end <= fromMs || attempt.fromMs > untilMs) return;
  const scale = cells.length / (untilMs - fromMs);
  const first = Math.max(
    0,
    Math.min(cells.length - 1, Math.floor((attempt.fromMs - fromMs) * scale)),
  );
  const last = Math.max(first, Math.min(cells.length, Math.ceil((end - fromMs) * scale)) - 1);
  const tone = toneOf(attempt.end);
  for (let at = first; at <= last; at += 1) cells[at] = { sign: '━', tone };
  if (attempt.fromMs >= fromMs && last > first) cells[first] = { sign: '┣', tone };
  label(cells, attempt, first + 1, last, tone);
  const sign = Object.hasOwn(ENDS, attempt.end) ? ENDS[attempt.end] : undefined;
  if (sign !== undefined) cells[last] = { sign, tone };
}

function label(
  cells: Cell[],
  { number, trials }: AttemptView,
  first: number,
  last: number,
  tone: Tone,
): void {
  const room = last - first;
  const whole = trials > 1 ? `#${number}+${trials - 1}` : `#${number}`;
  const text = [whole, `#${number}`].find(({ length }) => length <= room) ?? '';
  for (const [index, sign] of Array.from(text).entries()) cells[first + index] = { sign, tone };
}

function toneOf(end: string): Tone {
  return Object.hasOwn(TONES, end) ? (TONES[end] ?? 'warn') : 'warn';
}

function merge(cells: readonly Cell[]): Line {
  const spans: { text: string; tone: Tone }[] = [];
  for (const { sign, tone } of cells) {
    const last = spans.at(-1);
    if (last?.tone === tone) last.text += sign;
    else spans.push({ text: sign, tone });
  }
  return spans.map(({ text, tone }) => span(text, tone));
}
