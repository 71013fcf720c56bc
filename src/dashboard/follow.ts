// Watching the coordinator for as long as anybody looks: when a stream ends or fails, another is opened.
// Promise: after `signal` has aborted no callback is called; a callback's own error is not taken for the stream's.

import { EspalierError, reasonOf } from '../domain/errors.ts';
import type {
  WatchRequest,
  WatchResponse,
  WatchTrialRequest,
  WatchTrialResponse,
} from '../wire/generated/espalier/v1/sweep.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;

/**
 * Opens one stream, whose first response is complete. It should end when its iterator is returned, also while a response is
 * awaited, or when `signal` aborts.
 */
export type Open<Request, Response> = (
  request: Request,
  signal: AbortSignal,
) => AsyncIterable<Response>;

/** Where the state of things comes from. */
export type WatchSource = { readonly open: Open<WatchRequest, WatchResponse> };

/** And one trial from near. */
export type NearSource = { readonly near: Open<WatchTrialRequest, WatchTrialResponse> };

/** Who is told. */
export type Follower<Response> = {
  readonly onResponse: (response: Response) => void;
  readonly onLost: (reason: string) => void;
};

/** Refusals that trying again does not change. */
const FINAL: ReadonlySet<string> = new Set([
  'not-found',
  'invalid',
  'version',
  'conflict',
  'unauthenticated',
  'forbidden',
]);

/** Follows `request` until `signal` aborts; rejects with an error of the follower's, or with a refusal that is final. */
export async function follow<Request, Response>(
  open: Open<Request, Response>,
  request: Request,
  follower: Follower<Response>,
  signal: AbortSignal,
): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    for await (const item of readStream(open, request, signal)) {
      if (signal.aborted) return;
      if (item.kind === 'response') {
        waitMs = FIRST_WAIT_MS;
        follower.onResponse(item.response);
      } else {
        follower.onLost(item.reason);
      }
      if (signal.aborted) return;
    }
    await pause(waitMs, signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
  }
}

type Item<Response> =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'lost'; readonly reason: string };

async function* readStream<Request, Response>(
  open: Open<Request, Response>,
  request: Request,
  signal: AbortSignal,
): AsyncGenerator<Item<Response>> {
  const inner = new AbortController();
  let iterator: AsyncIterator<Response> | undefined;
  const end = (): void => {
    inner.abort();
    iterator?.return?.().catch(() => undefined);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    iterator = open(request, inner.signal)[Symbol.asyncIterator]();
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) break;
      yield { kind: 'response', response: next.value };
    }
    yield { kind: 'lost', reason: 'the coordinator ended the stream' };
  } catch (error) {
    if (error instanceof EspalierError && FINAL.has(error.code)) throw error;
    yield { kind: 'lost', reason: reasonOf(error) };
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
