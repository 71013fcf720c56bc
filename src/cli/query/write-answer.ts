// The rows of a query as text: a table for people, CSV, JSON and JSON lines for programs.
// Promise: what programs read is written row by row, exact and whole; a table has at most as many rows as it was asked for.

import type { Prepared } from '../../results/prepare-query.ts';
import type { Value } from '../../results/value.ts';
import { toJsonText, toTable } from '../output.ts';
import { toCsvLine } from '../../results/csv-line.ts';

export const FORMATS = ['table', 'csv', 'json', 'jsonl'] as const;

/** How rows are printed. */
export type Format = (typeof FORMATS)[number];

/** Takes text, in order. */
export type Write = (text: string) => void;

/** Writes an answer. Returns true if a table was cut at `most` rows. */
export function writeAnswer(answer: Prepared, format: Format, most: number, write: Write): boolean {
  switch (format) {
    case 'table':
      return writeTable(answer, most, write);
    case 'csv':
      write(`${toCsvLine(answer.columns)}\n`);
      for (const row of answer.rows()) write(`${toCsvLine(row.map(toCell))}\n`);
      return false;
    case 'jsonl':
      for (const record of records(answer)) write(`${toJsonText(record)}\n`);
      return false;
    case 'json':
      writeArray(answer, write);
      return false;
  }
}

function writeTable({ columns, rows }: Prepared, most: number, write: Write): boolean {
  const shown: (readonly Value[])[] = [];
  let isCut = false;
  for (const row of rows()) {
    isCut = shown.length === most;
    if (isCut) break;
    shown.push(row);
  }
  for (const line of toTable(columns, shown)) write(`${line}\n`);
  return isCut;
}

function writeArray(answer: Prepared, write: Write): void {
  let before = '[\n  ';
  for (const record of records(answer)) {
    write(`${before}${toJsonText(record)}`);
    before = ',\n  ';
  }
  write(before === '[\n  ' ? '[]\n' : '\n]\n');
}

/** Rows as objects. A column whose name is taken is called `name:1`, as SQLite does it in a view. */
function* records({ columns, rows }: Prepared): Iterable<Readonly<Record<string, Cell>>> {
  const names: string[] = [];
  for (const column of columns) names.push(toFree(column, names));
  for (const row of rows())
    yield Object.fromEntries(row.map((value, i) => [names[i], toCell(value)]));
}

function toFree(name: string, taken: readonly string[]): string {
  let free = name;
  for (let i = 1; taken.includes(free); i += 1) free = `${name}:${i}`;
  return free;
}

type Cell = Exclude<Value, Buffer>;

/** Bytes are written in hexadecimal digits. */
function toCell(value: Value): Cell {
  return value instanceof Uint8Array ? value.toString('hex') : value;
}
