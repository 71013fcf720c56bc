// What an agent reads from the coordinator: blobs, and the recorded metrics of a stage's path.
// Promise: a download that stands still is given up, so that it can be tried again.

import { type ClientReadableStream, status } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import { protocolMetadata } from '../../src/wire/channel.ts';
import type { Member } from '../../src/wire/generated/espalier/v1/agent.ts';
import { isOutage } from './call-status.ts';
import { cancelSoon } from './cancel.ts';
import type { Link } from './link.ts';

const STALL_MS = 30_000;

/** Yields the bytes of a blob. */
export async function* downloadBlob(link: Link, sha256: string): AsyncGenerator<Uint8Array> {
  const call = link.blobs.getBlob({ sha256 }, protocolMetadata());
  for await (const { chunk } of readStream(call, `the blob ${sha256}`)) yield chunk;
}

/** The trials of a stage. */
export async function fetchMembers(link: Link, stageId: string): Promise<readonly Member[]> {
  const call = link.agent.getMembers({ stageId }, protocolMetadata());
  const all: Member[] = [];
  for await (const { members } of readStream(call, `the trials of stage ${stageId}`))
    all.push(...members);
  return all;
}

/** Metrics by epoch. */
export async function fetchHistory(
  link: Link,
  stageId: string,
): Promise<ReadonlyMap<number, Metrics>> {
  const call = link.agent.getHistory({ stageId }, protocolMetadata());
  const history = new Map<number, Metrics>();
  for await (const { epoch, metrics } of readStream(call, `the history of stage ${stageId}`)) {
    history.set(epoch, Object.fromEntries(metrics.map(({ name, value }) => [name, value])));
  }
  return history;
}

/** An outage passes as it is, for a retry to see; any other failure becomes `EspalierError`, `not-found` or else `unavailable`. */
async function* readStream<T>(call: ClientReadableStream<T>, what: string): AsyncGenerator<T> {
  const timer = setTimeout(() => call.cancel(), STALL_MS);
  try {
    for await (const message of call) {
      timer.refresh();
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed any; it yields what the deserialiser makes
      yield message as T;
    }
  } catch (error) {
    if (isOutage(error)) throw error;
    const code = isNotFound(error) ? 'not-found' : 'unavailable';
    throw new EspalierError(code, `${what} could not be fetched: ${String(error)}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    cancelSoon(call);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === status.NOT_FOUND;
}
