// The agent: runs trials on this host for a coordinator. The composition root.
// Promise: returns only when nothing that it started is left, whatever made it end.

import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { downloadBlob, fetchHistory } from './client/downloads.ts';
import { Uplink } from './client/uplink.ts';
import { parseSources, toSourced } from './core/assignment.ts';
import { type DeviceSlot, findGpus, toSlots } from './device/slots.ts';
import { AgentLoop } from './loop.ts';
import { toDeferred } from '../src/domain/deferred.ts';
import { type AgentOptions, type AgentSettings, withDefaults } from './options.ts';
import { listenForSignals } from './signals.ts';
import { AgentStore } from './state/agent-store.ts';
import { tidyFolders } from './state/folders.ts';
import { SourceCache } from './state/source-cache.ts';
import { killSurvivors } from './trial/process-group.ts';
import { SlotRunner } from './trial/slot-runner.ts';

export type { AgentOptions } from './options.ts';
export { listenForSignals } from './signals.ts';

const DELIVER_MS = 10_000;
const LEAVE_MS = 2_000;

/**
 * Runs an agent until it is asked to drain or to stop. Rejects with `EspalierError`: `busy` when another agent has the state
 * folder, `usage` when the host has nothing to offer, `version` when the coordinator refuses it, `storage` when the disk fails.
 */
export async function runAgent(given: AgentOptions): Promise<void> {
  const options = withDefaults({ ...given, state: resolve(given.state) });
  const store = AgentStore.open(options.state);
  try {
    await new Agent(options, store, await prepare(options, store)).run();
  } finally {
    store.close();
  }
}

/** What this host would offer by default: its GPUs, or else CPU slots. */
export async function findSlots(): Promise<readonly DeviceSlot[]> {
  return toSlots(await findGpus());
}

type Settled = AgentOptions & AgentSettings;

async function prepare(options: Settled, store: AgentStore): Promise<readonly DeviceSlot[]> {
  const killed = await killSurvivors(store.agentId);
  if (killed > 0) options.log(`killed ${killed} processes that an earlier run left behind`);
  tidyFolders(options.state);
  return toSlots(await (options.findGpus ?? findGpus)(), options.slots);
}

class Agent {
  readonly #options: Settled;
  readonly #store: AgentStore;
  readonly #cache: SourceCache;
  readonly #uplink: Uplink;
  readonly #loop: AgentLoop;

  constructor(options: Settled, store: AgentStore, slots: readonly DeviceSlot[]) {
    this.#options = options;
    this.#store = store;
    this.#cache = new SourceCache(options.state, (sha256) => this.#download(sha256));
    this.#loop = this.#toLoop(slots);
    this.#uplink = this.#toUplink();
    const names = slots.map(({ name }) => name).join(', ');
    options.log(`agent ${store.agentId} offers ${names} to ${options.coordinator}`);
  }

  async run(): Promise<void> {
    const { drain, stop } = this.#options;
    const own = drain === undefined && stop === undefined;
    const signals = own ? listenForSignals(this.#options.log) : undefined;
    const end = new AbortController();
    const uplink = this.#uplink.run(end.signal);
    try {
      await Promise.race([
        uplink,
        this.#store.broken.then(raise),
        this.#leave(drain ?? signals?.drain, stop ?? signals?.stop),
      ]);
    } finally {
      await this.#loop.stop();
      end.abort();
      await uplink.catch(() => undefined);
      signals?.dispose();
    }
  }

  async #leave(drain: AbortSignal | undefined, stop: AbortSignal | undefined): Promise<void> {
    const stopped = toAborted(stop);
    await Promise.race([toAborted(drain), stopped]);
    await Promise.race([this.#loop.drain(), stopped]);
    await this.#loop.stop();
    await this.#uplink.leave(stop?.aborted === true ? LEAVE_MS : DELIVER_MS, LEAVE_MS);
    this.#options.log('left');
  }

  #toLoop(slots: readonly DeviceSlot[]): AgentLoop {
    const { name, orphanMs, log } = this.#options;
    return new AgentLoop({
      store: this.#store,
      runners: slots.map((slot) => this.#toRunner(slot)),
      incarnation: randomUUID(),
      name,
      version: readVersion(),
      orphanMs,
      log,
      onChange: () => this.#uplink.beat(),
      prefetch: (assignment) => this.#prefetch(assignment),
    });
  }

  #toUplink(): Uplink {
    const { coordinator: target, heartbeatMs, connectMs, log } = this.#options;
    const loop = this.#loop;
    return new Uplink({
      target,
      store: this.#store,
      heartbeatMs,
      connectMs,
      log,
      heartbeat: () => loop.heartbeat(),
      onDesired: (response) => loop.desire(toSourced(response)),
      onDown: () => loop.disconnect(),
      onStale: (attempts) => loop.withdraw(attempts),
    });
  }

  #toRunner(slot: DeviceSlot): SlotRunner {
    const { state, trialArgv, graceMs, idleMs, openedMs, epochMs, log } = this.#options;
    return new SlotRunner(slot, {
      agentId: this.#store.agentId,
      folder: state,
      trialArgv,
      graceMs,
      idleMs,
      log,
      limits: epochMs === undefined ? { openedMs } : { openedMs, epochMs },
      fetchSources: async (sources) => this.#uplink.retry(() => this.#cache.fetch(sources)),
      fetchHistory: async (stageId) =>
        this.#uplink.retry(async () => fetchHistory(await this.#uplink.link(), stageId)),
    });
  }

  async *#download(sha256: string): AsyncGenerator<Uint8Array> {
    yield* downloadBlob(await this.#uplink.link(), sha256);
  }

  #prefetch(assignment: Parameters<typeof parseSources>[0]): void {
    void (async () => this.#cache.fetch(parseSources(assignment)))().catch(() => undefined);
  }
}

/** The release, from the package that this file belongs to. */
function readVersion(): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed any; our own manifest has a version
  const manifest = createRequire(import.meta.url)('espalier/package.json') as { version: string };
  return manifest.version;
}

async function toAborted(signal: AbortSignal | undefined): Promise<void> {
  const aborted = toDeferred<void>();
  signal?.addEventListener('abort', () => aborted.resolve(), { once: true });
  if (signal?.aborted === true) aborted.resolve();
  return aborted.promise;
}

function raise(error: Error): never {
  throw error;
}
