// How commands print: aligned tables for people, JSON for programs.
// Promise: what people read holds nothing that could drive their terminal; what programs read is exact.

import stringWidth from 'string-width';
import { toPlainLine, toPlainLines } from '../domain/plain-text.ts';

/** Writes a line for people to standard output. */
export function print(line: string): void {
  printExactly(toPlainLines(line));
}

/** Writes a line for people to standard error: progress, hints and errors, which must not end up in a pipe. */
export function note(line: string): void {
  process.stderr.write(`${toPlainLines(line)}\n`);
}

/** Writes a line for programs to standard output, as it is. */
export function printExactly(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a value as JSON, one document. */
export function printJson(value: unknown): void {
  printExactly(toJsonText(value, 2));
}

/** A value as JSON: NaN and infinities by their names, integers that JavaScript cannot count as text. */
export function toJsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, (_, item: unknown) => toJson(item), indent);
}

function toJson(item: unknown): unknown {
  if (typeof item === 'number' && !Number.isFinite(item)) return String(item);
  if (typeof item === 'bigint') return item.toString();
  return item;
}

/** Lines of a table: a header and rows, columns as wide as they need, numbers to the right. */
export function toTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): readonly string[] {
  const texts = rows.map((row) => row.map(toText));
  const names = header.map(toPlainLine);
  const widths = names.map((name, i) =>
    texts.reduce((width, row) => Math.max(width, stringWidth(row[i] ?? '')), stringWidth(name)),
  );
  const isNumeric = header.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || row[i] === null),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0, isNumeric[i] ?? false))
      .join('  ')
      .trimEnd();
  return [line(names), ...texts.map(line)];
}

/** What a cell can hold. */
export type Cell = string | number | bigint | null | Uint8Array;

function toText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return toShortNumber(cell);
  if (cell instanceof Uint8Array) return `${cell.byteLength} bytes`;
  return toPlainLine(String(cell));
}

/** A number short enough to be compared by eye. */
export function toShortNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value);
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return isRight ? space + text : text + space;
}
