// A coordinator and four agents on this machine, which come back whenever they are killed, as a service manager would see to.
// Promise: `end` leaves nothing that was started here running.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readAddress } from '../../src/storage/state-folder.ts';
import { descendantsOf, kill, listProcesses } from './processes.ts';
import type { Victim } from './strikes.ts';
import { prepareAgent } from './spool-record.ts';

const AGENTS = ['one', 'two', 'three', 'four'] as const;
const POLL_MS = 5;
const START_MS = 60_000;
const LEAVE_MS = 30_000;

/** An agent: its process comes and goes, its folder stays. */
export type Member = { readonly name: string; readonly folder: string; readonly agentId: string };

/** What was killed: an agent's process or one below it, or the coordinator. */
export type Target = { readonly pid: number; readonly member: Member | undefined };

export class Household {
  readonly state: string;
  readonly members: readonly Member[];
  /** What the trials have trained, by their own word. */
  readonly journal: string;
  /** When the coordinator was started after it was killed; wall times in milliseconds. */
  readonly coordinatorStarts: number[] = [];
  readonly #folder: string;
  readonly #agents = new Map<Member, ChildProcess>();
  #coordinator: ChildProcess | undefined;
  #address = '127.0.0.1:0';
  #isOver = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.state = join(folder, 'state');
    this.journal = join(folder, 'journal');
    this.members = AGENTS.map((name) => {
      const home = join(folder, name);
      return { name, folder: home, agentId: prepareAgent(home) };
    });
  }

  /** Starts the coordinator, waits until it serves, and starts the agents. */
  async begin(): Promise<void> {
    this.#startCoordinator();
    const deadline = performance.now() + START_MS;
    while (readAddress(this.state) === undefined) {
      if (performance.now() > deadline)
        throw new Error(`the coordinator does not serve: see ${this.#folder}`);
      await sleep(POLL_MS);
    }
    this.#address = readAddress(this.state) ?? '';
    for (const member of this.members) void this.#startAgent(member, 0);
  }

  /** What of a kind lives now. */
  targets(victim: Victim): readonly Target[] {
    if (victim === 'coordinator') return toTarget(this.#coordinator, undefined);
    const agents = [...this.#agents].flatMap(([member, child]) => toTarget(child, member));
    if (victim === 'agent') return agents;
    const all = listProcesses();
    return agents.flatMap(({ pid: agent, member }) =>
      descendantsOf(agent, all)
        .filter(({ command }) => isTrial(command) === (victim === 'trial') && isOurs(command))
        .map(({ pid }) => ({ pid, member })),
    );
  }

  /** Kills; an agent comes back after `awayMs`, a coordinator at once. */
  async strike({ pid, member }: Target, awayMs: number): Promise<void> {
    const child = member === undefined ? this.#coordinator : this.#agents.get(member);
    kill(pid);
    if (child?.pid !== pid) return;
    await exited(child);
    if (member === undefined) {
      this.coordinatorStarts.push(Date.now());
      this.#startCoordinator();
    } else void this.#startAgent(member, awayMs);
  }

  /** Lets the agents leave and the coordinator close. */
  async leave(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#agents.values()].map((child) => end(child)));
    if (this.#coordinator !== undefined) await end(this.#coordinator);
  }

  /** Ends whatever is still there. */
  async end(): Promise<void> {
    this.#isOver = true;
    const all = listProcesses();
    const children = [...this.#agents.values(), this.#coordinator].filter(isRunning);
    const pids = children.flatMap(({ pid = 0 }) => descendantsOf(pid, all).map((one) => one.pid));
    for (const child of children) child.kill('SIGKILL');
    for (const pid of pids) kill(pid);
    await Promise.all(children.map(exited));
  }

  #startCoordinator(): void {
    if (this.#isOver) return;
    const port = this.#address.split(':').at(-1) ?? '0';
    this.#coordinator = this.#start('coordinator', [this.state, port]);
  }

  async #startAgent(member: Member, awayMs: number): Promise<void> {
    await sleep(awayMs, undefined, { ref: false });
    if (this.#isOver) return;
    this.#agents.set(member, this.#start('agent', [this.#address, member.folder, member.name]));
  }

  #start(program: 'coordinator' | 'agent', args: readonly string[]): ChildProcess {
    mkdirSync(this.#folder, { recursive: true });
    const log = openSync(join(this.#folder, `${args[2] ?? program}.log`), 'a');
    const file = fileURLToPath(new URL(`./${program}-process.js`, import.meta.url));
    return spawn(process.execPath, [file, ...args], { stdio: ['ignore', log, log] });
  }
}

function isTrial(command: string): boolean {
  return command.includes('faults/trial-process.js') && !command.includes('espalier-');
}

/** Not what a trial has started itself. */
function isOurs(command: string): boolean {
  return isTrial(command) || command.includes('espalier-');
}

function isRunning(child: ChildProcess | undefined): child is ChildProcess {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

function toTarget(child: ChildProcess | undefined, member: Member | undefined): readonly Target[] {
  return isRunning(child) && child.pid !== undefined ? [{ pid: child.pid, member }] : [];
}

async function exited(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  await new Promise((resolve) => child.once('exit', resolve));
}

/** Politely, then not. */
async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), LEAVE_MS);
  await exited(child);
  clearTimeout(force);
}
