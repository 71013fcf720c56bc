// What Ink writes its frames to: keeps the screen equal to the last frame by writing the lines that changed.
// Promise: lines stand at absolute positions and no line feed is ever written, so that nothing scrolls, wraps or is cleared
// without need; after `close` nothing is written at all. A terminal that is slower than the frames come misses some of them:
// never is more than one on its way, and the last one always arrives.

import { Writable } from 'node:stream';

const BEGIN = '\u001B[?2026h';
const END = '\u001B[?2026l';
const CLEAR = '\u001B[2J';

/** A stream of whole frames, each one write of lines joined by line feeds, in front of a terminal. */
export class Screen extends Writable {
  readonly #terminal: NodeJS.WriteStream;
  #lines: readonly string[] = [];
  #known = false;
  #closed = false;
  /** The frame that waits until the terminal has taken the one before. */
  #waiting: readonly string[] | undefined;

  constructor(terminal: NodeJS.WriteStream) {
    super({ decodeStrings: false });
    this.#terminal = terminal;
  }

  /** Columns of the terminal; Ink lays out by them. */
  get columns(): number {
    return this.#terminal.columns;
  }

  /** Says that the terminal may show anything now: the next frame is written whole. */
  forget(): void {
    this.#known = false;
  }

  /** Writes the last frame again, over whatever stands there. */
  repaint(): void {
    if (this.#waiting === undefined) this.#write(this.#lines, []);
  }

  /** Writes nothing from now on. */
  close(): void {
    this.#closed = true;
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    // Ink ends with an empty write to learn that all others are through; that is no frame.
    if (typeof chunk === 'string' && chunk !== '') this.#show(chunk.split('\n'));
    done();
  }

  #show(lines: readonly string[]): void {
    if (this.#terminal.writableNeedDrain) return this.#wait(lines);
    this.#write(lines, this.#known ? this.#lines : undefined);
    this.#lines = lines;
    this.#known = true;
  }

  #wait(lines: readonly string[]): void {
    const isFirst = this.#waiting === undefined;
    this.#waiting = lines;
    if (isFirst) this.#terminal.once('drain', () => this.#catchUp());
  }

  #catchUp(): void {
    const lines = this.#waiting ?? this.#lines;
    this.#waiting = undefined;
    this.#show(lines);
  }

  // `before` is what stands on the terminal; undefined if that can be anything.
  #write(lines: readonly string[], before: readonly string[] | undefined): void {
    let text = before === undefined ? CLEAR : '';
    for (let row = 0; row < Math.max(lines.length, before?.length ?? 0); row += 1) {
      const line = lines[row] ?? '';
      // Erasing comes first: after a line as wide as the terminal it would take the last character away.
      if (line !== before?.[row]) text += `\u001B[${row + 1};1H\u001B[2K${line}`;
    }
    if (text !== '' && !this.#closed) this.#terminal.write(`${BEGIN}${text}${END}`);
  }
}
