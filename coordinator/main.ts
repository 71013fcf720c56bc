// The composition root: state folder, store, loop, services, server.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { ServerCredentials } from '@grpc/grpc-js';
import { isLoopback } from '../src/domain/loopback.ts';
import { lockFolder } from '../src/storage/folder-lock.ts';
import { statePaths } from '../src/storage/state-folder.ts';
import { admitAnyone } from './access/gate.ts';
import type { Protection } from './access/protection.ts';
import type { Limits } from './core/limits.ts';
import type { Now } from './core/model.ts';
import { DEFAULT_LIMITS } from './core/limits.ts';
import { type HighWaterNote, keepHighWater } from './high-water.ts';
import { logFacts } from './log-facts.ts';
import { Loop } from './loop.ts';
import { Standstill } from './standstill.ts';
import { createAgentService } from './rpc/agent-service.ts';
import { createBlobService } from './rpc/blob-service.ts';
import type { Rim } from './rpc/handler.ts';
import { Loads } from './rpc/loads.ts';
import { Uploaders } from './rpc/uploaders.ts';
import type { RunningServer } from './rpc/server.ts';
import { startServer } from './rpc/server.ts';
import { createSweepService } from './rpc/sweep-service.ts';
import { collectBlobs } from './rpc/collect-blobs.ts';
import { Blobs } from './store/blobs.ts';
import { openDatabase } from './store/open.ts';
import type { Store } from './store/store.ts';
import { openStore } from './store/store.ts';

/** How a coordinator is to run. */
export type CoordinatorOptions = {
  /** Host and port; port 0 is any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The state folder; created where it is missing. */
  readonly state: string;
  /** Listens without any protection also where other machines can connect. On loopback there is none. */
  readonly insecure: boolean;
  /** Times and counts that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /** One line for each thing that an operator wants to know. */
  readonly log: (line: string) => void;
};

/** A coordinator that serves. */
export type RunningCoordinator = {
  /** Host and port. */
  readonly address: string;
  /** Whether callers need certificates. */
  readonly isProtected: boolean;
  /** Resolves when it has been closed; rejects when it could not go on, such as with a full disk. */
  readonly ended: Promise<void>;
  /** Asks it to end, if it has not; settles as `ended` does. */
  close(): Promise<void>;
};

/**
 * Starts a coordinator. It owns its state folder until it has ended.
 * @throws EspalierError `busy` for a folder in use, `unavailable` for an address
 *   that cannot be had, `storage` or `version` for a database that cannot be used
 */
export async function startCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  const lock = lockFolder(options.state, 'coordinator');
  try {
    const running = await start(options);
    const closing = createLatch();
    const ended = serveUntil(closing.opened, running).finally(() => lock.release());
    const close = (): Promise<void> => {
      closing.open();
      return ended;
    };
    return { address: running.address, isProtected: running.isProtected, ended, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The release of SQLite that is installed. @throws EspalierError `version` for one that loses data */
export function findSqlite(): string {
  const db = openDatabase(':memory:');
  try {
    return String(db.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    db.close();
  }
}

type Started = {
  readonly address: string;
  readonly isProtected: boolean;
  /** Resolves with what ended the loop, if something does. */
  readonly broken: Promise<unknown>;
  readonly stop: () => Promise<void>;
};

async function start(options: CoordinatorOptions): Promise<Started> {
  const paths = statePaths(options.state);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const store = openStore(paths.database);
  const standstill = new Standstill(now);
  let loop: Loop | undefined;
  let server: RunningServer | undefined;
  let note: HighWaterNote | undefined;
  let protection: Protection | undefined;
  const stop = async (): Promise<void> => {
    try {
      rmSync(paths.address, { force: true });
      await server?.close();
      standstill.stop();
      loop?.close();
      note?.write();
    } finally {
      protection?.close();
      store.close();
    }
  };
  try {
    loop = new Loop({ store, now, limits, takeStandstill: () => standstill.take() });
    standstill.start(tick(loop));
    protection = needsProtection(options) ? await protect(options.state, options.log) : undefined;
    server = await serve({ options, loop, store, limits, protection });
    const { address } = server;
    const isProtected = protection !== undefined;
    writeAddress(paths.address, address, isProtected);
    logFacts(loop, options.log);
    note = keepHighWater(paths.highWater, loop, store, options.log);
    const how = isProtected ? ' with TLS' : '';
    options.log(`listening on ${address}${how}, state in ${options.state}`);
    return { address, isProtected, broken: loop.broken, stop };
  } catch (error) {
    await Promise.allSettled([stop()]);
    throw error;
  }
}

/** Has a loop look at its clock; whether that fails is its own to know. */
function tick(loop: Loop): () => void {
  return () => void loop.post({ kind: 'tick' }).catch(() => undefined);
}

/** Resolves once it was closed and has stopped; rejects with what broke it, or else with what went wrong while stopping. */
async function serveUntil(closing: Promise<void>, { broken, stop }: Started): Promise<void> {
  await Promise.race([closing, broken]);
  const [stopped] = await Promise.allSettled([stop()]);
  // The commit that stopping makes may fail too.
  const failure = await Promise.race([broken, Promise.resolve(null)]);
  if (failure !== null) throw failure;
  if (stopped.status === 'rejected') throw stopped.reason;
}

type Parts = {
  readonly options: CoordinatorOptions;
  readonly loop: Loop;
  readonly store: Store;
  readonly limits: Limits;
  readonly protection: Protection | undefined;
};

async function serve({ options, loop, store, limits, protection }: Parts): Promise<RunningServer> {
  const { listen, state, log } = options;
  const blobs = new Blobs(statePaths(state).blobs);
  collectBlobs(loop, blobs);
  const rim: Rim = {
    fail: (error) => log(`bug: ${error instanceof Error ? error.stack : String(error)}`),
    admit: protection?.gate.admit ?? admitAnyone,
  };
  const loads = new Loads();
  const uploaders = new Uploaders();
  const services = {
    agent: createAgentService({ loop, store, blobs, limits, loads, uploaders }, rim),
    blob: createBlobService({ blobs, limits, uploaders }, rim),
    sweep: createSweepService({ loop, store, now, limits, blobs, loads }, rim),
  };
  if (protection === undefined)
    return startServer(listen, services, ServerCredentials.createInsecure(), limits);
  const { createJoinService } = await import('./rpc/join-service.ts');
  const join = createJoinService({ ...protection, now, log }, rim);
  return startServer(listen, { ...services, join }, protection.credentials, limits);
}

type Latch = { readonly opened: Promise<void>; readonly open: () => void };

function createLatch(): Latch {
  let open: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open?.() };
}

function now(): Now {
  return { monoMs: performance.now(), wallMs: Date.now() };
}

/** What makes certificates is loaded where they are needed: on loopback a coordinator is back sooner without. */
async function protect(state: string, log: (line: string) => void): Promise<Protection> {
  const { openProtection } = await import('./access/protection.ts');
  return openProtection(statePaths(state), Date.now, log);
}

/** Only this machine reaches a loopback address. */
function needsProtection({ listen, insecure }: CoordinatorOptions): boolean {
  return !isLoopback(listen.host) && !insecure;
}

/** Written beside and renamed, so that a reader never sees half of it. */
function writeAddress(path: string, address: string, isProtected: boolean): void {
  writeFileSync(
    `${path}.new`,
    JSON.stringify({ address, pid: process.pid, startedMs: Date.now(), isProtected }),
  );
  renameSync(`${path}.new`, path);
}
