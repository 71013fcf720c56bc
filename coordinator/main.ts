// The composition root: state folder, store, loop, services, server.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { EspalierError } from '../src/domain/errors.ts';
import { lockFolder } from '../src/storage/folder-lock.ts';
import { statePaths } from '../src/storage/state-folder.ts';
import type { Limits } from './core/limits.ts';
import type { Now } from './core/model.ts';
import { DEFAULT_LIMITS } from './core/limits.ts';
import { Loop } from './loop.ts';
import { createAgentService } from './rpc/agent-service.ts';
import { createBlobService } from './rpc/blob-service.ts';
import type { RunningServer } from './rpc/server.ts';
import { startServer } from './rpc/server.ts';
import { createSweepService } from './rpc/sweep-service.ts';
import { Blobs } from './store/blobs.ts';
import type { Store } from './store/store.ts';
import { openStore } from './store/store.ts';

export type CoordinatorOptions = {
  /** Host and port; port 0 is any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The state folder; created where it is missing. */
  readonly state: string;
  /** Allows to listen where other machines can connect, without any protection. */
  readonly insecure: boolean;
  readonly limits?: Partial<Limits>;
  /** One line for each thing that an operator wants to know. */
  readonly log: (line: string) => void;
};

export type RunningCoordinator = {
  readonly address: string;
  /** Resolves when it has been closed; rejects when it could not go on, such as with a full disk. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
};

/** Starts a coordinator. It owns its state folder until it is closed. */
export async function startCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  assertAllowed(options);
  const lock = lockFolder(options.state, 'coordinator');
  try {
    return await start(options, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function start(
  options: CoordinatorOptions,
  release: () => void,
): Promise<RunningCoordinator> {
  const paths = statePaths(options.state);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const store = openStore(paths.database);
  const { promise, resolve, reject } = openEnding();
  const stop = async (server: RunningServer | undefined): Promise<void> => {
    rmSync(paths.address, { force: true });
    await server?.close();
    loop.close();
    store.close();
    release();
  };
  let server: RunningServer | undefined;
  const fail = async (error: unknown): Promise<void> => {
    await stop(server);
    reject(error);
  };
  const loop = new Loop({ store, now, limits, fail: (error) => void fail(error) });
  try {
    server = await serve(options, loop, store, limits);
  } catch (error) {
    await stop(undefined);
    throw error;
  }
  writeAddress(paths.address, server.address);
  logFacts(loop, options.log);
  options.log(`listening on ${server.address}, state in ${options.state}`);
  return { address: server.address, ended: promise, close: () => stop(server).then(resolve) };
}

function serve(
  options: CoordinatorOptions,
  loop: Loop,
  store: Store,
  limits: Limits,
): Promise<RunningServer> {
  const blobs = new Blobs(statePaths(options.state).blobs);
  const report = (error: unknown): void =>
    options.log(`bug: ${error instanceof Error ? error.stack : String(error)}`);
  return startServer(options.listen, {
    agent: createAgentService(loop, store, limits.lostMs, report),
    blob: createBlobService(blobs, report),
    sweep: createSweepService({ loop, store, now, limits, blobs }, report),
  });
}

type Ending = {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** A promise with its two ends in hand. */
function openEnding(): Ending {
  let ends: Omit<Ending, 'promise'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<void>((resolve, reject) => {
    ends = { resolve, reject };
  });
  return { promise, ...ends };
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
  writeFileSync(`${path}.new`, JSON.stringify({ address, pid: process.pid }));
  renameSync(`${path}.new`, path);
}

function logFacts(loop: Loop, log: (line: string) => void): void {
  loop.onCommit((facts) => {
    for (const fact of facts) {
      if (fact.kind === 'sweep-submitted') log(`sweep ${fact.sweep.id} submitted`);
      if (fact.kind === 'agent-joined')
        log(`agent ${fact.name} joined with ${fact.slots.length} slots`);
      if (fact.kind === 'agent-lost') log(`agent ${fact.agentId} lost`);
      if (fact.kind === 'lease-ended' && fact.end !== 'completed')
        log(`stage ${fact.stageId} attempt ${fact.attempt} ${fact.end}: ${fact.message}`);
      if (fact.kind === 'sweep-ended') log(`sweep ${fact.sweepId} ${fact.state}`);
    }
  });
}
