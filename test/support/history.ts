// Random histories for the coordinator: agents that come, report, repeat themselves, restart and vanish, people who
// cancel, time that jumps, and a coordinator that restarts between any two events. Everything follows from the seed.

import type { Event, Report, ReportItem } from '../../coordinator/core/event.ts';
import { evolve } from '../../coordinator/core/evolve.ts';
import type { Fact } from '../../coordinator/core/fact.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import type { Stage, State } from '../../coordinator/core/model.ts';
import { decide } from '../../coordinator/core/decide.ts';
import { settle } from '../../coordinator/core/settle.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { rngFor } from '../../src/domain/random.ts';
import { submission } from './sweep.ts';

const AGENTS = ['ann', 'bob', 'cid'];

type SimulatedAgent = { incarnation: number; sequence: number };

/** One random history over a real store. */
export class History {
  state: State;
  readonly #store: Store;
  readonly #rng: () => number;
  readonly #agents = new Map(
    AGENTS.map((id): [string, SimulatedAgent] => [id, { incarnation: 1, sequence: 0 }]),
  );
  #monoMs = 1_000;
  #lastReport: Report | undefined;

  constructor(store: Store, seed: number) {
    this.#store = store;
    this.#rng = rngFor(seed, 'history');
    this.state = store.load(this.#now(), DEFAULT_LIMITS.graceMs);
    this.apply(submission(4, 3));
  }

  /** Lets one random thing happen. */
  step(): void {
    const roll = this.#rng();
    if (roll < 0.25) return this.apply(this.#heartbeat(this.#pick(AGENTS)));
    if (roll < 0.8) return this.#report();
    if (roll < 0.85 && this.#lastReport !== undefined) return this.apply(this.#lastReport);
    if (roll < 0.9) return this.#pass(this.#rng() * 120_000);
    if (roll < 0.94) return this.#restartAgent(this.#pick(AGENTS));
    if (roll < 0.96)
      return this.apply({
        kind: 'cancelled',
        sweepId: 'small',
        trialId: this.#pick([...this.state.trials.keys()]),
      });
    if (roll < 0.97) return this.apply({ ...submission(2, 2), again: true });
    return this.restart();
  }

  /** The coordinator dies and comes back. */
  restart(): void {
    this.state = this.#store.load(this.#now(), DEFAULT_LIMITS.graceMs);
  }

  /** What the rows say. */
  loaded(): State {
    return this.#store.load(this.#now(), DEFAULT_LIMITS.graceMs);
  }

  apply(event: Event): void {
    this.#store.transaction(() => {
      this.#take(decide(this.state, this.#stamp(event), DEFAULT_LIMITS));
      this.#take(settle(this.state, this.#now(), DEFAULT_LIMITS));
    });
  }

  #take(facts: readonly Fact[]): void {
    for (const fact of facts) {
      this.#store.write(fact, 0);
      this.state = evolve(this.state, fact);
    }
  }

  #stamp(event: Event): Parameters<typeof decide>[1] {
    const now = this.#now();
    if (event.kind !== 'reported' || event.item.kind !== 'epoch') return { ...event, now };
    const recorded = this.#store.epochMetrics(event.stageId, event.item.epoch);
    return recorded === undefined
      ? { ...event, now }
      : { ...event, item: { ...event.item, recorded }, now };
  }

  #now(): { monoMs: number; wallMs: number } {
    return { monoMs: this.#monoMs, wallMs: this.#monoMs };
  }

  #pass(ms: number): void {
    this.#monoMs += Math.round(ms);
    this.apply({ kind: 'tick' });
  }

  #restartAgent(id: string): void {
    this.#agent(id).incarnation += 1;
    this.apply({ ...this.#heartbeat(id), leaving: this.#rng() < 0.2 });
  }

  #heartbeat(agentId: string): Extract<Event, { kind: 'heartbeat' }> {
    const incarnation = String(this.#agent(agentId).incarnation);
    const slots = [
      { name: 'cpu0', kind: 'cpu' as const, description: '' },
      { name: 'cpu1', kind: 'cpu' as const, description: '' },
    ];
    return {
      kind: 'heartbeat',
      agentId,
      incarnation,
      name: agentId,
      version: '1',
      slots,
      draining: false,
      leaving: false,
    };
  }

  #report(): void {
    const stages = [...this.state.stages.values()].filter((stage) => stage.attempt > 0);
    const stage = stages.length === 0 ? undefined : this.#pick(stages);
    if (stage === undefined) return;
    const agentId = stage.lease?.agentId ?? this.#pick(AGENTS);
    const agent = this.#agent(agentId);
    agent.sequence += 1;
    // Now and then an attempt that has been superseded still reports.
    const attempt = this.#rng() < 0.1 ? Math.max(1, stage.attempt - 1) : stage.attempt;
    this.#lastReport = {
      kind: 'reported',
      agentId,
      sequence: agent.sequence,
      stageId: stage.id,
      attempt,
      item: this.#item(stage),
    };
    this.apply(this.#lastReport);
  }

  #item(stage: Stage): ReportItem {
    const roll = this.#rng();
    const next = stage.recordedEpochs;
    if (roll < 0.1) return { kind: 'opened', stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu' };
    if (roll < 0.7) return this.#epoch(roll < 0.15 ? Math.max(0, next - 1) : next);
    if (roll < 0.73)
      return {
        kind: 'log',
        offsetBytes: Math.floor(roll * 1e9),
        droppedBytes: 0,
        data: Buffer.from('line\n'),
      };
    if (roll < 0.75) return { kind: 'series', epoch: next, fromStep: 0, values: [0.5, 0.25] };
    const outcome =
      roll < 0.85 ? 'completed' : roll < 0.9 ? 'diverged' : roll < 0.97 ? 'failed' : 'lost';
    return { kind: 'ended', outcome, message: `it ${outcome} at ${Math.floor(this.#rng() * 3)}` };
  }

  #epoch(epoch: number): ReportItem {
    const roll = this.#rng();
    const loss = roll < 0.05 ? Number.NaN : roll < 0.1 ? Number.POSITIVE_INFINITY : roll;
    const rates = { steps: 10, first: 0.1, last: 0.1, least: 0.1, greatest: 0.1, applied: 0.1 };
    return { kind: 'epoch', epoch, metrics: { loss: roll, val_loss: loss }, rates, seconds: 0.1 };
  }

  #agent(id: string): SimulatedAgent {
    const agent = this.#agents.get(id);
    if (agent === undefined) throw new Error(id);
    return agent;
  }

  #pick<T>(from: readonly T[]): T {
    const found = from[Math.floor(this.#rng() * from.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }
}
