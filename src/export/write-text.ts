// Tables as CSV and as JSON lines. Promise: every number comes back as the double that it was, with the sign of a zero; NaN and
// infinities are `NaN`, `Infinity`, `-Infinity`; what is not there is an empty cell, or null.

import { toCsvLine } from '../results/csv-line.ts';
import { writingTo } from './byte-sink.ts';
import { inPages, type Tick } from './pages.ts';
import type { Cell, Table } from './tables/table.ts';

const ROWS_OF_A_PAGE = 2000;

/** Writes CSV as RFC 4180 has it, UTF-8, with a header. Returns the number of rows. */
export async function writeCsv(table: Table, path: string, tick: Tick): Promise<number> {
  return writingTo(path, async (sink) => {
    sink.write(`${toCsvLine(table.columns.map((column) => column.name))}\n`);
    return inPages(table.rows(), ROWS_OF_A_PAGE, tick, (rows) =>
      sink.write(rows.map((row) => `${toCsvLine(row.map(toCsvCell))}\n`).join('')),
    );
  });
}

/** Writes an object a line. Returns the number of rows. */
export async function writeJsonLines(table: Table, path: string, tick: Tick): Promise<number> {
  const keys = table.columns.map((column) => `${JSON.stringify(column.name)}:`);
  return writingTo(path, async (sink) =>
    inPages(table.rows(), ROWS_OF_A_PAGE, tick, (rows) =>
      sink.write(rows.map((row) => `${toObject(keys, row)}\n`).join('')),
    ),
  );
}

function toCsvCell(cell: Cell): Cell {
  return Object.is(cell, -0) ? '-0.0' : cell;
}

function toObject(keys: readonly string[], row: readonly Cell[]): string {
  return `{${row.map((cell, i) => `${keys[i]}${toJson(cell)}`).join(',')}}`;
}

function toJson(cell: Cell): string {
  if (typeof cell === 'number') {
    if (Object.is(cell, -0)) return '-0.0';
    return Number.isFinite(cell) ? String(cell) : `"${cell}"`;
  }
  return JSON.stringify(cell);
}
