// The composition root: state folder, store, loop, services, server.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { EspalierError } from '../src/domain/errors.ts';
import { lockFolder } from '../src/storage/folder-lock.ts';
import { statePaths } from '../src/storage/state-folder.ts';
import type { Limits } from './core/limits.ts';
import type { Now } from './core/model.ts';
import { DEFAULT_LIMITS } from './core/limits.ts';
import { type HighWaterNote, keepHighWater } from './high-water.ts';
import { logFacts } from './log-facts.ts';
import { Loop } from './loop.ts';
import { createAgentService } from './rpc/agent-service.ts';
import { createBlobService } from './rpc/blob-service.ts';
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
  /** Allows to listen where other machines can connect, without any protection. */
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
  /** Resolves when it has been closed; rejects when it could not go on, such as with a full disk. */
  readonly ended: Promise<void>;
  /** Asks it to end, if it has not; settles as `ended` does. */
  close(): Promise<void>;
};

/**
 * Starts a coordinator. It owns its state folder until it has ended.
 * @throws EspalierError `usage` for an address that needs `insecure`, `busy` for a folder in use, `unavailable` for an address
 *   that cannot be had, `storage` or `version` for a database that cannot be used
 */
export async function startCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  assertAllowed(options);
  const lock = lockFolder(options.state, 'coordinator');
  try {
    const running = await start(options);
    const closing = createGate();
    const ended = serveUntil(closing.opened, running).finally(() => lock.release());
    const close = (): Promise<void> => {
      closing.open();
      return ended;
    };
    return { address: running.address, ended, close };
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
  /** Resolves with what ended the loop, if something does. */
  readonly broken: Promise<unknown>;
  readonly stop: () => Promise<void>;
};

async function start(options: CoordinatorOptions): Promise<Started> {
  const paths = statePaths(options.state);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const store = openStore(paths.database);
  let loop: Loop | undefined;
  let server: RunningServer | undefined;
  let note: HighWaterNote | undefined;
  const stop = async (): Promise<void> => {
    try {
      rmSync(paths.address, { force: true });
      await server?.close();
      loop?.close();
      note?.write();
    } finally {
      store.close();
    }
  };
  try {
    loop = new Loop({ store, now, limits });
    server = await serve(options, loop, store, limits);
    writeAddress(paths.address, server.address);
    logFacts(loop, options.log);
    note = keepHighWater(paths.highWater, loop, store, options.log);
    options.log(`listening on ${server.address}, state in ${options.state}`);
    return { address: server.address, broken: loop.broken, stop };
  } catch (error) {
    await Promise.allSettled([stop()]);
    throw error;
  }
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

function serve(
  options: CoordinatorOptions,
  loop: Loop,
  store: Store,
  limits: Limits,
): Promise<RunningServer> {
  const blobs = new Blobs(statePaths(options.state).blobs);
  collectBlobs(loop, blobs);
  const report = (error: unknown): void =>
    options.log(`bug: ${error instanceof Error ? error.stack : String(error)}`);
  return startServer(options.listen, {
    agent: createAgentService({ loop, store, blobs, lostMs: limits.lostMs }, report),
    blob: createBlobService(blobs, report),
    sweep: createSweepService({ loop, store, now, limits, blobs }, report),
  });
}

type Gate = { readonly opened: Promise<void>; readonly open: () => void };

function createGate(): Gate {
  let open: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open?.() };
}

function now(): Now {
  return { monoMs: performance.now(), wallMs: Date.now() };
}

function assertAllowed({ listen, insecure }: CoordinatorOptions): void {
  const isLoopback =
    listen.host === 'localhost' || listen.host === '::1' || listen.host.startsWith('127.');
  if (isLoopback || insecure) return;
  throw new EspalierError(
    'usage',
    `listening on ${listen.host} would let anyone who can reach it run code on your agents: listen on 127.0.0.1, or say --insecure if the network is yours alone`,
  );
}

/** Written beside and renamed, so that a reader never sees half of it. */
function writeAddress(path: string, address: string): void {
  writeFileSync(
    `${path}.new`,
    JSON.stringify({ address, pid: process.pid, startedMs: Date.now() }),
  );
  renameSync(`${path}.new`, path);
}
