// Lines of the log as far as the screen shows them.
// Promise: what is wrapped and drawn is what is on the screen, and what is scrolled over below it, however long the log is.

import { span, type Line, type Tone } from '../frame/line.ts';
import { wrap } from '../frame/text.ts';
import type { FactView } from '../../wire/generated/espalier/v1/sweep.ts';
import { formatClock } from './clock.ts';

/** Lines for one entry, top to bottom. */
export type ToLines<Entry> = (entry: Entry) => readonly Line[];

/** The last `rows` lines of `entries`, `back` lines above the end; fewer where there are not so many. */
export function tailOf<Entry>(
  entries: readonly Entry[],
  toLines: ToLines<Entry>,
  rows: number,
  back: number,
): readonly Line[] {
  const blocks: (readonly Line[])[] = [];
  let count = 0;
  for (let at = entries.length - 1; at >= 0 && count < rows + back; at -= 1) {
    const entry = entries[at];
    if (entry === undefined) break;
    const lines = toLines(entry);
    blocks.push(lines);
    count += lines.length;
  }
  const lines = blocks.toReversed().flat();
  const end = Math.max(Math.min(rows, lines.length), lines.length - back);
  return lines.slice(Math.max(0, end - rows), end);
}

/** How many lines all entries take. */
export function countLines<Entry>(entries: readonly Entry[], toLines: ToLines<Entry>): number {
  return entries.reduce((sum, entry) => sum + toLines(entry).length, 0);
}

const LOOKS: Readonly<Record<string, readonly [sign: string, tone: Tone]>> = {
  good: ['✓', 'good'],
  bad: ['✗', 'bad'],
  warn: ['!', 'warn'],
};

/** A fact with its time and a sign; its words go on below each other. */
export function factLines(fact: FactView, zoneMs: number, columns: number): readonly Line[] {
  const [sign, tone] = (Object.hasOwn(LOOKS, fact.tone) ? LOOKS[fact.tone] : undefined) ?? [
    '·',
    'plain',
  ];
  const time = formatClock(fact.atMs + zoneMs);
  const [first = '', ...rest] = wrap(fact.words, Math.max(10, columns - 14));
  return [
    [
      span(` ${time} `, 'dim'),
      span(`${sign} `, tone),
      span(first, tone === 'good' ? 'plain' : tone),
    ],
    ...rest.map((text): Line => [
      span(' '.repeat(12)),
      span(text, tone === 'good' ? 'plain' : tone),
    ]),
  ];
}

/** A line that a trial has written. */
export function outputLines(text: string, columns: number): readonly Line[] {
  const tone: Tone = text.startsWith('--- ') ? 'dim' : 'plain';
  const parts = wrap(text, Math.max(10, columns - 2));
  return parts.length === 0 ? [[]] : parts.map((part): Line => [span(` ${part}`, tone)]);
}
