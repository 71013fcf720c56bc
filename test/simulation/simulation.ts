// A sweep on simulated agents, from its submission to its end, with everything that can happen to it in between: attempts and
// messages in any order, agents that are cut off, die, come back with or without their disks, and are drained, a coordinator that
// restarts, uploads that are late, people who steer, trials that break. Everything follows from the seed; no clock but its own.

import assert from 'node:assert/strict';
import type { Fact } from '../../coordinator/core/fact.ts';
import type { State, Trial } from '../../coordinator/core/model.ts';
import type { ShownEpoch } from '../../coordinator/store/store.ts';
import { toCloning } from '../../coordinator/rpc/clone.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { isOwn } from '../../src/lr/own.ts';
import type { ValueChange } from '../../src/spec/changed-trial.ts';
import type { Submission } from '../../coordinator/core/event.ts';
import { Dice } from '../support/dice.ts';
import { toNow } from '../support/to-now.ts';
import { Gates, settle } from './gates.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import { Trainers } from './trainers.ts';
import { SimulatedCoordinator } from './simulated-coordinator.ts';

/** What may happen. */
export type Chaos = {
  /** Random things that happen before all goes its way. */
  readonly steps: number;
  /** Agents are cut off, die and are drained; the coordinator restarts; messages are late. */
  readonly crashes: boolean;
  /** The coordinator is backed up, and older copies of it take its place. */
  readonly restores?: boolean;
  /** Nothing is uploaded until all goes its way. */
  readonly lateUploads: boolean;
  /** People pause and resume. */
  readonly pausing: boolean;
  /** People cancel. */
  readonly cancelling: boolean;
  /** People clone trials and change priorities. */
  readonly cloning?: boolean;
  /** The share of epochs at which a trial breaks. */
  readonly breaking: number;
};

/** No chaos: everything goes its way from the start. */
export const CALM: Chaos = {
  steps: 0,
  crashes: false,
  lateUploads: false,
  pausing: false,
  cancelling: false,
  breaking: 0,
};

export type Scene = {
  readonly sweep: Submission;
  readonly agents: number;
  readonly slots: number;
  readonly canSave: boolean;
  readonly chaos: Chaos;
  /** Where the coordinator has its database, if not in memory. */
  readonly folder?: string;
};

const CHANGES: readonly ValueChange[] = [
  { name: 'epochs', value: '5' },
  { name: 'epochs', value: '9' },
  { name: 'seed', value: '3' },
  { name: 'learning_rate.lr', value: '0.5' },
  { name: 'learning_rate.lr', value: '0.25' },
  { name: 'learning_rate.step_size', value: '4' },
  { name: 'learning_rate.patience', value: '3' },
  { name: 'learning_rate.factor', value: '0.25' },
  { name: 'learning_rate.milestones', value: '[3, 5]' },
  { name: 'learning_rate.min_lr', value: '0.05' },
];

const ROUNDS_MOST = 2_000;

/** Shorter than the real one, so that agents come to it. */
const ORPHAN_MS = 10 * 60_000;

/** One history of one sweep. */
export class Simulation {
  readonly coordinator: SimulatedCoordinator;
  readonly trainers = new Trainers();
  readonly agents: readonly SimulatedAgent[];
  /** How many things have happened, random ones and those at the end. */
  happened = 0;
  /** Words of trials that broke. */
  readonly broken = new Set<string>();
  /** How often an older copy has taken the coordinator's place. */
  restored = 0;
  readonly #scene: Scene;
  readonly #dice: Dice;
  readonly #gates = new Gates();
  /** How often agents that were cut off or have died come back, and how often all that happens to them. */
  readonly #arrivals: number;
  readonly #harm: number;
  #ms = 1_000;
  #isCalm = false;

