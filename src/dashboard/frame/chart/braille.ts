// A canvas of dots, eight to a character, drawn with the braille patterns of Unicode.
// Promise: dots outside the canvas are ignored, so that callers need not clip. Source: the Unicode block U+2800, where bits
// 0 to 2 and 6 are the left column from the top, bits 3 to 5 and 7 the right one.

const BIT = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Dots on a grid of `2 × columns` by `4 × rows`; the origin is the upper left. */
export class BrailleCanvas {
  readonly columns: number;
  readonly rows: number;
  readonly #cells: Uint8Array;

  constructor(columns: number, rows: number) {
    this.columns = Math.max(0, columns);
    this.rows = Math.max(0, rows);
    this.#cells = new Uint8Array(this.columns * this.rows);
  }

  /** Sets one dot. */
  dot(x: number, y: number): void {
    const column = x >> 1;
    const row = y >> 2;
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return;
    const at = row * this.columns + column;
    this.#cells[at] = (this.#cells[at] ?? 0) | (BIT[y & 3]?.[x & 1] ?? 0);
  }

  /** Sets the dots of a straight line; of a dotted one two in four. */
  line(x0: number, y0: number, x1: number, y1: number, dotted = false): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let step = 0; step <= steps; step += 1) {
      const x = Math.round(x0 + ((x1 - x0) * step) / steps);
      if (dotted && ((x0 + step) & 3) > 1) continue;
      this.dot(x, Math.round(y0 + ((y1 - y0) * step) / steps));
    }
  }

  /** The dots of one character, as the low byte of its code point; 0 where there are none. */
  cell(column: number, row: number): number {
    return this.#cells[row * this.columns + column] ?? 0;
  }
}

/** The character for a byte of dots; a space for none, so that lines end where their dots do. */
export function brailleCharacter(dots: number): string {
  return dots === 0 ? ' ' : String.fromCodePoint(0x28_00 + dots);
}
