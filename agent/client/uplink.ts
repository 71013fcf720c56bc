// The agent's side of the connection: connects, replays, keeps session and reports going, and begins again when they end.
// Promise: the first heartbeat of a run leaves after everything spooled before it is acknowledged; an outage is waited out; a
// refusal rejects `run` with the coordinator's words.

import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';
import type { SessionResponse, StaleAttempt } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Trust } from '../../src/wire/credentials.ts';
import { findHindrance, PROBE_MS } from '../../src/wire/probe.ts';
import { type Deferred, toDeferred } from '../../src/domain/deferred.ts';
import type { AgentStore } from '../state/agent-store.ts';
import { type CallStatus, describeStatus, isOutage, toRefusal } from './call-status.ts';
import { type Link, openLink } from './link.ts';
import { ReportStream } from './report-stream.ts';
import { type SessionHost, SessionStream } from './session-stream.ts';

const BACKOFF_MS = { least: 500, most: 5_000 };
const TRIES = 20;

/** What the uplink needs of the agent. */
export type UplinkHost = Pick<SessionHost, 'heartbeat' | 'heartbeatMs'> & {
  /** The coordinator, `host:port`. */
  readonly target: string;
  /** What to show to it at the next connection; undefined for a coordinator without protection. */
  readonly trust: () => Trust | undefined;
  readonly store: AgentStore;
  /** How long to wait for a connection before trying with a new channel. */
  readonly connectMs: number;
  readonly onDesired: (desired: SessionResponse) => void;
  readonly onDown: () => void;
  readonly onStale: (attempts: readonly StaleAttempt[]) => void;
  readonly log: (line: string) => void;
};

/** Connected or not, one at a time. */
export class Uplink {
  readonly #host: UplinkHost;
  readonly #replayTo: number;
  #link: Deferred<Link> = toDeferred();
  #report: ReportStream | undefined;
  #session: SessionStream | undefined;
  #backoffMs = BACKOFF_MS.least;
  #isLeaving = false;

  constructor(host: UplinkHost) {
    this.#host = host;
    this.#replayTo = host.store.last;
  }

  /** Stays connected until aborted. Rejects with `EspalierError`, `version` or `unauthenticated`, when the coordinator refuses this agent. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const link = await this.#connect(signal);
      if (link === undefined) return;
      const ended = await this.#serve(link, signal);
      const refusal = toRefusal(ended, this.#host.target);
      if (refusal !== undefined) throw refusal;
      if (signal.aborted || this.#isLeaving) return;
      this.#host.log(`lost the coordinator: ${describeStatus(ended)}`);
      await sleep(this.#backoffMs * (1 + Math.random() / 5), undefined, { signal }).catch(() => {});
      this.#backoffMs = Math.min(BACKOFF_MS.most, this.#backoffMs * 2);
    }
  }

  /** Connects anew, so that what is shown to the coordinator is what there is to show now. */
  reconnect(): void {
    this.#session?.close();
  }

  /** Whether there is a session with the coordinator now. */
  get isConnected(): boolean {
    return this.#session !== undefined;
  }

  /** Sends a heartbeat now, if connected. */
  beat(): void {
    this.#session?.beat();
  }

  /** Delivers what is spooled and says good-bye, each within a limit; at once where there is no connection. */
  async leave(deliverMs: number, leaveMs: number): Promise<void> {
    this.#isLeaving = true;
    const [report, session] = [this.#report, this.#session];
    if (report === undefined || session === undefined) return;
    const end = new AbortController();
    const limit = sleep(deliverMs, undefined, { signal: end.signal }).catch(() => {});
    await Promise.race([report.acknowledged(this.#host.store.last), session.over, limit]);
    end.abort();
    await session.leave(leaveMs);
  }

  /** The link, once there is one. */
  async link(): Promise<Link> {
    return this.#link.promise;
  }

  /** Carries out something that uses {@link link}, again after each outage. */
  async retry<T>(request: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await request();
      } catch (error) {
        if (!isOutage(error)) throw error;
        if (tries === TRIES)
          throw new EspalierError('unavailable', String(error), { cause: error });
      }
      await sleep(BACKOFF_MS.least, undefined, { ref: false });
    }
  }

  async #connect(signal: AbortSignal): Promise<Link | undefined> {
    const { target, trust, connectMs } = this.#host;
    // A channel that is given up keeps its silent connection until the peer ends it; more patience keeps those few.
    for (let limitMs = connectMs; !signal.aborted; limitMs = toPatience(limitMs, connectMs)) {
      const link = await openLink(target, trust(), limitMs, signal);
      if (link !== undefined) return link;
      if (limitMs === connectMs && !signal.aborted) {
        await this.#explain();
      }
    }
    return undefined;
  }

  /** Says why there is no connection. @throws EspalierError `unauthenticated` where there never will be one */
  async #explain(): Promise<void> {
    const { target, trust, connectMs, log } = this.#host;
    const limitMs = Math.min(connectMs, PROBE_MS);
    const hindrance = await findHindrance(target, trust(), 'agent', limitMs);
    if (hindrance !== undefined && trust() === undefined)
      throw new EspalierError('unauthenticated', hindrance);
    log(hindrance ?? `cannot reach the coordinator at ${target}; trying on`);
  }

  async #serve(link: Link, signal: AbortSignal): Promise<CallStatus> {
    const { store, onStale } = this.#host;
    this.#link.resolve(link);
    const onForgotten = (reports: number): void => this.#tellForgotten(reports);
    const report = new ReportStream(link.agent, store, { onStale, onForgotten });
    this.#report = report;
    const ended = await Promise.race([report.over, this.#attend(link, report), toAborted(signal)]);
    this.#session?.close();
    report.close();
    link.close();
    this.#session = this.#report = undefined;
    this.#link = toDeferred();
    this.#host.onDown();
    return ended;
  }

  #tellForgotten(reports: number): void {
    this.#host.log(
      `the coordinator has no record of ${reports} reports that were acknowledged: its database is an older copy. What they told is trained again from what is on record there`,
    );
  }

  async #attend(link: Link, report: ReportStream): Promise<CallStatus> {
    const { target, heartbeat, heartbeatMs, onDesired, log } = this.#host;
    await report.acknowledged(this.#replayTo);
    let isFirst = true;
    const session = new SessionStream(link.agent, {
      heartbeat,
      heartbeatMs,
      onDesired: (desired) => {
        if (isFirst) log(`connected to the coordinator at ${target}`);
        isFirst = false;
        this.#backoffMs = BACKOFF_MS.least;
        if (desired.forgottenReports > 0) this.#tellForgotten(desired.forgottenReports);
        onDesired(desired);
      },
    });
    this.#session = session;
    return session.over;
  }
}

function toPatience(limitMs: number, connectMs: number): number {
  return Math.min(limitMs * 2, connectMs * 6);
}

async function toAborted(signal: AbortSignal): Promise<CallStatus> {
  const ended = { code: status.CANCELLED, details: 'the agent ends' };
  if (signal.aborted) return ended;
  const aborted = toDeferred<CallStatus>();
  signal.addEventListener('abort', () => aborted.resolve(ended), { once: true });
  return aborted.promise;
}
