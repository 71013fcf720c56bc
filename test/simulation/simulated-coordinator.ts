// The real coordinator but for its network and its blobs: loop, decisions, SQL and services as they are.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { Uploaders } from '../../coordinator/rpc/uploaders.ts';
import { Loads } from '../../coordinator/rpc/loads.ts';
import { copyDatabase } from '../../coordinator/backup/copy-database.ts';
import type { Fact } from '../../coordinator/core/fact.ts';
import type { Limits } from '../../coordinator/core/limits.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import type { Now, State } from '../../coordinator/core/model.ts';
import { admitAnyone } from '../../coordinator/access/gate.ts';
import { Loop } from '../../coordinator/loop.ts';
import { createAgentService } from '../../coordinator/rpc/agent-service.ts';
import { collectBlobs } from '../../coordinator/rpc/collect-blobs.ts';
import type { Blobs } from '../../coordinator/store/blobs.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { openStore } from '../../coordinator/store/store.ts';
import type { AgentServiceServer } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Blob } from './disk.ts';
import { Auditor } from './invariants/auditor.ts';

/** Hosts may be lost as often as it takes, and waits are short. */
const LIMITS: Limits = { ...DEFAULT_LIMITS, losses: 1e9, backoffMs: 1_000, backoffMostMs: 10_000 };

type Alarm = { readonly monoMs: number; readonly onTime: () => void };

/** One coordinator, through all its restarts. Its timer goes off when it is rung: no clock but the world's. */
export class SimulatedCoordinator {
  store: Store;
  /** Files by SHA-256. */
  blobs = new Map<string, string>();
  /** Whatever must never happen, and every fact. */
  readonly errors: unknown[] = [];
  readonly facts: Fact[] = [];
  readonly auditor: Auditor;
  readonly #now: () => Now;
  readonly #folder: string | undefined;
  /** Copies of all that is durable. */
  readonly #copies: { readonly path: string; readonly blobs: ReadonlyMap<string, string> }[] = [];
  #path: string;
  #restores = 0;
  #alarm: Alarm | undefined;
  #loop: Loop;
  #service: AgentServiceServer;

  /** In memory, or in a folder, so that it can be copied. */
  constructor(now: () => Now, folder?: string) {
    this.#now = now;
    this.#folder = folder;
    this.#path = folder === undefined ? ':memory:' : join(folder, 'first');
    this.store = openStore(this.#path);
    this.#loop = this.#startLoop();
    this.auditor = new Auditor(this.#loop.state, now().monoMs, LIMITS);
    this.#service = this.#startService();
  }

  get state(): State {
    return this.#loop.state;
  }

  get service(): AgentServiceServer {
    return this.#service;
  }

  /** Hands in what does not come from agents. */
  post(event: Parameters<Loop['post']>[0]): void {
    this.#loop.post(event).catch((error: unknown) => this.errors.push(error));
  }

  /** Dies, and comes back from its rows. */
  restart(): void {
    const before = this.#loop.state;
    this.#loop.close();
    this.#loop = this.#startLoop();
    this.auditor.restarted(before, this.#loop.state, this.#now().monoMs);
    this.#service = this.#startService();
  }

  /** Looks at all that it knows, and at all its rows. */
  audit(): void {
    this.auditor.ended(this.state, this.store.load(this.#now(), LIMITS.graceMs));
  }

  /** Time has passed: its timer goes off, if it was set to a time before. */
  ring(): void {
    const alarm = this.#alarm;
    if (alarm === undefined || alarm.monoMs > this.#now().monoMs) return;
    this.#alarm = undefined;
    alarm.onTime();
  }

  /** Somebody backs it up. */
  async backUp(): Promise<void> {
    if (this.#folder === undefined) throw new Error('this world has no folder');
    const path = join(this.#folder, `copy-${this.#copies.length}`);
    await copyDatabase(this.#path, path);
    this.#copies.push({ path, blobs: new Map(this.blobs) });
  }

  /** Dies, and an older copy takes its place; false where there is none. */
  restoreCopy(index: number): boolean {
    const copy = this.#copies[index % Math.max(1, this.#copies.length)];
    if (copy === undefined) return false;
    this.#loop.close();
    this.store.close();
    this.#restores += 1;
    this.#path = `${copy.path}-${this.#restores}`;
    copyFileSync(copy.path, this.#path);
    this.store = openStore(this.#path);
    this.blobs = new Map(copy.blobs);
    this.#loop = this.#startLoop();
    this.auditor.replaced(this.#loop.state, this.#now().monoMs);
    this.#service = this.#startService();
    return true;
  }

  /** An agent has sent a file. */
  put({ sha256, text }: Blob): void {
    this.blobs.set(sha256, text);
  }

  close(): void {
    this.#loop.close();
    this.store.close();
  }

  #startLoop(): Loop {
    const ports = { store: this.store, now: this.#now, limits: LIMITS };
    const loop = new Loop({ ...ports, startTimer: (onTime, ms) => this.#startTimer(onTime, ms) });
    loop.broken.then((error) => this.errors.push(error)).catch(() => undefined);
    loop.onCommit((facts) => {
      this.facts.push(...facts);
      const { store, blobs } = this;
      this.auditor.committed({ state: loop.state, store, blobs }, facts, this.#now().monoMs);
    });
    return loop;
  }

  /** One timer is all that a loop has. */
  #startTimer(onTime: () => void, ms: number): () => void {
    const alarm = { monoMs: this.#now().monoMs + ms, onTime };
    this.#alarm = alarm;
    return () => {
      if (this.#alarm === alarm) this.#alarm = undefined;
    };
  }

  #startService(): AgentServiceServer {
    const blobs = this.#toBlobs();
    collectBlobs(this.#loop, blobs);
    const ports = {
      loop: this.#loop,
      store: this.store,
      blobs,
      limits: LIMITS,
      loads: new Loads(),
      uploaders: new Uploaders(),
    };
    const fail = (error: unknown): void => void this.errors.push(error);
    return createAgentService(ports, { fail, admit: admitAnyone });
  }

  /** As much of the real ones as the services use. */
  #toBlobs(): Blobs {
    const { blobs } = this;
    return {
      has: (sha256: string) => blobs.has(sha256),
      sizeOf: (sha256: string) => blobs.get(sha256)?.length,
      // Whatever was sent before a restart is old.
      olderThan: () => [...blobs.keys()],
      remove: (sha256: string) => void blobs.delete(sha256),
    } as unknown as Blobs;
  }
}
