// One channel to the coordinator, and the services on it.
// Promise: a link is either ready or given up; a connection that never becomes ready is not waited for, since grpc-js would do so
// for ever.

import { Channel, connectivityState } from '@grpc/grpc-js';
import { BOUNDS } from '../../src/domain/bounds.ts';
import { CHANNEL_OPTIONS } from '../../src/wire/channel.ts';
import type { Trust } from '../../src/wire/credentials.ts';
import { TLS_OPTIONS, toChannelCredentials } from '../../src/wire/credentials.ts';
import { AgentServiceClient } from '../../src/wire/generated/espalier/v1/agent.ts';
import { BlobServiceClient } from '../../src/wire/generated/espalier/v1/blob.ts';

/** A channel that was ready once. */
export type Link = {
  readonly agent: AgentServiceClient;
  readonly blobs: BlobServiceClient;
  readonly close: () => void;
};

/** Connects to `target` (`host:port`), over TLS where there is `trust`; undefined when that takes longer than `limitMs` or is aborted. */
export async function openLink(
  target: string,
  trust: Trust | undefined,
  limitMs: number,
  signal: AbortSignal,
): Promise<Link | undefined> {
  const credentials = toChannelCredentials(trust);
  const protection = trust === undefined ? {} : TLS_OPTIONS;
  const bound = { 'grpc.max_receive_message_length': BOUNDS.messageToAgentBytes };
  const channel = new Channel(target, credentials, { ...CHANNEL_OPTIONS, ...protection, ...bound });
  const close = (): void => channel.close();
  if (!(await isReadyWithin(channel, limitMs, signal))) {
    close();
    return undefined;
  }
  const options = { channelOverride: channel };
  return {
    agent: new AgentServiceClient(target, credentials, options),
    blobs: new BlobServiceClient(target, credentials, options),
    close,
  };
}

/** The channel is not touched any more once this is settled: grpc-js revives a closed channel that is asked for its state. */
async function isReadyWithin(
  channel: Channel,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  const outcome = new AbortController();
  const isReady = await new Promise<boolean>((resolve) => {
    const check = (error?: Error): void => {
      if (outcome.signal.aborted) return;
      const state = error === undefined ? channel.getConnectivityState(true) : undefined;
      if (state === undefined || state === connectivityState.READY) resolve(state !== undefined);
      else channel.watchConnectivityState(state, deadline, check);
    };
    signal.addEventListener('abort', () => resolve(false), { once: true, signal: outcome.signal });
    if (signal.aborted) resolve(false);
    else check();
  });
  outcome.abort();
  return isReady;
}
