// A new file that is written from its start to its end. Promise: what was written is on the disk when it is closed.

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

const BUFFERED_BYTES = 1 << 18;

/** The file. */
export class ByteSink {
  readonly #file: number;
  #pieces: Uint8Array[] = [];
  #buffered = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'wx');
  }

  /** Takes bytes, or text as UTF-8. */
  write(piece: Uint8Array | string): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    this.#pieces.push(bytes);
    this.#buffered += bytes.byteLength;
    if (this.#buffered > BUFFERED_BYTES) this.#flush();
  }

  /** Ends the file; without `keep` whatever is still buffered is lost. */
  close(keep = true): void {
    try {
      if (!keep) return;
      this.#flush();
      fsyncSync(this.#file);
    } finally {
      closeSync(this.#file);
    }
  }

  #flush(): void {
    for (let rest = Buffer.concat(this.#pieces); rest.length > 0;)
      rest = rest.subarray(writeSync(this.#file, rest));
    this.#pieces = [];
    this.#buffered = 0;
  }
}

/** Writes a file through a sink that is closed whatever happens. */
export async function writingTo<T>(path: string, body: (sink: ByteSink) => Promise<T>): Promise<T> {
  const sink = new ByteSink(path);
  let isWhole = false;
  try {
    const result = await body(sink);
    isWhole = true;
    return result;
  } finally {
    sink.close(isWhole);
  }
}
