// A whole screen from a model.
// Promise: one line less than the terminal has rows, none wider than it has columns, whatever the model holds; nothing but
// text and SGR codes, and no codes at all where colours are off.

import type { SweepView } from '../../wire/generated/espalier/v1/sweep.ts';
import { layoutOf } from '../layout.ts';
import { sweepLines } from '../front/choose-sweep.ts';
import { promptTexts, type OpenPrompt } from '../front/prompt.ts';
import { scrolled, scrollHint } from '../front/scrolled.ts';
import { textLines } from '../front/text.ts';
import { agentLines } from '../control/choose-agent.ts';
import { shownSweep, type Model, type Size } from '../model.ts';
import type { KeyHint, Pane } from '../pane.ts';
import { paneOf, PANES } from '../panes.ts';
import { GLOBAL_KEYS, helpLines } from './help.ts';
import { cutLine, inTone, justify, lineWidth, span, toAnsi, type Line } from './line.ts';
import { formatDuration } from './number.ts';
import { lookOf, sweepStateOf } from './state.ts';
import { widthOf } from './text.ts';

const NAME_KEPT = 20;
const STEERING: readonly string[] = ['p', 'c', 'r', 'd', 'n', '+ -'];
const CHOOSING_SWEEP: readonly KeyHint[] = [
  ['Enter', 'show it'],
  ['↑ ↓', 'choose'],
  ['Esc', 'back'],
];
const CHOOSING: readonly KeyHint[] = [
  ['Enter', 'drain it'],
  ['↑ ↓', 'choose'],
  ['Esc', 'none'],
];

/** The lines of the screen from the top, ready to be written. */
export function frame(model: Model): readonly string[] {
  const { columns } = model.size;
  const layout = layoutOf(model.size);
  const pane = paneOf(model.pane);
  const area = { columns, rows: layout.body };
  const drawn = bodyLines(model, pane, area);
  const body = Array.from({ length: layout.body }, (_, row) => drawn[row] ?? []);
  const head = [headLine(model, pane), tabLine(model, pane)].slice(0, layout.head);
  const lines = [...head, ...body, footLine(model, pane)].slice(0, layout.height);
  if (asks(model) && layout.foot === 0) lines[layout.height - 1] = footLine(model, pane);
  return lines.map((line) => toAnsi(cutLine(line, columns), model.depth));
}

function bodyLines(model: Model, pane: Pane, area: Size): readonly Line[] {
  switch (model.overlay.kind) {
    case 'help':
      return scrolled(helpLines(pane, area.columns), model.overlay.top, area.rows);
    case 'text':
      return scrolled(textLines(model.overlay, area.columns), model.overlay.top, area.rows);
    case 'sweeps':
      return sweepLines(model, model.overlay.sweepId, area);
    case 'agents':
      return agentLines(model, model.overlay.agentId, area);
    case 'none':
    case 'filter':
    case 'prompt':
    case 'confirm':
      return pane.draw(model, area);
  }
}

function asks({ overlay, notice }: Model): boolean {
  return ['confirm', 'filter', 'prompt'].includes(overlay.kind) || notice !== '';
}

function headLine(model: Model, pane: Pane): Line {
  const { columns } = model.size;
  const sweep = shownSweep(model);
  const at = model.sweeps.findIndex(({ sweepId }) => sweepId === model.sweepId) + 1;
  const more = model.sweeps.length > 1 ? `  sweep ${at} of ${model.sweeps.length}` : '';
  const name = span(` ${sweep?.name ?? 'espalier'}`, 'strong');
  const room = columns - Math.min(lineWidth([name]), NAME_KEPT) - 1;
  const statuses = statusesOf(model, sweep);
  const status = statuses.find((line) => lineWidth(line) <= room) ?? statuses.at(-1) ?? [];
  const reads = span(model.mayOnlyRead ? '  read only' : '', 'warn');
  const own = statusFits(model, pane) ? '' : statusOf(model, pane);
  const where = span(own === '' ? '' : `  ${own}`, 'dim');
  return justify([name, span(more, 'dim'), reads, where], status, columns);
}

// The same status in fewer and fewer words.
function statusesOf(model: Model, sweep: SweepView | undefined): readonly Line[] {
  const { connection } = model;
  if (connection.kind === 'connecting') return [[span('connecting ', 'dim')]];
  if (connection.kind === 'lost') {
    const short = [span('reconnecting ', 'warn')];
    const long = [span(`reconnecting: ${connection.reason} `, 'warn')];
    return connection.reason === '' ? [short] : [long, short];
  }
  if (sweep === undefined) return [];
  const shown = sweepStateOf(sweep);
  const { sign, tone } = lookOf(shown);
  const since = sweep.state === 'running' ? model.nowMs - model.receivedAtMs : 0;
  const state = [span(`${sign} ${shown} `, tone)];
  const elapsed = span(` ${formatDuration(sweep.elapsedMs + since)} `);
  const words = [...trouble('failed', sweep.failed), ...trouble('diverged', sweep.diverged)];
  const signs = [
    ...trouble('failed', sweep.failed, ''),
    ...trouble('diverged', sweep.diverged, ''),
  ];
  return [[...words, ...state, elapsed], [...words, ...state], [...signs, ...state], signs];
}

