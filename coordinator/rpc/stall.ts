// Peers that neither take nor give anything: whoever waits for them waits for a while.
// Promise: what is held for a peer that stands still is let go of after that while.

import type { Writable } from 'node:stream';
import { EspalierError } from '../../src/domain/errors.ts';
import { send } from './send.ts';

const STALLED = Symbol('stalled');

/** The same messages, as long as each comes within `ms`. @throws EspalierError `unavailable` for one that does not */
export async function* withoutStall<Q>(
  messages: AsyncIterable<Q>,
  ms: number,
): AsyncGenerator<Q, undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  let isStalled = false;
  try {
    for (;;) {
      const next = await within(iterator.next(), ms);
      isStalled = next === STALLED;
      if (next === STALLED)
        throw new EspalierError('unavailable', `nothing came for ${ms / 1000} s: try again`);
      if (next.done === true) return undefined;
      yield next.value;
    }
  } finally {
    // What stands still would be told no sooner than it moves.
    const told = iterator.return?.(undefined).catch(() => undefined);
    if (!isStalled) await told;
  }
}

/**
 * Writes one message and waits until the peer's connection has taken it: then no more than one waits for a peer that is slow.
 * Resolves false once the stream is gone.
 * @throws EspalierError `busy` for a peer that does not take it within `ms`
 */
export async function deliver<R>(
  stream: Writable & { write(message: R, done: (error?: Error | null) => void): boolean },
  message: R,
  ms: number,
): Promise<boolean> {
  if (stream.destroyed || stream.writableEnded) return false;
  const taken = await within(take(stream, message), ms);
  if (taken !== STALLED) return taken;
  throw new EspalierError('busy', `nothing was taken for ${ms / 1000} s: ask again`);
}

/**
 * Writes one message and goes on while the stream has room for more: for what the peer has asked for and reads to its end.
 * Resolves false once the stream is gone.
 * @throws EspalierError `busy` for a peer that makes no room within `ms`
 */
export async function sendWithin<R>(
  stream: Writable & { write(message: R): boolean },
  message: R,
  ms: number,
): Promise<boolean> {
  const sent = await within(send(stream, message), ms);
  if (sent !== STALLED) return sent;
  throw new EspalierError('busy', `nothing was taken for ${ms / 1000} s: ask again`);
}

function take<R>(
  stream: Writable & { write(message: R, done: (error?: Error | null) => void): boolean },
  message: R,
): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (isTaken: boolean): void => {
      stream.off('close', onClose).off('cancelled', onClose);
      resolve(isTaken);
    };
    const onClose = (): void => done(false);
    stream.once('close', onClose).once('cancelled', onClose);
    stream.write(message, (error) => done(error === null || error === undefined));
  });
}

function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof STALLED> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(STALLED), ms);
    void promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
