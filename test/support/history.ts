// Random histories for the coordinator: agents that come, report, repeat themselves, drain, leave, restart, lose slots and
// vanish, people who submit, pause, resume, cancel, retry and drain, uploads that arrive, time that jumps, and a coordinator
// that restarts between any two events. What is reported need not make sense. Everything follows from the seed.

import { EspalierError } from '../../src/domain/errors.ts';
import type { ValueChange } from '../../src/spec/changed-trial.ts';
import { toCloning } from '../../coordinator/rpc/clone.ts';
import type {
  AttemptRef,
  Cloning,
  Event,
  Heartbeat,
  Report,
  Steering,
} from '../../coordinator/core/event.ts';
import type { Fact } from '../../coordinator/core/fact.ts';
import type { Limits } from '../../coordinator/core/limits.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import type { Now, Slot, State } from '../../coordinator/core/model.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { takeEvents } from '../../coordinator/turn.ts';
import { Dice } from './dice.ts';
import { randomItem } from './random-item.ts';
import { submission, submissionOf } from './sweep.ts';
import { toNow } from './to-now.ts';

const AGENTS = ['ann', 'bob', 'cid', 'dee', 'eve'];

/** Two families of ten trials that share what they can. */
const SHARED = [
  'objective: { metric: val_loss, mode: min, at: last }',
  'epochs: [2, 4]',
  'seeds: [1, 2]',
  'learning_rate:',
  '  - { strategy: fixed, lr: [0.5, 0.1] }',
  '  - { strategy: step, lr: 0.5, step_size: [1, 2] }',
  '  - { strategy: plateau, lr: 0.5, patience: 1 }',
];

/** Rates that range tests are to find, beside those of the list before; one of them must not be below its floor. */
const FOUND = [
  '  - { strategy: fixed, lr: { find: { steps: 50 } } }',
  '  - { strategy: plateau, lr: { find: { steps: 50 } }, min_lr: 0.01 }',
];

/** What people hand in: shared or not, urgent, for GPUs only, keeping this or that. */
const SUBMISSIONS = [
  submissionOf(SHARED),
  submissionOf([...SHARED, 'keep: all', 'retries: 0']),
  submission(4, 3, ['sharing: on']),
  submission(3, [2, 3], ['sharing: on', 'keep: last', 'retries: 1', 'exclusive: true']),
  submission(2, 2, ['keep: none']),
  submission(2, 2, ['priority: 5', 'retries: 0']),
  submission(1, 3, ['slots: { kind: gpu }']),
  submissionOf([...SHARED, ...FOUND]),
  submissionOf(['sharing: off', 'config: { width: [1, 2] }', ...SHARED, ...FOUND]),
];

/** Slots are set aside sooner than they would be. */
export const LIMITS: Limits = { ...DEFAULT_LIMITS, strikes: 2 };

type SimulatedAgent = { incarnation: number; sequence: number; slots: Slot[]; draining: boolean };

/** One random history over a real store. */
export class History {
  state: State;
  /** Every kind of fact so far, and the facts of the latest event. */
  readonly kinds = new Set<Fact['kind']>();
  facts: readonly Fact[] = [];
  /** Whether a person gave up agents in the latest event. */
  wasGivenUp = false;
  readonly store: Store;
  readonly #dice: Dice;
  readonly #agents = new Map(AGENTS.map((id): [string, SimulatedAgent] => [id, newAgent(id)]));
  #monoMs = 1_000;
  #lastReport: Report | undefined;

