// Calls whose messages are bytes, so that anything can be said to any method.

import type { EventEmitter } from 'node:events';
import type { ChannelCredentials, Metadata, StatusObject } from '@grpc/grpc-js';
import { Client, status } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { CHANNEL_OPTIONS, protocolMetadata } from '../../src/wire/channel.ts';
import { AgentServiceService } from '../../src/wire/generated/espalier/v1/agent.ts';
import { BlobServiceService } from '../../src/wire/generated/espalier/v1/blob.ts';
import { JoinServiceService } from '../../src/wire/generated/espalier/v1/join.ts';
import { SweepServiceService } from '../../src/wire/generated/espalier/v1/sweep.ts';

/** A method of a service, as far as a call needs to know it. */
export type Method = {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
};

/** Every method of every service. */
export const METHODS: readonly Method[] = [
  AgentServiceService,
  BlobServiceService,
  SweepServiceService,
  JoinServiceService,
].flatMap((service) => Object.values(service) as Method[]);

/** How a call went: answers that were read, and its status. */
export type Outcome = { readonly code: status; readonly details: string; readonly answers: number };

type Call = EventEmitter & {
  cancel(): void;
  write?(message: Buffer): boolean;
  end?(): void;
};

/** Messages are what they are. */
export function same(bytes: Buffer): Buffer {
  return bytes;
}

function unread(): void {
  return undefined;
}

/** Longer than anything takes; a call that lasts so long has been left without an answer. */
const PATIENCE_MS = 20_000;

/** A client that sends bytes; it is closed when the test ends. */
export function rawClient(address: string, credentials: ChannelCredentials, options = {}): Client {
  const any = { 'grpc.max_send_message_length': -1, 'grpc.max_receive_message_length': -1 };
  const client = new Client(address, credentials, { ...CHANNEL_OPTIONS, ...options, ...any });
  onTestFinished(() => client.close());
  return client;
}

/**
 * Says `messages` and hears the answer out; of a watch, the first of it.
 * @throws where the coordinator gives no answer at all
 */
export async function callRaw(
  client: Client,
  { path, requestStream, responseStream }: Method,
  messages: readonly Buffer[],
  metadata: Metadata = protocolMetadata(),
  onAnswer: (answer: Buffer) => void = unread,
): Promise<Outcome> {
  const [first = Buffer.alloc(0)] = messages;
  const options = { deadline: Date.now() + PATIENCE_MS };
  const start = (): Call => {
    if (responseStream && requestStream)
      return client.makeBidiStreamRequest(path, same, same, metadata, options);
    if (responseStream)
      return client.makeServerStreamRequest(path, same, same, first, metadata, options);
    if (requestStream)
      return client.makeClientStreamRequest(path, same, same, metadata, options, unread);
    return client.makeUnaryRequest(path, same, same, first, metadata, options, unread);
  };
  const stream = start();
  let answers = 0;
  const ended = new Promise<StatusObject>((resolve) => stream.once('status', resolve));
  stream.on('error', () => undefined);
  if (responseStream)
    stream.on('data', (answer: Buffer) => {
      onAnswer(answer);
      answers += 1;
      // A watcher is told of changes for ever.
      if (/\/Watch(Trial)?$/.test(path)) stream.cancel();
    });
  for (const message of messages) stream.write?.(message);
  stream.end?.();
  const { code, details } = await ended;
  if (code === status.DEADLINE_EXCEEDED) throw new Error(`${path} was left without an answer`);
  return { code, details, answers };
}
