// One call to a coordinator that changes nothing: whether it answers, to whom, and what time it has there.

import type { Metadata } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { CHANNEL_OPTIONS, protocolMetadata, withDeadline } from './channel.ts';
import type { Trust } from './credentials.ts';
import { TLS_OPTIONS, toChannelCredentials } from './credentials.ts';
import { BlobServiceClient } from './generated/espalier/v1/blob.ts';

/** What came back. */
export type Greeting = {
  /** gRPC's status. */
  readonly code: number;
  /** The words that came with it. */
  readonly details: string;
  /** How far the clock of the other side is ahead of this one, milliseconds, to a second; undefined if nobody answered. */
  readonly aheadMs: number | undefined;
};

/**
 * Asks for nothing. Whoever may not even do that is told so, and by the same answer what time it is.
 * @param wallMs the time, milliseconds since 1970
 */
export function greet(
  address: string,
  trust: Trust | undefined,
  limitMs: number,
  wallMs: () => number,
): Promise<Greeting> {
  const options = trust === undefined ? CHANNEL_OPTIONS : { ...CHANNEL_OPTIONS, ...TLS_OPTIONS };
  const client = new BlobServiceClient(address, toChannelCredentials(trust), options);
  const sentMs = wallMs();
  return new Promise((resolve) => {
    let date: number | undefined;
    const call = client.findMissing(
      { sha256: [] },
      protocolMetadata(),
      withDeadline(limitMs),
      (error) => {
        client.close();
        const theirMs = date ?? (error ? readDate(error.metadata) : undefined);
        const aheadMs = theirMs && theirMs - (sentMs + wallMs()) / 2;
        resolve({ code: error?.code ?? status.OK, details: error?.details ?? '', aheadMs });
      },
    );
    call.on('metadata', (metadata) => (date = readDate(metadata)));
  });
}

/** The time in the middle of the second that an answer of HTTP says. */
function readDate(metadata: Metadata): number | undefined {
  const ms = Date.parse(String(metadata.get('date')[0]));
  return Number.isNaN(ms) ? undefined : ms + 500;
}
