// Downloads that nobody reads, and uploads that stand still.

import { Writable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { deliver, sendWithin, withoutStall } from '../../../coordinator/rpc/stall.ts';

/** A stream with room for one message, which takes one only when it is told to. */
class Slow extends Writable {
  #done: (() => void) | undefined;

  constructor() {
    super({ objectMode: true, highWaterMark: 2 });
  }

  override _write(_message: unknown, _encoding: string, done: () => void): void {
    this.#done = done;
  }

  read(): void {
    this.#done?.();
  }
}

function slow(): Slow {
  vi.useFakeTimers();
  const stream = new Slow();
  onTestFinished(() => {
    vi.useRealTimers();
    stream.destroy();
  });
  return stream;
}

test('a download goes on while there is room, and is cut off in words when there is none for so long', async () => {
  const stream = slow();
  expect(await sendWithin(stream, 'one', 1_000)).toBe(true);
  const second = sendWithin(stream, 'two', 1_000);
  const third = expect(second).rejects.toMatchObject({ code: 'busy', message: /taken for 1 s/ });
  await vi.advanceTimersByTimeAsync(1_000);
  await third;
});

test('a message that is delivered has been taken, and the stream may be gone by then', async () => {
  const stream = slow();
  const first = deliver(stream, 'one', 1_000);
  stream.read();
  expect(await first).toBe(true);
  const second = deliver(stream, 'two', 1_000);
  stream.destroy();
  expect(await second).toBe(false);
  expect(await deliver(stream, 'three', 1_000)).toBe(false);
});

test('messages come as they are, and what they came from is told when it is not wanted any more', async () => {
  const told: string[] = [];
  async function* source(): AsyncGenerator<number> {
    try {
      for (let n = 1; ; n += 1) yield n;
    } finally {
      told.push('over');
    }
  }
  const heard: number[] = [];
  for await (const n of withoutStall(source(), 1_000)) {
    heard.push(n);
    if (n === 3) break;
  }
  expect([heard, told]).toEqual([[1, 2, 3], ['over']]);
});
