// A line of the screen: spans of text with a tone, turned into SGR codes for the terminal's colours at the very end.
// Promise: nothing but text and SGR codes leaves `toAnsi`, whatever the spans hold, and no line is wider than asked for.

import type { ColourDepth } from '../model.ts';
import { cut, widthOf } from './text.ts';

/** What a piece of text means; how that looks depends on the terminal. `plain` is the terminal's own foreground. */
export type Tone =
  | 'plain'
  | 'good'
  | 'bad'
  | 'warn'
  | 'live'
  | 'odd'
  | 'dim'
  | 'strong'
  | 'chosen'
  | HeatTone;

/** A cell of a heat map, from the best to the worst. */
export type HeatTone = 'heat1' | 'heat2' | 'heat3' | 'heat4' | 'heat5';

/** A piece of text of one tone. */
export type Span = { readonly text: string; readonly tone: Tone };

/** Spans from left to right. */
export type Line = readonly Span[];

const BASIC: Readonly<Record<Tone, string>> = {
  plain: '',
  good: '32',
  bad: '31',
  warn: '33',
  live: '36',
  odd: '35',
  dim: '2',
  strong: '1',
  chosen: '7',
  heat1: '30;42',
  heat2: '30;46',
  heat3: '30;47',
  heat4: '30;43',
  heat5: '30;41',
};

// Mid-tones with a contrast above 3 on white, on black, and on the greys and creams that themes put in their place.
const TRUE: Readonly<Record<Tone, string>> = {
  ...BASIC,
  good: '38;2;47;158;68',
  bad: '38;2;232;65;63',
  warn: '38;2;194;121;12',
  live: '38;2;28;143;208',
  odd: '38;2;166;90;216',
  // Viridis, whose steps also those tell apart who see no red or no green; the digits contrast above 5.
  heat1: '38;2;0;0;0;48;2;253;231;37',
  heat2: '38;2;0;0;0;48;2;94;201;98',
  heat3: '38;2;0;0;0;48;2;33;145;140',
  heat4: '38;2;255;255;255;48;2;59;82;139',
  heat5: '38;2;255;255;255;48;2;68;1;84',
};

const CONTROL = /\p{Cc}/gu;

/** A span of one tone. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

/** Columns that `line` takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** The beginning of `line` that fits into `width` columns, with an ellipsis if something is missing. */
export function cutLine(line: Line, width: number): Line {
  const kept: Span[] = [];
  let left = width;
  for (const [index, { text, tone }] of line.entries()) {
    const more = line.slice(index + 1).some((later) => later.text !== '');
    if (widthOf(text) < left || (widthOf(text) === left && !more)) {
      kept.push({ text, tone });
      left -= widthOf(text);
    } else {
      return [...kept, { text: cut(more ? `${text}…` : text, left), tone }];
    }
  }
  return kept;
}

/** `left` and `right` at the two ends of `width` columns; `left` gives way where both do not fit. */
export function justify(left: Line, right: Line, width: number): Line {
  const end = cutLine(right, width);
  const room = width - lineWidth(end);
  const start = cutLine(left, Math.max(0, room - (end.length === 0 ? 0 : 1)));
  return [...start, span(' '.repeat(Math.max(0, room - lineWidth(start)))), ...end];
}

/** The same text in one tone, filled to `width` columns: a row that is chosen. */
export function inTone(line: Line, tone: Tone, width: number): Line {
  const text = cutLine(line, width)
    .map((part) => part.text)
    .join('');
  return [span(text + ' '.repeat(Math.max(0, width - widthOf(text))), tone)];
}

/** `line` as text with SGR codes, or as bare text where the terminal wants no colours. */
export function toAnsi(line: Line, depth: ColourDepth): string {
  return line.map(({ text, tone }) => paint(text.replaceAll(CONTROL, ''), tone, depth)).join('');
}

function paint(text: string, tone: Tone, depth: ColourDepth): string {
  const code = depth === 'none' ? '' : (depth === 'true' ? TRUE : BASIC)[tone];
  return code === '' || text === '' ? text : `\u001B[${code}m${text}\u001B[0m`;
}
