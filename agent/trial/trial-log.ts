// A trial's output: a file that the process writes into and the agent reads from.
// Promise: output is never lost to a full pipe, costs bounded bytes, and is attributed to the attempt that was running.

import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { BOUNDS } from '../../src/domain/bounds.ts';
import type { LogChunk } from '../../src/wire/generated/espalier/v1/agent.ts';
import { allotLog, type LogBudget, type LogLimits, toLogBudget } from '../core/log-budget.ts';

const POLL_MS = 100;
const CHUNK_BYTES = 64 * 1024;
const TAIL_BYTES = 8 * 1024;

/** What goes to the coordinator. */
const LOG_LIMITS: LogLimits = {
  bytesPerSecond: BOUNDS.logBytesPerSecond,
  totalBytes: BOUNDS.logBytesOfAttempt,
};

/** The log of one process, which may serve one attempt after another. */
export class TrialLog {
  /** For the process to write into. It appends, so that starting the file anew is safe while it writes. */
  readonly descriptor: number;
  readonly #limits: LogLimits;
  #emit: ((chunk: LogChunk) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #budget: LogBudget;
  #attemptStart = 0;
  #position = 0;
  #offset = 0;
  #dropped = 0;
  #isClosed = false;
  #lastTail = '';

  constructor(path: string, limits: LogLimits = LOG_LIMITS) {
    this.descriptor = openSync(path, 'a+', 0o600);
    this.#limits = limits;
    this.#budget = toLogBudget(limits, performance.now());
  }

  /** What is written from now on belongs to a new attempt and is handed to `emit`. */
  begin(emit: (chunk: LogChunk) => void): void {
    if (this.#isClosed) return;
    clearInterval(this.#timer);
    this.#emit = emit;
    this.#budget = toLogBudget(this.#limits, performance.now());
    this.#position = this.#attemptStart = fstatSync(this.descriptor).size;
    this.#offset = this.#dropped = 0;
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
    this.#timer.unref();
  }

  /** Hands over what is still unread, and a last mark for what was dropped. */
  end(): void {
    if (this.#emit === undefined) return;
    clearInterval(this.#timer);
    this.#poll();
    if (this.#dropped > 0) this.#hand(Buffer.alloc(0));
    this.#emit = undefined;
  }

  /** The last lines that the attempt wrote. */
  tail(lines = 20): string {
    if (this.#isClosed) return this.#lastTail;
    const { size } = fstatSync(this.descriptor);
    const start = Math.max(Math.min(this.#attemptStart, size), size - TAIL_BYTES);
    const text = this.#read(start, size - start).toString('utf8');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Ends reading and frees the descriptor; the file stays, and so does its tail. */
  close(): void {
    if (this.#isClosed) return;
    this.end();
    this.#lastTail = this.tail();
    this.#isClosed = true;
    closeSync(this.descriptor);
  }

  #poll(): void {
    const { size } = fstatSync(this.descriptor);
    if (size > this.#position) this.#take(size - this.#position);
    // So that no trial fills the disk.
    if (size > BOUNDS.logFileBytes) this.#startAnew();
  }

  #take(available: number): void {
    const { skip, take, next } = allotLog(this.#budget, available, performance.now());
    this.#budget = next;
    this.#dropped += skip;
    this.#offset += skip;
    this.#position += skip;
    const end = this.#position + take;
    while (this.#position < end) {
      const data = this.#read(this.#position, Math.min(CHUNK_BYTES, end - this.#position));
      if (data.length === 0) return;
      this.#position += data.length;
      this.#hand(data);
    }
  }

  #hand(data: Buffer): void {
    this.#emit?.({ offsetBytes: this.#offset, data, droppedBytes: this.#dropped });
    this.#offset += data.length;
    this.#dropped = 0;
  }

  #startAnew(): void {
    ftruncateSync(this.descriptor, 0);
    this.#position = this.#attemptStart = 0;
  }

  #read(position: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(this.descriptor, buffer, 0, length, position));
  }
}
