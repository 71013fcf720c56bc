// Random histories for the coordinator: agents that come, report, repeat themselves, drain, leave, restart, lose slots and
// vanish, people who submit and cancel, time that jumps, and a coordinator that restarts between any two events. Everything
// follows from the seed.

import type { Event, Heartbeat, Report, ReportItem } from '../../coordinator/core/event.ts';
import type { Fact } from '../../coordinator/core/fact.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import type { Slot, Stage, State } from '../../coordinator/core/model.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { takeEvents } from '../../coordinator/turn.ts';
import { rngFor } from '../../src/domain/random.ts';
import { submission } from './sweep.ts';

const AGENTS = ['ann', 'bob', 'cid'];

/** What people hand in besides the first sweep: urgent, and for GPUs only. */
const SUBMISSIONS = [
  submission(2, 2),
  submission(2, 2, ['priority: 5']),
  submission(1, 3, ['slots: { kind: gpu }']),
];

type SimulatedAgent = { incarnation: number; sequence: number; slots: Slot[]; draining: boolean };

/** One random history over a real store. */
export class History {
  state: State;
  /** Every kind of fact so far. */
  readonly kinds = new Set<Fact['kind']>();
  readonly #store: Store;
  readonly #rng: () => number;
  readonly #agents = new Map(AGENTS.map((id): [string, SimulatedAgent] => [id, newAgent(id)]));
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
    if (roll < 0.75) return this.#report();
    if (roll < 0.8 && this.#lastReport !== undefined) return this.apply(this.#lastReport);
    if (roll < 0.85) return this.#pass(this.#rng() * 120_000);
    if (roll < 0.93) return this.#changeAgent(this.#pick(AGENTS));
    if (roll < 0.955) return this.#cancel();
    if (roll < 0.975) return this.apply({ ...this.#pick(SUBMISSIONS), again: this.#rng() < 0.5 });
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
    const ports = { store: this.#store, now: () => this.#now(), limits: DEFAULT_LIMITS };
    const { state, facts } = takeEvents(this.state, [event], ports);
    this.state = state;
    for (const { kind } of facts.flat()) this.kinds.add(kind);
  }

  #now(): { monoMs: number; wallMs: number } {
    return { monoMs: this.#monoMs, wallMs: this.#monoMs };
  }

  #pass(ms: number): void {
    this.#monoMs += Math.round(ms);
    this.apply({ kind: 'tick' });
  }

  #cancel(): void {
    const trial = this.#pick([...this.state.trials.values()]);
    const trialId = this.#rng() < 0.7 ? trial.id : null;
    this.apply({ kind: 'cancelled', sweepId: trial.sweepId, trialId });
  }

  #changeAgent(id: string): void {
    const agent = this.#agent(id);
    const roll = this.#rng();
    if (roll < 0.3) return this.apply({ ...this.#heartbeat(id), leaving: true });
    if (roll < 0.5) agent.draining = !agent.draining;
    else if (roll < 0.7) agent.slots = this.#someSlots(id);
    else agent.incarnation += 1;
    return this.apply(this.#heartbeat(id));
  }

  /** Some of an agent's slots, now and then one of them twice. */
  #someSlots(id: string): Slot[] {
    const slots = slotsOf(id).filter(() => this.#rng() < 0.7);
    return this.#rng() < 0.2 ? [...slots, ...slots.slice(0, 1)] : slots;
  }

  #heartbeat(agentId: string): Heartbeat {
    const { incarnation, slots, draining } = this.#agent(agentId);
    return {
      kind: 'heartbeat',
      agentId,
      incarnation: String(incarnation),
      name: agentId,
      version: '1',
      slots,
      draining,
      leaving: false,
    };
  }

  #report(): void {
    const stages = [...this.state.stages.values()].filter((stage) => stage.attempt > 0);
    const leased = stages.filter((stage) => stage.lease !== null);
    // Mostly of what runs, now and then of what has ended.
    const from = leased.length > 0 && this.#rng() < 0.8 ? leased : stages;
    if (from.length === 0) return;
    const stage = this.#pick(from);
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

function newAgent(id: string): SimulatedAgent {
  return { incarnation: 1, sequence: 0, slots: slotsOf(id), draining: false };
}

/** One agent has a GPU. */
function slotsOf(id: string): Slot[] {
  const cpus = ['cpu0', 'cpu1'].map((name): Slot => ({ name, kind: 'cpu', description: '' }));
  return id === 'cid' ? [...cpus, { name: 'gpu0', kind: 'gpu', description: '' }] : cpus;
}