  constructor(seed: number, scene: Scene) {
    this.#scene = scene;
    this.#dice = new Dice(seed, 'simulation');
    this.#arrivals = this.#dice.pick([1, 6]);
    this.#harm = scene.chaos.crashes ? this.#dice.pick([0.2, 0.5, 2]) : 0;
    this.coordinator = new SimulatedCoordinator(() => toNow(this.#ms), scene.folder);
    const world = {
      coordinator: this.coordinator,
      gates: this.#gates,
      canSave: scene.canSave,
      trainers: this.trainers,
      clock: () => this.#ms,
      orphanMs: ORPHAN_MS,
      breaks: () => this.#breaks(),
    };
    this.agents = Array.from(
      { length: scene.agents },
      (_, i) => new SimulatedAgent(`agent-${i}`, scene.slots, world),
    );
  }

  get state(): State {
    return this.coordinator.state;
  }

  get facts(): readonly Fact[] {
    return this.coordinator.facts;
  }

  get trials(): readonly Trial[] {
    return [...this.state.trials.values()];
  }

  /** A trial's epochs as the database shows them. */
  epochsOf(trialId: string): readonly ShownEpoch[] {
    return this.coordinator.store.epochsOf(trialId, 0);
  }

  /** Runs the sweep to its end. */
  async run(): Promise<void> {
    this.coordinator.post(this.#scene.sweep);
    for (const agent of this.agents) this.#arrive(agent);
    await settle();
    const { restores = false } = this.#scene.chaos;
    for (let step = 0; step < this.#scene.chaos.steps && !this.#isOver(); step += 1) {
      if (restores && this.#dice.is(0.01)) await this.coordinator.backUp();
      if (restores && this.#dice.is(0.004)) this.#restoreCopy();
      this.#happen();
      this.happened += 1;
      await settle();
      assert.deepEqual([...this.coordinator.errors, ...this.trainers.overlaps()], []);
    }
    this.#isCalm = true;
    await this.#end();
    if (this.#scene.chaos.cloning === true) for (let i = 0; i < 3; i += 1) await this.#cloneLate();
    this.#restart();
    await this.#end();
  }

  close(): void {
    for (const agent of this.agents) agent.die(() => 0);
    this.coordinator.close();
  }

  /** One random thing. */
  #happen(): void {
    const { lateUploads, pausing, cancelling, breaking, cloning = false } = this.#scene.chaos;
    const dice = this.#dice;
    const agent = dice.pick(this.agents);
    const harm = this.#harm;
    dice.choose([
      [60, () => this.#openGate() || this.#greet(agent)],
      [20, () => this.#greet(agent)],
      [8, () => agent.sendReports(1 + dice.below(4))],
      [4, () => agent.hearAcknowledgement()],
      [4, () => agent.beat()],
      [8, () => agent.hearAnswer()],
      [lateUploads ? 0 : 6, () => agent.upload(dice.below(4))],
      [2, () => this.#pass(dice.below(5_000))],
      [this.#arrivals, () => this.#arrive(agent)],
      [2, () => this.#leave(agent)],
      [harm, () => this.#pass(dice.below(120_000))],
      [harm, () => agent.cut()],
      [harm, () => this.#kill(agent)],
      [harm, () => this.#restart()],
      [harm / 2, () => this.coordinator.post({ kind: 'drained', agentId: agent.id })],
      [pausing ? 0.7 : 0, () => this.#steer('paused')],
      [pausing ? 1.5 : 0, () => this.#steer('resumed')],
      [cloning ? 0.7 : 0, () => this.#clone()],
      [cloning ? 0.7 : 0, () => this.#prioritise()],
      [cancelling ? 0.3 : 0, () => this.#steer('cancelled')],
      [breaking > 0 ? 1 : 0, () => this.#steer('retried')],
    ]);
  }

  /** All that an agent can say and hear at once. */
  #greet(agent: SimulatedAgent): void {
    while (agent.sendReports());
    while (agent.hearAcknowledgement());
    agent.beat();
    while (agent.hearAnswer());
  }

  #openGate(): boolean {
    const gates = this.#gates.openable();
    if (gates.length > 0) this.#dice.pick(gates).open();
    return gates.length > 0;
  }

  #arrive(agent: SimulatedAgent): void {
    if (!agent.isAlive) agent.start();
    if (agent.isLinked) return;
    agent.connect();
    agent.beat();
  }

  #kill(agent: SimulatedAgent): void {
    agent.die((unsent) => this.#dice.below(unsent + 1));
    if (this.#dice.is(0.2)) agent.disk.lose();
  }

  #leave(agent: SimulatedAgent): void {
    if (agent.leave()) agent.die((unsent) => unsent);
  }

  /** All connections are gone with it. */
  #restart(): void {
    for (const agent of this.agents) agent.cut();
    this.coordinator.restart();
  }

  /** Agents that are connected to what it was are so no longer. */
  #restoreCopy(): void {
    for (const agent of this.agents) agent.cut();
    if (this.coordinator.restoreCopy(this.#dice.below(8))) this.restored += 1;
  }

  #pass(ms: number): void {
    this.#ms += ms;
    for (const agent of this.agents) agent.checkContact();
    this.coordinator.post({ kind: 'tick' });
  }

  #steer(kind: 'paused' | 'resumed' | 'cancelled' | 'retried'): void {
    if (this.trials.length === 0) return;
    const { id, sweepId } = this.#dice.pick(this.trials);
    const isWhole = kind !== 'cancelled' && this.#dice.is(0.3);
    this.coordinator.post({ kind, sweepId, trialId: isWhole ? null : id });
  }

  #prioritise(): void {
    if (this.trials.length === 0) return;
    const { id: trialId, sweepId } = this.#dice.pick(this.trials);
    const priority = this.#dice.pick([-2, 0, 1, 5]);
    this.coordinator.post({ kind: 'prioritised', sweepId, trialId, priority });
  }

  /** Of a few changes some fit the trial that is drawn, and make another one of it. */
  #clone(): void {
    if (this.trials.length === 0) return;
    const { id: trialId, strategy } = this.#dice.pick(this.trials);
    const change = this.#dice.pick(CHANGES);
    // What an own strategy takes is known to agents alone: the trial would fail there.
    if (isOwn(strategy.strategy) && change.name.startsWith('learning_rate')) return;
    const { state, store } = this.coordinator;
    try {
      this.coordinator.post(toCloning({ trialId, changes: [change] }, state, store));
    } catch (error) {
      if (!(error instanceof EspalierError)) throw error;
    }
  }

  /** A sweep that had ended goes on. */
  async #cloneLate(): Promise<void> {
    this.#clone();
    await settle();
    await this.#end();
  }

  #breaks(): string | undefined {
    if (this.#isCalm || !this.#dice.is(this.#scene.chaos.breaking)) return undefined;
    const words = `broken for the ${this.broken.size + 1}th time`;
    this.broken.add(words);
    return words;
  }

  async #end(): Promise<void> {
    for (let round = 0; !(await this.#goOn()); round += 1)
      assert.ok(round < ROUNDS_MOST, `the sweep does not end: ${this.#describe()}`);
  }

  /** Everything that waits goes on, in order; true once nothing is left to do. */
  async #goOn(): Promise<boolean> {
    for (const agent of this.agents) this.#arrive(agent);
    for (const [sweepId, sweep] of this.state.sweeps) {
      const states = this.trials.map(({ state, isPausing }) => (isPausing ? 'paused' : state));
      if (sweep.state === 'running' && states.includes('paused'))
        this.coordinator.post({ kind: 'resumed', sweepId, trialId: null });
      if (states.includes('failed'))
        this.coordinator.post({ kind: 'retried', sweepId, trialId: null });
    }
    await settle();
    let isBusy = false;
    for (const gate of this.#gates.openable()) {
      isBusy = true;
      gate.open();
      this.happened += 1;
      await settle();
    }
    for (const agent of this.agents) isBusy = (await this.#converse(agent)) || isBusy;
    this.#pass(1_000);
    await settle();
    assert.deepEqual([...this.coordinator.errors, ...this.trainers.overlaps()], []);
    return this.#isOver() && !isBusy;
  }

  /** All that agent and coordinator have to say to each other; true if it was more than a greeting. */
  async #converse(agent: SimulatedAgent): Promise<boolean> {
    let isBusy = false;
    while (agent.sendReports()) {
      isBusy = true;
      await settle();
    }
    while (agent.hearAcknowledgement());
    agent.beat();
    await settle();
    while (agent.hearAnswer()) await settle();
    isBusy = agent.upload(0) || isBusy;
    await settle();
    if (agent.isLeaving) this.#leave(agent);
    return isBusy;
  }

  #isOver(): boolean {
    const sweeps = [...this.state.sweeps.values()];
    const isFailed = this.trials.some(({ state }) => state === 'failed');
    return sweeps.length > 0 && sweeps.every(({ state }) => state !== 'running') && !isFailed;
  }

  #describe(): string {
    const open = [...this.state.stages.values()].filter(({ state }) => state !== 'ended');
    const gates = this.#gates.openable().map(({ what }) => what);
    return JSON.stringify({ open, gates }, null, 1);
  }
}
