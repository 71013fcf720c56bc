// gRPC without a network: the coordinator's side of a call, and what it says. Messages pass through their wire format.

import { Duplex, Writable } from 'node:stream';
import type { sendUnaryData } from '@grpc/grpc-js';
import { protocolMetadata } from '../../src/wire/channel.ts';

/** A type of messages, as ts-proto generates them. */
export type Codec<T> = {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
};

/** A message as it comes out at the other end. */
export function transmit<T>(codec: Codec<T>, message: T): T {
  return codec.decode(codec.encode(message).finish());
}

/** A call with streams both ways. */
export type Talk<Q> = {
  /** Says something to the coordinator. */
  say(message: Q): void;
  /** The connection is gone. */
  hangUp(): void;
};

/** Opens a call to a handler; `onMessage` hears what it answers. */
export function talk<Q, R>(
  handler: (call: never) => void,
  codecs: { readonly request: Codec<Q>; readonly response: Codec<R> },
  onMessage: (message: R) => void,
): Talk<Q> {
  const call = new Duplex({
    objectMode: true,
    read: () => undefined,
    write: (message: R, _encoding, done) => {
      onMessage(transmit(codecs.response, message));
      done();
    },
  });
  handler(Object.assign(call, { metadata: protocolMetadata() }) as never);
  return {
    say: (message) => void call.push(transmit(codecs.request, message)),
    hangUp: () => void call.destroy(),
  };
}

/** All messages of a call that answers with a stream. */
export async function download<R>(
  handler: (call: never) => void,
  request: unknown,
  response: Codec<R>,
): Promise<readonly R[]> {
  const messages: R[] = [];
  return new Promise((resolve, reject) => {
    const call = new Writable({
      objectMode: true,
      write: (message: R, _encoding, done) => {
        messages.push(transmit(response, message));
        done();
      },
      final: (done) => {
        resolve(messages);
        done();
      },
    });
    call.on('error', reject);
    handler(Object.assign(call, { metadata: protocolMetadata(), request }) as never);
  });
}

/** The answer of a call with one request and one response. */
export async function ask<R>(
  handler: (call: never, reply: sendUnaryData<R>) => void,
  request: unknown,
): Promise<R> {
  return new Promise((resolve, reject) => {
    const call = { metadata: protocolMetadata(), request };
    handler(call as never, (error, response) => {
      if (error === null && response !== null && response !== undefined) resolve(response);
      else reject(new Error(`the coordinator refused: ${JSON.stringify(error)}`));
    });
  });
}
