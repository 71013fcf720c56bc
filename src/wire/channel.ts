// How every client of the coordinator talks gRPC: one set of channel options, the protocol's metadata, deadlines.
// Promise: a dead peer is noticed within 30 s, an environment's proxy is never used, no unary call waits for ever.

import { type ChannelOptions, Metadata } from '@grpc/grpc-js';
import { BOUNDS } from '../domain/bounds.ts';
import { PROTOCOL, PROTOCOL_KEY } from './protocol.ts';

/** Milliseconds after which a unary call is given up. */
export const UNARY_DEADLINE_MS = 10_000;

/** Options of every client channel. grpc-js has no connect timeout: whoever waits for READY sets a deadline. */
export const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 5_000,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.enable_retries': 0,
  // A channel that replaces a stuck one must not inherit its stuck connection from the process-wide pool.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.max_receive_message_length': BOUNDS.messageBytes,
  'grpc.max_send_message_length': BOUNDS.messageBytes,
};

/** Metadata for one call: the protocol that this side speaks. */
export function protocolMetadata(): Metadata {
  const metadata = new Metadata();
  metadata.set(PROTOCOL_KEY, PROTOCOL);
  return metadata;
}

/** Call options that give a call up after `milliseconds`. Made right before the call, since a deadline is a moment. */
export function withDeadline(milliseconds: number = UNARY_DEADLINE_MS): {
  readonly deadline: number;
} {
  return { deadline: Date.now() + milliseconds };
}
