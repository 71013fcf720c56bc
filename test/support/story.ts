// The coordinator's decisions as a story: events in, the state to look at, time in hand. The store is real and in memory; no
// network. After every event the invariants must hold, and the rows must say what the state says.

import assert from 'node:assert/strict';
import { onTestFinished } from 'vitest';
import type { Event, Heartbeat, ReportItem, Steering } from '../../coordinator/core/event.ts';
import type { Fact } from '../../coordinator/core/fact.ts';
import type { Limits } from '../../coordinator/core/limits.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import type { Now, Slot, Stage, State, Trial } from '../../coordinator/core/model.ts';
import type { ShownEpoch, Store } from '../../coordinator/store/store.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { takeEvents } from '../../coordinator/turn.ts';
import type { TrialRecord } from '../../src/results/trial-record.ts';
import { toCloning } from '../../coordinator/rpc/clone.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import { durable, recordViolations, violations } from './invariants.ts';
import { toNow } from './to-now.ts';
import { transcript } from './transcript.ts';

type Change = Partial<Omit<Heartbeat, 'kind' | 'agentId' | 'name' | 'slots'>>;

/** One story from an empty coordinator on. */
export class Story {
  state: State;
  readonly #store: Store = openStore(':memory:');
  readonly #limits: Limits;
  #monoMs = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.state = this.#load();
    onTestFinished(() => this.#store.close());
  }

  /** Applies an event and what follows from it; all facts of both. */
  tell(event: Event): readonly Fact[] {
    const turn = takeEvents(this.state, [event], {
      store: this.#store,
      now: () => this.now(),
      limits: this.#limits,
    });
    this.state = turn.state;
    assert.deepEqual([...violations(this.state), ...recordViolations(this.state, this.#store)], []);
    assert.deepEqual(durable(this.#load()), durable(this.state));
    return turn.facts.flat();
  }

  /** The time in the story; it starts at 0. */
  now(): Now {
    return toNow(this.#monoMs);
  }

  /** An agent says that it is there. */
  beat(
    agentId: string,
    slots: readonly Slot['kind'][] = ['cpu'],
    change: Change = {},
  ): readonly Fact[] {
    const offered = slots.map((kind, i) => ({ name: `${kind}${i}`, kind, description: '' }));
    return this.tell({
      kind: 'heartbeat',
      agentId,
      incarnation: '1',
      name: agentId,
      version: '1',
      slots: offered,
      draining: false,
      leaving: false,
      acknowledged: 0,
      running: [],
      ...change,
    });
  }

  /** The agent that holds a stage reports something of its current attempt. */
  report(stageId: string, item: ReportItem): readonly Fact[] {
    const stage = this.state.stages.get(stageId);
    const agentId = stage?.lease?.agentId ?? '';
    return this.tell({
      kind: 'reported',
      agentId,
      sequence: (this.state.agents.get(agentId)?.lastSequence ?? 0) + 1,
      stageId,
      attempt: stage?.attempt ?? 0,
      item,
    });
  }

  /** The same, item after item; the lines of the transcript. */
  reports(stageId: string, ...items: readonly ReportItem[]): readonly string[] {
    return items.flatMap((item) => transcript(this.report(stageId, item)));
  }

  /** A checkpoint has arrived with the coordinator. */
  upload(stageId: string, n: number): readonly string[] {
    const held = this.state.checkpoints.get(stageId)?.find((other) => other.epoch === n);
    return transcript(this.tell({ kind: 'uploaded', stageId, epoch: n, id: held?.id ?? '' }));
  }

  /** A person steers the sweep `small`, or one trial of it. */
  steer(kind: Steering['kind'], trialId: string | null = null): readonly string[] {
    return transcript(this.tell({ kind, sweepId: 'small', trialId }));
  }

  /** A person wants an agent to leave. */
  drain(agentId: string): readonly string[] {
    return transcript(this.tell({ kind: 'drained', agentId }));
  }

  /** Time passes. */
  pass(ms: number): readonly Fact[] {
    this.#monoMs += ms;
    return this.tell({ kind: 'tick' });
  }

  /** The coordinator is stopped, and goes on. */
  standStill(ms: number): readonly Fact[] {
    this.#monoMs += ms;
    return [...this.tell({ kind: 'stood-still', ms }), ...this.pass(0)];
  }

  /** The coordinator dies and comes back. */
  restart(): void {
    this.state = this.#load();
  }

  /** Stage by `agent:slot`. */
  leases(): Readonly<Record<string, string>> {
    const entries = [...this.state.leasesOf].flatMap(([agentId, leases]) =>
      [...leases].map(([slot, stageId]) => [`${agentId}:${slot}`, stageId]),
    );
    return Object.fromEntries(entries);
  }

  trial(id: string): Trial | undefined {
    return this.state.trials.get(id);
  }

  stage(id: string): Stage | undefined {
    return this.state.stages.get(id);
  }

  /** Checkpoints that are held, as `stage at epoch`. */
  held(): readonly string[] {
    return [...this.state.checkpoints.values()]
      .flat()
      .map((held) => `${held.stageId} at ${held.epoch}`)
      .toSorted();
  }

  /** A trial's epochs as the database shows them. */
  epochsOf(trialId: string): readonly ShownEpoch[] {
    return this.#store.epochsOf(trialId, 0);
  }

  /** Epochs that an agent is told of which takes up a stage. */
  historyOf(stageId: string): readonly number[] {
    return this.#store.history(stageId).map((recorded) => recorded.epoch);
  }

  /** What is on record of a trial. */
  record(trialId: string): TrialRecord {
    const record = this.#store.record(trialId);
    if (record === undefined) throw new Error(trialId);
    return record;
  }

  /** A person clones a trial. */
  clone(
    trialId: string,
    changes: Readonly<Record<string, string>>,
    by?: string,
  ): readonly string[] {
    const named = Object.entries(changes).map(([name, value]) => ({ name, value }));
    return transcript(
      this.tell(toCloning({ trialId, changes: named }, this.state, this.#store, by)),
    );
  }

  #load(): State {
    return this.#store.load(this.now(), this.#limits.graceMs);
  }
}

/** The attempt failed of itself. */
export function failed(message: string): ReportItem {
  return { kind: 'ended', outcome: 'failed', message };
}

type Outcome = Extract<ReportItem, { kind: 'ended' }>['outcome'];

/** The attempt is over. */
export function ended(outcome: Outcome): ReportItem {
  return { kind: 'ended', outcome, message: '' };
}

/** The trial is open. */
export function opened(numerics = 'cpu', stepsPerEpoch = 1): ReportItem {
  return { kind: 'opened', stepsPerEpoch, backend: 'cpu', numerics };
}

/** One epoch, from 0, trained with a constant learning rate. */
export function epoch(n: number, metrics: Metrics = { val_loss: 1 / (n + 1) }): ReportItem {
  const rates = { steps: 1, first: 1, last: 1, least: 1, greatest: 1, applied: 1 };
  return { kind: 'epoch', epoch: n, metrics, rates, seconds: 1 };
}

/** A checkpoint of 10 bytes with so many epochs behind it. */
export function checkpoint(n: number, digit = 'c'): ReportItem {
  const sha256 = digit.repeat(64);
  return {
    kind: 'checkpoint',
    epoch: n,
    id: sha256,
    files: [{ path: 'w', sha256, sizeBytes: 10 }],
  };
}

/** Members part before epoch `n`; the class `inPlace` goes on. */
export function forked(
  n: number,
  classes: readonly (readonly number[])[],
  inPlace: number | null,
): ReportItem {
  return { kind: 'forked', epoch: n, classes, inPlace };
}
