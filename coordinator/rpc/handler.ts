// The wrapper around every handler: the other side's version and its right to call are checked, and whatever goes wrong becomes a
// status.
// A rejected promise in a handler of grpc-js would otherwise end the process and leave the caller waiting.

import type {
  Metadata,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
} from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { EspalierError, toGrpcStatus } from '../../src/domain/errors.ts';
import { PROTOCOL, PROTOCOL_KEY } from '../../src/wire/protocol.ts';
import type { Caller } from '../access/caller.ts';
import type { Admit, IncomingCall } from '../access/gate.ts';

/** Told of failures that are bugs. */
export type Fail = (error: unknown) => void;

/** What surrounds every handler. */
export type Rim = { readonly fail: Fail; readonly admit: Admit };

/** Characters of a refusal's words at most. */
const DETAILS_MOST = 4_000;

type Status = { readonly code: number; readonly details: string };

/** A call with one request and one response. */
export function unary<Q, R>(rim: Rim, body: (request: Q, caller: Caller) => Promise<R> | R) {
  return (call: ServerUnaryCall<Q, R>, reply: sendUnaryData<R>): void => {
    settle(
      call,
      rim,
      (caller) => body(call.request, caller),
      (response) => reply(null, response),
      (error) => reply(error),
    );
  };
}

/** A call with a stream of requests and one response. */
export function uploading<Q, R>(
  rim: Rim,
  body: (requests: AsyncIterable<Q>, caller: Caller) => Promise<R>,
) {
  return (call: ServerReadableStream<Q, R>, reply: sendUnaryData<R>): void => {
    call.on('error', () => undefined);
    settle(
      call,
      rim,
      (caller) => body(call, caller),
      (response) => reply(null, response),
      (error) => reply(error),
    );
  };
}

/** A call with a stream of responses; `body` returns when it is over. */
export function downloading<Q, R>(
  rim: Rim,
  body: (call: ServerWritableStream<Q, R>, caller: Caller) => Promise<void>,
) {
  return (call: ServerWritableStream<Q, R>): void => {
    call.on('error', () => undefined);
    settle(
      call,
      rim,
      (caller) => body(call, caller),
      () => call.end(),
      (error) => void call.emit('error', toError(error)),
    );
  };
}

/** A call with streams both ways; `body` returns when it is over. */
export function talking<Q, R>(
  rim: Rim,
  body: (call: ServerDuplexStream<Q, R>, caller: Caller) => Promise<void>,
) {
  return (call: ServerDuplexStream<Q, R>): void => {
    call.on('error', () => undefined);
    settle(
      call,
      rim,
      (caller) => body(call, caller),
      () => call.end(),
      (error) => void call.emit('error', toError(error)),
    );
  };
}

function settle<R>(
  call: IncomingCall & { readonly metadata: Metadata },
  { fail, admit }: Rim,
  body: (caller: Caller) => Promise<R> | R,
  succeed: (response: R) => void,
  refuse: (status: Status) => void,
): void {
  const run = async (): Promise<R> => {
    assertVersion(call.metadata);
    return admit(call, body);
  };
  run()
    .then(succeed, (error: unknown) => refuse(toStatus(error, fail)))
    .catch(fail);
}

function assertVersion(metadata: Metadata): void {
  const theirs = metadata.get(PROTOCOL_KEY)[0]?.toString() ?? 'none';
  if (theirs === PROTOCOL) return;
  throw new EspalierError(
    'version',
    `this coordinator speaks protocol ${PROTOCOL}, the caller ${theirs}: install the same release of Espalier on both sides`,
  );
}

function toStatus(error: unknown, fail: Fail): Status {
  if (error instanceof EspalierError)
    return { code: toGrpcStatus(error.code), details: toDetails(error.message) };
  if (isGone(error)) return { code: status.CANCELLED, details: 'the caller is gone' };
  fail(error);
  return { code: status.INTERNAL, details: 'internal error: see the log of the coordinator' };
}

/** Details travel as a header: bounded, and never half of a surrogate pair, which grpc-js could not encode. */
function toDetails(message: string): string {
  return message.slice(0, DETAILS_MOST).toWellFormed();
}

function isGone(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === status.CANCELLED)
  );
}

/** grpc-js ends a stream with the status that its `error` event carries; destroying it would leave the caller waiting. */
function toError(failure: Status): Error {
  return Object.assign(new Error(failure.details), failure);
}
