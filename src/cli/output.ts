// How commands print: aligned tables for people, JSON for programs.

import stringWidth from 'string-width';

/** Writes one line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error: progress and hints that must not end up in a pipe. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes a value as JSON, one document. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, (_, item: unknown) => toJson(item), 2));
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
  const widths = header.map((name, i) =>
    Math.max(stringWidth(name), ...texts.map((row) => stringWidth(row[i] ?? ''))),
  );
  const isNumeric = header.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || row[i] === null),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0, isNumeric[i] ?? false))
      .join('  ')
      .trimEnd();
  return [line(header), ...texts.map(line)];
}

/** What a cell can hold. */
export type Cell = string | number | bigint | null | Uint8Array;

function toText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return toShortNumber(cell);
  if (cell instanceof Uint8Array) return `${cell.byteLength} bytes`;
  return stripControls(String(cell));
}

/** A number short enough to be compared by eye. */
export function toShortNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value);
}

/** Text from outside on one line, without what could drive a terminal. */
export function stripControls(text: string): string {
  return text.replaceAll(/[\n\t]+/g, ' ').replaceAll(/\p{Cc}/gu, '');
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return isRight ? space + text : text + space;
}
