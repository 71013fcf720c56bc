// The agent: runs trials on this host for a coordinator. The composition root.
// Promise: returns only when nothing that it started is left, whatever made it end.

import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionResponse } from '../src/wire/generated/espalier/v1/agent.ts';
import { Membership } from './client/membership.ts';
import { downloadBlob, fetchHistory, fetchMembers } from './client/downloads.ts';
import { Uplink } from './client/uplink.ts';
import { Uploads } from './client/uploads.ts';
import { hostClock } from './clock.ts';
import { parseMembers, parseSources } from './core/assignment.ts';
import { LoadMeter } from './device/load-meter.ts';
import { type DeviceSlot, findGpus, toSlots } from './device/slots.ts';
import { AgentLoop } from './loop.ts';
import { toDeferred } from '../src/domain/deferred.ts';
import { type AgentOptions, type AgentSettings, withDefaults } from './options.ts';
import { listenForSignals } from './signals.ts';
import { AgentStore } from './state/agent-store.ts';
import { CheckpointStore } from './state/checkpoint-store.ts';
import { tidyFolders } from './state/folders.ts';
import { SourceCache } from './state/source-cache.ts';
import { chooseConfinement, describeConfinement } from './trial/confinement.ts';
import type { Confinement } from './trial/confinement.ts';
import { killSurvivors } from './trial/process-group.ts';
import { SlotRunner } from './trial/slot-runner.ts';

export type { AgentOptions } from './options.ts';
export { listenForSignals } from './signals.ts';

const DELIVER_MS = 10_000;
/** How long an agent that leaves in order waits for its checkpoints to be sent. */
const UPLOAD_MS = 60_000;
const UPLOAD_POLL_MS = 100;
const LEAVE_MS = 2_000;
const WATCH_MOST_MS = 1_000;

/**
 * Runs an agent until it is asked to drain or to stop. Rejects with `EspalierError`: `busy` when another agent has the state
 * folder, `usage` when the host has nothing to offer, `version` or `unauthenticated` when the coordinator refuses it, `storage`
 * when the disk fails.
 */
export async function runAgent(given: AgentOptions): Promise<void> {
  const options = withDefaults({ ...given, state: resolve(given.state) });
  const store = AgentStore.open(options.state);
  try {
    const host = await prepare(options, store);
    await new Agent(options, store, host, await openMembership(options, store)).run();
  } finally {
    store.close();
  }
}

/** What this host would offer by default: its GPUs, or else CPU slots. */
export async function findSlots(): Promise<readonly DeviceSlot[]> {
  return toSlots(await findGpus());
}

/** What ends all that a trial has started on this host, in words; `isSure` unless a grandchild can escape it. */
export async function findConfinement(): Promise<{ isSure: boolean; words: string }> {
  const found = await chooseConfinement();
  return { isSure: found.kind !== 'group', words: describeConfinement(found) };
}

type Settled = AgentOptions & AgentSettings;

/** What was found out about the host. */
type Host = { readonly slots: readonly DeviceSlot[]; readonly confinement: Confinement };

async function prepare(options: Settled, store: AgentStore): Promise<Host> {
  const killed = await killSurvivors(store.agentId);
  if (killed > 0) options.log(`killed ${killed} processes that an earlier run left behind`);
  tidyFolders(options.state);
  const confinement = await chooseConfinement(options.confinements);
  if (confinement.kind === 'group') options.log(describeConfinement(confinement));
  return { slots: toSlots(await (options.findGpus ?? findGpus)(), options.slots), confinement };
}

async function openMembership(options: Settled, { agentId }: AgentStore): Promise<Membership> {
  const { coordinator, state, token, insecure = false, name, log } = options;
  return Membership.open({
    coordinator,
    state,
    token,
    insecure,
    agentId,
    name: name ?? hostname(),
    log,
  });
}

class Agent {
  readonly #options: Settled;
  readonly #confinement: Confinement;
  readonly #store: AgentStore;
  readonly #membership: Membership;
  readonly #cache: SourceCache;
  readonly #checkpoints: CheckpointStore;
  readonly #uploads: Uploads;
  /** Aborted once the coordinator wants the agent to leave. */
  readonly #dismissed = new AbortController();
  readonly #uplink: Uplink;
  readonly #loop: AgentLoop;
  readonly #meter: LoadMeter;
  /** Reports up to this number were known to the coordinator when it last spoke. */
  #taken = 0;

