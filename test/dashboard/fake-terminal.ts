// A terminal of the tests: reads what is written to it, as far as the dashboard writes, and knows what a person would see.

import { PassThrough, Writable } from 'node:stream';

// oxlint-disable-next-line no-control-regex -- it reads what is written to a terminal
const TOKEN = /\u001B\[(?<private>\??)(?<numbers>[\d;]*)(?<command>[A-Za-z])|(?<text>[^\u001B]+)/gu;

/** A screen that understands absolute positions, erasing, colours (by ignoring them) and the modes that are entered and left. */
export class FakeStdout extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Everything that was written, piece by piece. */
  readonly written: string[] = [];
  /** Private modes that are on: 1049 is the alternate screen, 25 the cursor. */
  readonly modes = new Set(['25']);
  #cells: string[] = [];
  #row = 0;

  constructor(columns = 80, rows = 24) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  getColorDepth(): number {
    return 1;
  }

  /** What stands on the screen, without trailing blanks. */
  get screen(): readonly string[] {
    return Array.from({ length: this.rows }, (_, row) => (this.#cells[row] ?? '').trimEnd());
  }

  /** Changes the size and says so. */
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    const text = String(chunk);
    this.written.push(text);
    for (const { groups } of text.matchAll(TOKEN)) this.#take(groups ?? {});
    done();
  }

  #take({
    private: isPrivate,
    numbers = '',
    command,
    text,
  }: Record<string, string | undefined>): void {
    if (text !== undefined) {
      if (text.includes('\n')) throw new Error('a line feed would scroll the screen');
      this.#cells[this.#row] = (this.#cells[this.#row] ?? '') + text;
    } else if (isPrivate === '?') {
      if (command === 'h') this.modes.add(numbers);
      else this.modes.delete(numbers);
    } else if (command === 'H') {
      this.#row = Number(numbers.split(';')[0]) - 1;
    } else if (command === 'J') {
      this.#cells = [];
    } else if (command === 'K') {
      this.#cells[this.#row] = '';
    } else if (command !== 'm') {
      throw new Error(`the fake terminal does not know the command ${command}`);
    }
  }
}

/** A keyboard. */
export class FakeStdin extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** Both, as the streams that a program gets. */
export function fakeTerminal(
  columns = 80,
  rows = 24,
): {
  readonly keyboard: FakeStdin;
  readonly display: FakeStdout;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
} {
  const keyboard = new FakeStdin();
  const display = new FakeStdout(columns, rows);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- they have what the dashboard and Ink use of them
  const streams = [keyboard, display] as unknown as [NodeJS.ReadStream, NodeJS.WriteStream];
  return { keyboard, display, stdin: streams[0], stdout: streams[1] };
}

/** A stream that the test feeds by hand. */
export class Feed<T> {
  readonly #waiting: ((result: IteratorResult<T>) => void)[] = [];
  readonly #failing: ((error: Error) => void)[] = [];
  readonly #ready: T[] = [];
  returned = false;

  /** Gives the next item to whoever waits for it. */
  push(item: T): void {
    const resolve = this.#waiting.shift();
    this.#failing.shift();
    if (resolve === undefined) this.#ready.push(item);
    else resolve({ done: false, value: item });
  }

  /** Breaks the stream. */
  fail(error: Error): void {
    this.#waiting.shift();
    this.#failing.shift()?.(error);
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => {
        const item = this.#ready.shift();
        if (item !== undefined) return Promise.resolve({ done: false, value: item });
        return new Promise((resolve, reject) => {
          this.#waiting.push(resolve);
          this.#failing.push(reject);
        });
      },
      return: () => {
        this.returned = true;
        for (const resolve of this.#waiting.splice(0)) resolve({ done: true, value: undefined });
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}
