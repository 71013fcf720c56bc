// The axes around the curves: values at the left, values below.
// Promise: a label stands beside or below its tick, a tick in the cell of its value; labels never run into each other.

import { columnOf } from './heading.ts';
import { cut, toPlain, widthOf } from './label.ts';
import type { Piece } from './line.ts';
import { placeOn, type Scale } from './scale.ts';
import { toLabels, toShort, toTicks } from './ticks.ts';

type Line = readonly Piece[];

/** What stands left of each row of the curves; all pieces are equally wide, the last character being the axis. */
export function leftPieces(y: Scale, rows: number): readonly Piece[] {
  const ticks = toTicks(y, ticksFor(rows));
  const labels = new Map(
    toLabels(ticks, y.log).map((text, i) => [rowOf(y, ticks[i] ?? 0, rows), text]),
  );
  if (!labels.has(0)) labels.set(0, toShort(y.to));
  if (!labels.has(rows - 1)) labels.set(rows - 1, toShort(y.from));
  const width = [...labels.values()].reduce((most, label) => Math.max(most, label.length), 1);
  return Array.from({ length: rows }, (_, row) => {
    const label = labels.get(row);
    return {
      text: `${(label ?? '').padStart(width)} ${label === undefined ? '│' : '┤'}`,
      tone: 'dim',
    };
  });
}

function rowOf(y: Scale, value: number, rows: number): number {
  return Math.round((1 - (placeOn(y, value) ?? 0)) * (rows * 4 - 1)) >> 2;
}

/** How many values stand beside so many rows. */
export function ticksFor(rows: number): number {
  return Math.max(2, Math.floor(rows / 3) + 1);
}

/** The horizontal axis and its values, `gutter` cells from the left. */
export function bottomLines(x: Scale, gutter: number, columns: number): readonly [Line, Line] {
  const ticks = toTicks(x, Math.max(2, Math.floor(columns / 8)));
  const axis = Array.from({ length: columns }, () => '─');
  let texts = ' '.repeat(columns);
  const place = (text: string, column: number): void => {
    const start = Math.min(columns - text.length, Math.max(0, column - (text.length >> 1)));
    const room = texts.slice(Math.max(0, start - 1), start + text.length + 1);
    if (start < 0 || room.trim() !== '') return;
    axis[column] = '┬';
    texts = texts.slice(0, start) + text + texts.slice(start + text.length);
  };
  for (const [i, label] of toLabels(ticks, x.log).entries())
    place(label, columnOf(x, ticks[i] ?? 0, columns) ?? 0);
  place(toShort(x.from), 0);
  place(toShort(x.to), columns - 1);
  return [
    [{ text: `${'└'.padStart(gutter)}${axis.join('')}`, tone: 'dim' }],
    [{ text: ' '.repeat(gutter) + texts, tone: 'dim' }],
  ];
}

/** The name of the horizontal axis, in the middle below it; no line where it has none. */
export function nameLines(
  label: string,
  log: boolean,
  gutter: number,
  columns: number,
): readonly Line[] {
  const name = cut(toPlain(log && label !== '' ? `${label} (log)` : label), columns);
  if (name === '') return [];
  const before = gutter + Math.max(0, (columns - widthOf(name)) >> 1);
  return [[{ text: ' '.repeat(before) + name, tone: 'dim' }]];
}
