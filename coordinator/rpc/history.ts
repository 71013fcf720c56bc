// What one watcher is told of what has happened, and of what slots have trained.
// Promise: what waits for a slow watcher is bounded: the oldest of it is left out, and an attempt is read when it is told.

import type { AttemptView, FactView } from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Fact } from '../core/fact.ts';
import type { State } from '../core/model.ts';
import { tellFact } from '../core/tell.ts';
import type { Loop } from '../loop.ts';
import type { AttemptRow, Store } from '../store/store.ts';

const FACTS_MOST = 300;
const ATTEMPTS_MOST = 4_000;
/** Decisions that are looked through for facts worth telling. */
const JOURNAL_MOST = 2_000;

type Ports = { readonly loop: Loop; readonly store: Store; readonly wallMs: () => number };
type Place = { readonly stageId: string; readonly attempt: number };

/** Facts and attempts since the last time that they were asked for; the latest at first. */
export class History {
  readonly #sweepId: string;
  readonly #ports: Ports;
  readonly #unsubscribe: () => void;
  #facts: FactView[] = [];
  #places = new Map<string, Place>();
  #isFirst = true;

  /** Of one sweep and all agents; of all sweeps where `sweepId` is empty. */
  constructor(sweepId: string, ports: Ports) {
    this.#sweepId = sweepId;
    this.#ports = ports;
    this.#unsubscribe = ports.loop.onCommit((facts) => this.#hear(facts));
  }

  /** What is new. */
  next(): { readonly facts: FactView[]; readonly attempts: AttemptView[] } {
    if (this.#isFirst) return this.#first();
    const facts = this.#facts;
    const { store, loop } = this.#ports;
    const attempts = [...this.#places.values()]
      .map(({ stageId, attempt }) => store.attempt(stageId, attempt))
      .filter((row) => row !== undefined)
      .map((row) => toAttemptView(loop.state, row));
    this.#facts = [];
    this.#places = new Map();
    return { facts, attempts };
  }

  close(): void {
    this.#unsubscribe();
  }

  #first(): { readonly facts: FactView[]; readonly attempts: AttemptView[] } {
    this.#isFirst = false;
    const { store, loop } = this.#ports;
    const facts = store
      .latestFacts(JOURNAL_MOST)
      .flatMap(({ fact, atMs }) => this.#tell(fact, atMs) ?? [])
      .slice(-FACTS_MOST);
    const rows = store.latestAttempts(ATTEMPTS_MOST);
    return { facts, attempts: rows.map((row) => toAttemptView(loop.state, row)) };
  }

  #hear(facts: readonly Fact[]): void {
    if (this.#isFirst) return;
    const atMs = this.#ports.wallMs();
    for (const fact of facts) {
      const view = this.#tell(fact, atMs);
      if (view !== undefined) this.#facts.push(view);
      if (fact.kind === 'lease-granted' || fact.kind === 'lease-ended') this.#note(fact);
    }
    if (this.#facts.length > 2 * FACTS_MOST) this.#facts = this.#facts.slice(-FACTS_MOST);
  }

  #note({ stageId, attempt }: Place): void {
    this.#places.set(`${stageId} ${attempt}`, { stageId, attempt });
    if (this.#places.size <= ATTEMPTS_MOST) return;
    const [oldest] = this.#places.keys();
    this.#places.delete(oldest ?? '');
  }

  #tell(fact: Fact, atMs: number): FactView | undefined {
    const telling = tellFact(this.#ports.loop.state, fact);
    if (telling === undefined) return undefined;
    const isOther = telling.sweepId !== '' && telling.sweepId !== this.#sweepId;
    return this.#sweepId !== '' && isOther ? undefined : { ...telling, atMs };
  }
}

function toAttemptView(state: State, row: AttemptRow): AttemptView {
  const stage = state.stages.get(row.stageId);
  const [first = ''] = stage?.members ?? [];
  return {
    ...row,
    sweepId: stage?.sweepId ?? '',
    number: state.trials.get(first)?.number ?? 0,
    trials: stage?.members.length ?? 0,
  };
}