  constructor(
    options: Settled,
    store: AgentStore,
    { slots, confinement }: Host,
    membership: Membership,
  ) {
    this.#options = options;
    this.#confinement = confinement;
    this.#membership = membership;
    this.#store = store;
    const download = (sha256: string): AsyncIterable<Uint8Array> => this.#download(sha256);
    this.#cache = new SourceCache(options.state, download);
    this.#checkpoints = new CheckpointStore(options.state, download, store.last);
    this.#uploads = new Uploads({
      store: this.#checkpoints,
      link: async () => this.#uplink.link(),
      log: options.log,
    });
    this.#meter = new LoadMeter(slots, options.askLoads);
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
    this.#membership.keep(end.signal, () => this.#uplink.reconnect());
    const uplink = this.#uplink.run(end.signal);
    const watch = setInterval(() => this.#loop.checkContact(), this.#watchMs);
    this.#meter.start(this.#options.heartbeatMs);
    try {
      await Promise.race([
        uplink,
        this.#store.broken.then(raise),
        this.#leave(drain ?? signals?.drain, stop ?? signals?.stop),
      ]);
    } finally {
      await this.#loop.stop();
      clearInterval(watch);
      this.#meter.stop();
      end.abort();
      await uplink.catch(() => undefined);
      signals?.dispose();
    }
  }

  /** Between two looks at how long the agent has been without contact. */
  get #watchMs(): number {
    return Math.min(this.#options.heartbeatMs, WATCH_MOST_MS);
  }

  async #leave(drain: AbortSignal | undefined, stop: AbortSignal | undefined): Promise<void> {
    const stopped = toAborted(stop);
    await Promise.race([toAborted(drain), toAborted(this.#dismissed.signal), stopped]);
    await Promise.race([this.#loop.drain().then(async () => this.#sendCheckpoints()), stopped]);
    await this.#loop.stop();
    await this.#uplink.leave(stop?.aborted === true ? LEAVE_MS : DELIVER_MS, LEAVE_MS);
    this.#options.log('left');
  }

  /** So that others can go on from them at once. Without a coordinator they wait for the agent's return. */
  async #sendCheckpoints(): Promise<void> {
    const end = performance.now() + UPLOAD_MS;
    const { last } = this.#store;
    while (performance.now() < end && this.#uplink.isConnected) {
      if (this.#taken >= last && this.#uploads.isDone) return;
      this.#uplink.beat();
      await sleep(UPLOAD_POLL_MS);
    }
  }

  #take(response: SessionResponse): void {
    this.#taken = response.takenSequence;
    this.#loop.desire(response);
    const listed = response.checkpoints.map(({ checkpointId }) => checkpointId);
    const needed = new Set([...listed, ...this.#loop.startIds]);
    this.#checkpoints.tidy(needed, response.takenSequence);
    this.#uploads.want(response.checkpoints);
    if (response.drain) this.#dismissed.abort();
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
      clock: hostClock(),
      log,
      loads: () => [...this.#meter.loads],
      onChange: () => this.#uplink.beat(),
      onCheckpoint: (id, sequence) => this.#checkpoints.reported(id, sequence),
      prefetch: (assignment) => this.#prefetch(assignment),
    });
  }

  #toUplink(): Uplink {
    const { coordinator: target, heartbeatMs, connectMs, log } = this.#options;
    const loop = this.#loop;
    return new Uplink({
      target,
      trust: () => this.#membership.credential,
      store: this.#store,
      heartbeatMs,
      connectMs,
      log,
      heartbeat: () => loop.heartbeat(),
      onDesired: (response) => this.#take(response),
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
      confinement: this.#confinement,
      graceMs,
      idleMs,
      log,
      limits: epochMs === undefined ? { openedMs } : { openedMs, epochMs },
      fetchSources: async (sources) => this.#uplink.retry(() => this.#cache.fetch(sources)),
      fetchMembers: async (stageId) =>
        parseMembers(
          await this.#uplink.retry(async () => fetchMembers(await this.#uplink.link(), stageId)),
        ),
      fetchHistory: async (stageId) =>
        this.#uplink.retry(async () => fetchHistory(await this.#uplink.link(), stageId)),
      forget: (id) => this.#checkpoints.forget(id),
      checkpoints: {
        reserve: async () => this.#checkpoints.reserve(),
        discard: async (folder) => this.#checkpoints.discard(folder),
        keep: async (folder) => this.#checkpoints.keep(folder),
        fetch: async (start) => this.#uplink.retry(async () => this.#checkpoints.fetch(start)),
      },
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
