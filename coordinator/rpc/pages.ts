// Rows as messages, each far below the size limit, and each made when it is sent.
// Promise: of a state of any size no more than a page is in memory for somebody who reads slowly.

/** Bytes of the rows of one kind in one message. */
const PAGE_BYTES = 192 * 1024;

/** Deals out rows in pages. A row that is larger than a page has one of its own. */
export class Pager<T> {
  readonly #rows: Iterator<T>;
  readonly #sizeOf: (row: T) => number;
  #ahead: T | undefined;

  constructor(rows: Iterable<T>, sizeOf: (row: T) => number) {
    this.#rows = rows[Symbol.iterator]();
    this.#sizeOf = sizeOf;
    this.#pull();
  }

  /** Whether all rows are dealt out. */
  get isDone(): boolean {
    return this.#ahead === undefined;
  }

  /** The rows of the next page; none after the last one. */
  take(): T[] {
    const page: T[] = [];
    let left = PAGE_BYTES;
    while (this.#ahead !== undefined) {
      left -= this.#sizeOf(this.#ahead);
      if (left < 0 && page.length > 0) break;
      page.push(this.#ahead);
      this.#pull();
    }
    return page;
  }

  #pull(): void {
    const next = this.#rows.next();
    this.#ahead = next.done === true ? undefined : next.value;
  }
}

/** As many rows as fit into a page beside others; those that come first are the ones worth having. */
export function takeFitting<T>(rows: Iterable<T>, sizeOf: (row: T) => number): T[] {
  const fitting: T[] = [];
  let left = PAGE_BYTES;
  for (const row of rows) {
    const size = sizeOf(row);
    if (size > PAGE_BYTES) continue;
    left -= size;
    if (left < 0) break;
    fitting.push(row);
  }
  return fitting;
}

/** How many bytes a row takes. */
export function sizeBy<T>(codec: { encode(row: T): { finish(): Uint8Array } }): (row: T) => number {
  return (row) => codec.encode(row).finish().length;
}
