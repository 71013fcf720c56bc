// A simulated world that does what a test says, step by step.

import type { Event } from '../../coordinator/core/event.ts';
import { submissionOf } from '../support/sweep.ts';
import { toNow } from '../support/to-now.ts';
import { Gates, settle } from './gates.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import { Trainers } from './trainers.ts';
import { SimulatedCoordinator } from './simulated-coordinator.ts';

/** Twice as long, and an agent that says nothing is lost. */
const LONG_MS = 60_000;

const ORPHAN_MS = 30 * 60_000;

/** One coordinator, and agents with one slot each. */
export class Script {
  #ms = 1_000;
  readonly trainers = new Trainers();
  readonly #gates = new Gates();
  readonly #agents: SimulatedAgent[] = [];
  readonly coordinator = new SimulatedCoordinator(() => toNow(this.#ms));

  /** Submits the sweep `small` with these lines of its file. */
  async submit(lines: readonly string[]): Promise<void> {
    await this.post(submissionOf(['objective: { metric: val_loss, mode: min }', ...lines]));
  }

  agent(id: string): SimulatedAgent {
    const { coordinator } = this;
    const world = {
      coordinator,
      gates: this.#gates,
      trainers: this.trainers,
      canSave: true,
      clock: () => this.#ms,
      orphanMs: ORPHAN_MS,
      breaks: () => undefined,
    };
    const agent = new SimulatedAgent(id, 1, world);
    this.#agents.push(agent);
    return agent;
  }

  async post(event: Event): Promise<void> {
    this.coordinator.post(event);
    await settle();
  }

  /** The agent connects if it has to, and says and hears all that there is. */
  async talk(agent: SimulatedAgent): Promise<void> {
    if (!agent.isAlive) agent.start();
    if (!agent.isLinked) agent.connect();
    while (agent.sendReports()) await settle();
    while (agent.hearAcknowledgement());
    agent.beat();
    await settle();
    while (agent.hearAnswer()) await settle();
  }

  /** Of what an agent does and waits for, the next so many things; how many of them there were and what. */
  async work(agent: SimulatedAgent, most: number): Promise<readonly string[]> {
    const done: string[] = [];
    while (done.length < most) {
      const gate = this.#gates.openable().find(({ owner }) => owner === agent);
      if (gate === undefined) break;
      done.push(gate.what);
      gate.open();
      await settle();
    }
    return done;
  }

  /** Everybody but this agent is silent for so long that they are lost, and what they ran has been given anew. */
  async loseAllBut(agent: SimulatedAgent): Promise<void> {
    for (const ms of [LONG_MS, LONG_MS, 10_000]) {
      await this.pass(ms);
      await this.talk(agent);
      await this.post({ kind: 'tick' });
    }
    await this.talk(agent);
  }

  /** Time passes, for everybody; the coordinator has not looked at its clock yet. */
  async pass(ms: number): Promise<void> {
    this.#ms += ms;
    for (const agent of this.#agents) agent.checkContact();
    await settle();
  }

  /** The stage that an agent holds a lease of. */
  stageOf(agent: SimulatedAgent): string | undefined {
    return this.coordinator.state.leasesOf.get(agent.id)?.get('cpu0');
  }

  close(): void {
    for (const agent of this.#agents) agent.die(() => 0);
    this.coordinator.close();
  }
}