function trouble(state: string, count: number, word = ` ${state}`): Line {
  const { sign, tone } = lookOf(state);
  return count > 0 ? [span(`${sign} ${count}${word}  `, tone)] : [];
}

function tabLine(model: Model, current: Pane): Line {
  const tabs = tabsFor(current, model.size.columns);
  const right = statusFits(model, current) ? [span(` ${statusOf(model, current)} `, 'dim')] : [];
  const room = model.size.columns - lineWidth(tabs) - 1;
  return [...tabs, span('─'.repeat(Math.max(0, room - lineWidth(right))), 'dim'), ...right];
}

function statusOf(model: Model, pane: Pane): string {
  return pane.status?.(model) ?? '';
}

/** Whether a pane's status has room beside the tabs; where it has not, it stands above them. */
function statusFits(model: Model, pane: Pane): boolean {
  const status = statusOf(model, pane);
  const room = model.size.columns - lineWidth(tabsFor(pane, model.size.columns)) - 1;
  return status !== '' && widthOf(status) + 2 < room;
}

// Where the titles of all panes do not fit, the others are numbers.
function tabsFor(current: Pane, columns: number): Line {
  const full = PANES.flatMap((pane, index) => tab(pane.title, index + 1, pane === current));
  if (lineWidth(full) <= columns) return full;
  return PANES.flatMap((pane, index) =>
    tab(pane === current ? pane.title : '', index + 1, pane === current),
  );
}

function tab(title: string, number: number, active: boolean): Line {
  const text = title === '' ? String(number) : `${number} ${title}`;
  return active
    ? [span('─', 'dim'), span(`[${text}]`, 'strong')]
    : [span('─', 'dim'), span(` ${text} `, 'dim')];
}

function footLine(model: Model, pane: Pane): Line {
  const { columns } = model.size;
  const { overlay } = model;
  switch (overlay.kind) {
    case 'confirm':
      return inTone(
        justify([span(` ${overlay.question}`)], [span('y / n ')], columns),
        'chosen',
        columns,
      );
    case 'filter':
      return justify(
        [span(' / ', 'live'), span(`${model.filter}▏`)],
        columns < 60 ? [] : [span(`${model.rows.length} found  Enter keeps  Esc undoes `, 'dim')],
        columns,
      );
    case 'help':
      return closingLine(helpLines(pane, columns), model);
    case 'text':
      return closingLine(textLines(overlay, columns), model);
    case 'prompt':
      return promptLine(model, overlay);
    case 'sweeps':
      return hintLine([...CHOOSING_SWEEP, ...GLOBAL_KEYS], columns);
    case 'agents':
      return hintLine([...CHOOSING, ...GLOBAL_KEYS], columns);
    case 'none':
      return model.notice === ''
        ? hintLine([...keysOf(pane, model), ...GLOBAL_KEYS], columns)
        : [span(` ${model.notice}`, 'warn')];
  }
}

function closingLine(lines: readonly Line[], { size }: Model): Line {
  return [span(` ${scrollHint(lines, layoutOf(size).body)}`, 'dim')];
}

function promptLine(model: Model, open: OpenPrompt): Line {
  const { columns } = model.size;
  const [title, hint] = promptTexts(model, open);
  const right = columns < 60 ? [] : [span(`${hint}  Esc leaves it `, 'dim')];
  // The end of a long answer is where it goes on.
  const room = Math.max(4, columns - widthOf(title) - lineWidth(right) - 4);
  const value = widthOf(open.value) > room ? `…${open.value.slice(1 - room)}` : open.value;
  return justify([span(` ${title}`, 'live'), span(`${value}▏`)], right, columns);
}

// Keys that would do nothing but say so are not offered.
function keysOf(pane: Pane, model: Model): readonly KeyHint[] {
  const { state, failed } = shownSweep(model) ?? { state: '', failed: 0 };
  const idle = model.mayOnlyRead
    ? STEERING
    : [...(state === 'running' ? [] : ['p', 'c']), ...(failed > 0 ? [] : ['r'])];
  return pane.keys.filter(([key]) => !idle.includes(key));
}

// Help and quitting are the last hints and must be there: the pane's own give way, from the end.
function hintLine(hints: readonly KeyHint[], columns: number): Line {
  const own = hints.slice(0, -GLOBAL_KEYS.length);
  for (let count = own.length; count >= 0; count -= 1) {
    const line = [...own.slice(0, count), ...GLOBAL_KEYS].flatMap(([key, does]) => [
      span(` ${key}`, 'live'),
      span(` ${does} `, 'dim'),
    ]);
    if (lineWidth(line) <= columns || count === 0) return line;
  }
  return [];
}
