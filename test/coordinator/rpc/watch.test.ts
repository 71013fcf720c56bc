// The watch stream and a watcher that is too slow for it.

import { Writable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Loads } from '../../../coordinator/rpc/loads.ts';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import type { Now } from '../../../coordinator/core/model.ts';
import { Loop } from '../../../coordinator/loop.ts';
import { serveWatch } from '../../../coordinator/rpc/watch.ts';
import { openStore } from '../../../coordinator/store/store.ts';
import { submission } from '../../support/sweep.ts';

const now = (): Now => ({ monoMs: 0, wallMs: 0 });

/** A watcher that takes a message off its stream only when it is told to, and the messages that the stream holds for it. */
class SlowWatcher extends Writable {
  readonly request = { sweepId: '', trialId: '' };
  readonly heard: unknown[] = [];
  #done: (() => void) | undefined;

  constructor() {
    super({ objectMode: true, highWaterMark: 1 });
  }

  override _write(message: unknown, _encoding: string, done: () => void): void {
    this.heard.push(message);
    this.#done = done;
  }

  /** Reads what it has been told. */
  read(): void {
    this.#done?.();
  }
}

/** A loop with a watcher; timers are the test's. */
function watching(): { loop: Loop; watcher: SlowWatcher; served: Promise<void> } {
  vi.useFakeTimers();
  const store = openStore(':memory:');
  const loop = new Loop({ store, now, limits: DEFAULT_LIMITS });
  const watcher = new SlowWatcher();
  onTestFinished(() => {
    vi.useRealTimers();
    watcher.destroy();
    loop.close();
    store.close();
  });
  // A stream of what a call needs to be, no more: the rest of it is not asked for.
  const ports = { loop, store, now, limits: DEFAULT_LIMITS, loads: new Loads() };
  const served = serveWatch(watcher as never, ports);
  return { loop, watcher, served };
}

test('a watcher that does not read is told nothing more until it does, and then what is true by then', async () => {
  const { loop, watcher } = watching();
  for (let epochs = 2; epochs < 42; epochs += 1) {
    const posted = loop.post(submission(1, epochs));
    await vi.advanceTimersByTimeAsync(1_000);
    await posted;
  }
  expect(watcher.heard).toHaveLength(1);
  expect(watcher.writableLength).toBe(1);
  watcher.read();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(watcher.heard).toHaveLength(2);
  expect(watcher.heard[1]).toMatchObject({ sweeps: { length: 40 } });
});

test('a watcher that takes nothing for a minute is cut off in words', async () => {
  const { served } = watching();
  const refused = expect(served).rejects.toMatchObject({
    code: 'busy',
    message: 'nothing was taken for 60 s: ask again',
  });
  await vi.advanceTimersByTimeAsync(DEFAULT_LIMITS.stallMs);
  await refused;
});