  constructor(store: Store, seed: number) {
    this.store = store;
    this.#dice = new Dice(seed, 'history');
    this.state = store.load(this.#now(), LIMITS.graceMs);
    this.apply(this.#dice.pick(SUBMISSIONS));
  }

  /** Lets one random thing happen. */
  step(): void {
    const { dice, lastReport } = { dice: this.#dice, lastReport: this.#lastReport };
    this.facts = [];
    dice.choose([
      [20, () => this.apply(this.#heartbeat(dice.pick(AGENTS)))],
      [50, () => this.#report()],
      [lastReport === undefined ? 0 : 3, () => lastReport && this.apply(lastReport)],
      [3, () => this.#pass(dice.unit() * 120_000)],
      [6, () => this.#changeAgent(dice.pick(AGENTS))],
      [8, () => this.#upload()],
      [10, () => this.#steer()],
      [3, () => this.#prioritise()],
      [1.5, () => this.#clone()],
      [1, () => this.apply({ kind: 'drained', agentId: dice.pick(AGENTS) })],
      [0.3, () => this.apply({ kind: 'given-up' })],
      [0.3, () => this.apply({ kind: 'trusted', agentId: dice.pick(this.#suspects()) })],
      [1, () => this.apply({ ...dice.pick(SUBMISSIONS), again: dice.is(0.5) })],
      [2, () => this.restart()],
      [0.5, () => this.#standStill(dice.unit() * 120_000)],
    ]);
  }

  /** The coordinator dies and comes back. */
  restart(): void {
    this.state = this.loaded();
  }

  get monoMs(): number {
    return this.#monoMs;
  }

  /** What the rows say. */
  loaded(): State {
    return this.store.load(this.#now(), LIMITS.graceMs);
  }

  apply(event: Event): void {
    const ports = { store: this.store, now: () => this.#now(), limits: LIMITS };
    const { state, facts } = takeEvents(this.state, [event], ports);
    this.state = state;
    this.facts = facts.flat();
    this.wasGivenUp = event.kind === 'given-up';
    for (const { kind } of this.facts) this.kinds.add(kind);
  }

  /** Whom a person might trust again: anyone, where nobody has struck. */
  #suspects(): readonly string[] {
    const struck = [...this.state.strikes.keys()];
    return struck.length === 0 ? AGENTS : struck;
  }

  #now(): Now {
    return toNow(this.#monoMs);
  }

  #pass(ms: number): void {
    this.#monoMs += Math.round(ms);
    this.apply({ kind: 'tick' });
  }

  /** The coordinator is stopped, and goes on. */
  #standStill(ms: number): void {
    this.#monoMs += Math.round(ms);
    this.apply({ kind: 'stood-still', ms: Math.round(ms) });
  }

  #steer(): void {
    const dice = this.#dice;
    const { id, sweepId } = dice.pick([...this.state.trials.values()]);
    const kind = dice.pick<Steering['kind']>(['cancelled', 'paused', 'resumed', 'retried']);
    // A whole sweep is seldom cancelled: little happens afterwards.
    const isWhole = dice.is(kind === 'cancelled' ? 0.1 : 0.5);
    this.apply({ kind, sweepId, trialId: isWhole ? null : id });
  }

  #prioritise(): void {
    const dice = this.#dice;
    const { id, sweepId } = dice.pick([...this.state.trials.values()]);
    const trialId = dice.is(0.7) ? id : null;
    const priority = dice.pick([-3, 0, 1, 8]);
    this.apply({ kind: 'prioritised', sweepId, trialId, priority });
  }

  /** Now and then what is asked for makes no sense, or is there. */
  #clone(): void {
    const dice = this.#dice;
    const { id } = dice.pick([...this.state.trials.values()]);
    const change = dice.pick([
      { name: 'learning_rate.lr', value: dice.pick(['0.5', '0.25', '0.125']) },
      { name: 'learning_rate.step_size', value: dice.pick(['2', '3']) },
      { name: 'learning_rate.patience', value: '2' },
      { name: 'seed', value: '7' },
      { name: 'epochs', value: dice.pick(['1', '3', '5']) },
    ]);
    const cloning = this.#toCloning(id, change);
    if (cloning !== undefined) this.apply(cloning);
  }

  #toCloning(trialId: string, change: ValueChange): Cloning | undefined {
    try {
      return toCloning({ trialId, changes: [change] }, this.state, this.store);
    } catch (error) {
      if (error instanceof EspalierError && error.code === 'invalid') return undefined;
      throw error;
    }
  }

  /** Of what is held, or of what was held under another name. */
  #upload(): void {
    const held = [...this.state.checkpoints.values()].flat();
    if (held.length === 0) return;
    const { stageId, epoch, id } = this.#dice.pick(held);
    this.apply({ kind: 'uploaded', stageId, epoch, id: this.#dice.is(0.1) ? 'other' : id });
  }

  #changeAgent(id: string): void {
    const agent = this.#agent(id);
    this.#dice.choose([
      [3, () => this.apply({ ...this.#heartbeat(id), leaving: true })],
      [2, () => (agent.draining = !agent.draining)],
      [2, () => (agent.slots = this.#someSlots(id))],
      [3, () => (agent.incarnation += 1)],
    ]);
    return this.apply(this.#heartbeat(id));
  }

  /** Some of an agent's slots, now and then one of them twice. */
  #someSlots(id: string): Slot[] {
    const slots = slotsOf(id).filter(() => this.#dice.is(0.7));
    return this.#dice.is(0.2) ? [...slots, ...slots.slice(0, 1)] : slots;
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
      acknowledged: this.#dice.is(0.03) ? this.#skip(agentId) : 0,
      running: this.#dice.is(0.1) ? [this.#dice.pick(this.#laterAttempts())] : [],
    };
  }

  /** Reports that the coordinator is to have acknowledged and has not on record. */
  #skip(agentId: string): number {
    const agent = this.#agent(agentId);
    agent.sequence += 1 + this.#dice.below(5);
    return agent.sequence;
  }

  /** Attempts that may never have been granted. */
  #laterAttempts(): readonly AttemptRef[] {
    return [...this.state.stages.values()].map(({ id, attempt }) => ({
      stageId: id,
      attempt: attempt + this.#dice.below(3),
    }));
  }

  #report(): void {
    const dice = this.#dice;
    const stages = [...this.state.stages.values()].filter((stage) => stage.attempt > 0);
    const leased = stages.filter((stage) => stage.lease !== null);
    // Mostly of what runs, now and then of what has ended.
    const from = leased.length > 0 && dice.is(0.85) ? leased : stages;
    if (from.length === 0) return;
    const stage = dice.pick(from);
    const agentId = stage.lease?.agentId ?? dice.pick(AGENTS);
    const agent = this.#agent(agentId);
    // Now and then some are missing.
    agent.sequence += this.#dice.is(0.02) ? 3 : 1;
    // Now and then an attempt that has been superseded still reports.
    const attempt = dice.is(0.1) ? Math.max(1, stage.attempt - 1) : stage.attempt;
    this.#lastReport = {
      kind: 'reported',
      agentId,
      sequence: agent.sequence,
      stageId: stage.id,
      attempt,
      item: randomItem(dice, this.state, stage),
    };
    this.apply(this.#lastReport);
  }

  #agent(id: string): SimulatedAgent {
    const agent = this.#agents.get(id);
    if (agent === undefined) throw new Error(id);
    return agent;
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
