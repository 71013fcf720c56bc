// A text in front of the pane: all that is known of a trial, or an answer that is longer than a line.
// Promise: what is shown is cleaned here; a text of any length can be read to its end.

import { toPlainLine } from '../../domain/plain-text.ts';
import { span, type Line } from '../frame/line.ts';
import { wrap } from '../frame/text.ts';
import { change, type Model, type Overlay, type Step } from '../model.ts';
import { scrollOn } from './scrolled.ts';

/** A text that is shown. */
export type Text = Extract<Overlay, { kind: 'text' }>;

const PARTS = /^(?<lead>[^\t]*\t| *)(?<rest>.*)$/u;

/** Shows `lines` under a title until a key closes them. A line goes on as far in as it begins behind its spaces, or behind its first tab. */
export function showText(model: Model, title: string, lines: readonly string[]): Step {
  return change(model, { overlay: { kind: 'text', title, lines: lines.map(clean), top: 0 } });
}

/** The model after a key. */
export function pressText(model: Model, text: Text, key: string): Step {
  const top = scrollOn(model, textLines(text, model.size.columns), text.top, key);
  return change(model, { overlay: top === undefined ? { kind: 'none' } : { ...text, top } });
}

/** All lines in `columns` columns, the title first. */
export function textLines({ title, lines }: Text, columns: number): readonly Line[] {
  const body = lines.flatMap((line) => wrapped(line, Math.max(10, columns - 2)));
  return [[span(` ${title}`, 'strong')], [], ...body];
}

function wrapped(line: string, width: number): readonly Line[] {
  const { lead = '', rest = '' } = PARTS.exec(line)?.groups ?? {};
  const before = lead.replace('\t', '  ');
  const parts = wrap(rest, Math.max(10, width - before.length));
  if (parts.length === 0) return [[]];
  const toLead = (at: number): string => (at === 0 ? before : ' '.repeat(before.length));
  return parts.map((part, at): Line => [span(` ${toLead(at)}${part}`)]);
}

function clean(line: string): string {
  const { lead = '', rest = '' } = PARTS.exec(line)?.groups ?? {};
  const [before = '', ...tab] = lead.split('\t');
  return [toPlainLine(before), ...tab].join('\t') + toPlainLine(rest);
}
