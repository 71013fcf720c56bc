// The session: heartbeats to the coordinator, what the agent should be running back.
// Promise: a heartbeat leaves at every interval and when told to, and none waits behind a connection that takes nothing.

import type { ClientDuplexStream } from '@grpc/grpc-js';
import { protocolMetadata } from '../../src/wire/channel.ts';
import type {
  AgentServiceClient,
  SessionRequest,
  SessionResponse,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import { toDeferred } from '../../src/domain/deferred.ts';
import type { CallStatus } from './call-status.ts';
import { cancelSoon } from './cancel.ts';

/** What a session needs of the agent. */
export type SessionHost = {
  readonly heartbeat: () => SessionRequest;
  readonly onDesired: (desired: SessionResponse) => void;
  readonly heartbeatMs: number;
};

/** One run of the stream, until it ends. */
export class SessionStream {
  /** Fulfilled when the stream has ended. */
  readonly over: Promise<CallStatus>;
  readonly #call: ClientDuplexStream<SessionRequest, SessionResponse>;
  readonly #host: SessionHost;
  readonly #timer: NodeJS.Timeout;
  #isFull = false;
  #isOpen = true;

  /** Opens the stream and sends the first heartbeat. */
  constructor(client: AgentServiceClient, host: SessionHost) {
    this.#host = host;
    this.#call = client.session(protocolMetadata());
    this.#timer = setInterval(() => this.beat(), host.heartbeatMs);
    const over = toDeferred<CallStatus>();
    this.over = over.promise;
    this.#call.on('data', (response: SessionResponse) => host.onDesired(response));
    this.#call.on('drain', () => {
      this.#isFull = false;
    });
    this.#call.on('error', () => undefined);
    this.#call.on('status', (ended: CallStatus) => {
      this.#end();
      over.resolve(ended);
    });
    this.beat();
  }

  /** Sends a heartbeat now. */
  beat(): void {
    if (!this.#isOpen || this.#isFull) return;
    this.#isFull = !this.#call.write(this.#host.heartbeat());
  }

  /** Sends the last heartbeat and waits until the coordinator has read it, at most `limitMs`. */
  async leave(limitMs: number): Promise<void> {
    if (!this.#isOpen) return;
    this.#end();
    this.#call.write({ ...this.#host.heartbeat(), running: [], leaving: true });
    this.#call.end();
    const timer = setTimeout(() => this.close(), limitMs);
    await this.over;
    clearTimeout(timer);
  }

  /** Ends the stream. */
  close(): void {
    this.#end();
    cancelSoon(this.#call);
  }

  #end(): void {
    this.#isOpen = false;
    clearInterval(this.#timer);
  }
}
