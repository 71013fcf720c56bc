// A line of CSV as RFC 4180 has it. Promise: what comes out of a reader is the text that went in; nothing stands for NULL.

/** What a cell can hold; NaN and infinities are written by their names. */
export type CsvCell = string | number | bigint | boolean | null;

/** The cells of a line, without its end. */
export function toCsvLine(cells: readonly CsvCell[]): string {
  return cells.map((cell) => quote(cell === null ? '' : String(cell))).join(',');
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
