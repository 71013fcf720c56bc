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
import { AFTER_EVENT } from './invariants/after-event.ts';
import { IT_ENDS, RESTART_STOPS_NOBODY } from './invariants/named.ts';
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
  /** What is handed in once a sweep is over and things go on happening, and now and then before. */
  readonly nextSweep?: () => Submission;
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
    this.#harm = scene.chaos.crashes ? this.#dice.pick([0.1, 0.3, 1]) : 0;
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
    for (let step = 0; step < this.#scene.chaos.steps; step += 1) {
      if (this.#isOver() && !this.#submitNext()) break;
      if (restores && this.#dice.is(0.01)) await this.coordinator.backUp();
      if (restores && this.#dice.is(0.004)) this.#restoreCopy();
      while (this.#happen() === false);
      this.happened += 1;
      await settle();
      this.#look();
    }
    this.#isCalm = true;
    await this.#end();
    if (this.#scene.chaos.cloning === true) for (let i = 0; i < 3; i += 1) await this.#cloneLate();
    this.#restart();
    await this.#end();
    this.coordinator.audit();
    this.#look();
  }

  close(): void {
    for (const agent of this.agents) agent.die(() => 0);
    this.coordinator.close();
  }

  /** One random thing; false if it was none, such as an answer that is not there to be heard. */
  #happen(): unknown {
    const { lateUploads, pausing, cancelling, breaking, cloning = false } = this.#scene.chaos;
    const dice = this.#dice;
    const agent = dice.pick(this.agents);
    const harm = this.#harm;
    return dice.choose([
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
      [0.05, () => this.#submitNext()],
    ]);
  }

  #submitNext(): boolean {
    const next = this.#scene.nextSweep?.();
    if (next !== undefined) this.coordinator.post(next);
    return next !== undefined;
  }

  /** All that an agent can say and hear at once. */
  #greet(agent: SimulatedAgent): boolean {
    let isHeard = false;
    while (agent.sendReports()) isHeard = true;
    while (agent.hearAcknowledgement()) isHeard = true;
    if (agent.beat()) isHeard = true;
    while (agent.hearAnswer()) isHeard = true;
    return isHeard;
  }

  #openGate(): boolean {
    const gates = this.#gates.openable();
    if (gates.length > 0) this.#dice.pick(gates).open();
    return gates.length > 0;
  }

  #arrive(agent: SimulatedAgent): boolean {
    if (agent.isLinked) return false;
    if (!agent.isAlive) agent.start();
    agent.connect();
    agent.beat();
    return true;
  }

  #kill(agent: SimulatedAgent): boolean {
    if (!agent.isAlive) return false;
    agent.die((unsent) => this.#dice.below(unsent + 1));
    if (this.#dice.is(0.2)) agent.disk.lose();
    return true;
  }

  #leave(agent: SimulatedAgent): boolean {
    if (!agent.leave()) return false;
    agent.die((unsent) => unsent);
    return true;
  }

  /** All connections are gone with it, and nothing that trains. */
  #restart(): void {
    const before = this.trainers.all();
    for (const agent of this.agents) agent.cut();
    this.coordinator.restart();
    assert.deepEqual(this.trainers.all(), before, `${RESTART_STOPS_NOBODY.name}: they were`);
  }

  /** Agents that are connected to what it was are so no longer. */
  #restoreCopy(): void {
    for (const agent of this.agents) agent.cut();
    if (this.coordinator.restoreCopy(this.#dice.below(8))) this.restored += 1;
  }

  #pass(ms: number): void {
    this.#ms += ms;
    for (const agent of this.agents) agent.checkContact();
    this.coordinator.ring();
  }

  /** A trial of a sweep that runs, or all of that. */
  #steer(kind: 'paused' | 'resumed' | 'cancelled' | 'retried'): boolean {
    const open = this.trials.filter(
      ({ sweepId, state }) => state === 'failed' || this.#isRunning(sweepId),
    );
    if (open.length === 0) return false;
    const { id, sweepId } = this.#dice.pick(open);
    const isWhole = kind !== 'cancelled' && this.#dice.is(0.3);
    this.coordinator.post({ kind, sweepId, trialId: isWhole ? null : id });
    return true;
  }

  #isRunning(sweepId: string): boolean {
    return this.state.sweeps.get(sweepId)?.state === 'running';
  }

  #prioritise(): boolean {
    if (this.trials.length === 0) return false;
    const { id: trialId, sweepId } = this.#dice.pick(this.trials);
    const priority = this.#dice.pick([-2, 0, 1, 5]);
    this.coordinator.post({ kind: 'prioritised', sweepId, trialId, priority });
    return true;
  }

  /** Of a few changes some fit the trial that is drawn, and make another one of it. */
  #clone(): boolean {
    if (this.trials.length === 0) return false;
    const { id: trialId, strategy } = this.#dice.pick(this.trials);
    const change = this.#dice.pick(CHANGES);
    // What an own strategy takes is known to agents alone: the trial would fail there.
    if (isOwn(strategy.strategy) && change.name.startsWith('learning_rate')) return false;
    const { state, store } = this.coordinator;
    try {
      this.coordinator.post(toCloning({ trialId, changes: [change] }, state, store));
      return true;
    } catch (error) {
      if (error instanceof EspalierError) return false;
      throw error;
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
      assert.ok(
        round < ROUNDS_MOST,
        `${IT_ENDS.name}: the sweep does not end: ${this.#describe()}`,
      );
  }

  /** Everything that waits goes on, in order; true once nothing is left to do. */
  async #goOn(): Promise<boolean> {
    for (const agent of this.agents) this.#arrive(agent);
    for (const [sweepId, sweep] of this.state.sweeps) {
      const states = this.trials
        .filter((trial) => trial.sweepId === sweepId)
        .map(({ state, isPausing }) => (isPausing ? 'paused' : state));
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
    this.#look();
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

  /** What must hold after everything that happens. */
  #look(): void {
    const found = AFTER_EVENT.flatMap(({ name, find }) =>
      find(this).map((words) => `${name}: ${words}`),
    );
    assert.deepEqual([...this.coordinator.auditor.found, ...found], []);
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
