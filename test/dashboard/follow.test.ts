import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { follow } from '../../src/dashboard/follow.ts';
import type { WatchResponse } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { Feed } from './fake-terminal.ts';
import { watchResponse } from './sample.ts';

const SCOPE = { sweepId: 's1', trialId: '', history: true };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function started(): {
  readonly streams: Feed<WatchResponse>[];
  readonly heard: string[];
  readonly abort: () => void;
  readonly done: Promise<void>;
} {
  const streams: Feed<WatchResponse>[] = [];
  const heard: string[] = [];
  const stop = new AbortController();
  const source = {
    open: () => {
      const stream = new Feed<WatchResponse>();
      streams.push(stream);
      return stream;
    },
  };
  const follower = {
    onResponse: ({ complete }: WatchResponse) => void heard.push(complete ? 'whole' : 'change'),
    onLost: (reason: string) => void heard.push(reason),
  };
  const done = follow(source.open, SCOPE, follower, stop.signal);
  return { streams, heard, abort: () => stop.abort(), done };
}

test('a stream that breaks is opened again after half a second', async () => {
  const { streams, heard, abort, done } = started();
  streams[0]?.push(watchResponse());
  streams[0]?.push(watchResponse({ complete: false }));
  await vi.advanceTimersByTimeAsync(0);
  streams[0]?.fail(new Error('the line is cut'));
  await vi.advanceTimersByTimeAsync(499);
  expect(streams).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(streams).toHaveLength(2);
  streams[1]?.push(watchResponse());
  await vi.advanceTimersByTimeAsync(0);
  expect(heard).toEqual(['whole', 'change', 'the line is cut', 'whole']);
  abort();
  await done;
});

test('the wait doubles up to five seconds, and starts over after a response', async () => {
  const { streams, abort, done } = started();
  const waits: number[] = [];
  const breakLast = async (): Promise<void> => {
    const [count, before] = [streams.length, Date.now()];
    await vi.advanceTimersByTimeAsync(0);
    streams.at(-1)?.fail(new Error('no'));
    while (streams.length === count) await vi.advanceTimersByTimeAsync(100);
    waits.push(Date.now() - before);
  };
  for (let round = 0; round < 6; round += 1) await breakLast();
  streams.at(-1)?.push(watchResponse());
  await breakLast();
  expect(waits).toEqual([500, 1000, 2000, 4000, 5000, 5000, 500]);
  abort();
  await done;
});

test('a stream that cannot be opened counts as lost', async () => {
  const stop = new AbortController();
  const heard: string[] = [];
  const source = {
    open: (): AsyncIterable<WatchResponse> => {
      throw new Error('no coordinator answers');
    },
  };
  const follower = { onResponse: () => undefined, onLost: (text: string) => void heard.push(text) };
  const done = follow(source.open, SCOPE, follower, stop.signal);
  await vi.advanceTimersByTimeAsync(600);
  expect(heard).toEqual(['no coordinator answers', 'no coordinator answers']);
  stop.abort();
  await done;
});

test('aborting returns the stream, and nothing is heard after it', async () => {
  const { streams, heard, abort, done } = started();
  await vi.advanceTimersByTimeAsync(0);
  abort();
  expect(streams[0]?.returned).toBe(true);
  streams[0]?.push(watchResponse());
  await done;
  expect(heard).toEqual([]);
});

test("a follower's own error is thrown and not taken for the stream's", async () => {
  const stream = new Feed<WatchResponse>();
  stream.push(watchResponse());
  const heard: string[] = [];
  const follower = {
    onResponse: () => {
      throw new Error('a bug');
    },
    onLost: (reason: string) => void heard.push(reason),
  };
  const done = follow(() => stream, SCOPE, follower, new AbortController().signal);
  await expect(done).rejects.toThrow('a bug');
  expect(heard).toEqual([]);
  expect(stream.returned).toBe(true);
});
