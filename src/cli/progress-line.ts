// How far long work is: one line of standard error that is written over.
// Promise: only on a terminal, and nothing of it is left when the work is done; a pipe gets none of it.

import { toPlainLine } from '../domain/plain-text.ts';

/** Erases the line and goes to its start. */
const CLEAR = '\r\u001B[2K';
const PAUSE_MS = 100;

/** Of a terminal that does not say how wide it is. */
const USUAL_COLUMNS = 80;

/** The line. */
export class ProgressLine {
  readonly #isShown = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  #drawnMs = Number.NEGATIVE_INFINITY;

  /** Writes the line over; not more often than an eye can follow. */
  show(text: string): void {
    const now = performance.now();
    if (!this.#isShown || now - this.#drawnMs < PAUSE_MS) return;
    this.#drawnMs = now;
    const most = Math.max(1, (process.stderr.columns || USUAL_COLUMNS) - 1);
    process.stderr.write(`${CLEAR}${toPlainLine(text).slice(0, most)}`);
  }

  /** Takes the line away, for others to be printed. */
  clear(): void {
    if (this.#isShown && this.#drawnMs >= 0) process.stderr.write(CLEAR);
    this.#drawnMs = Number.NEGATIVE_INFINITY;
  }
}
