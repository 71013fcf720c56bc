// A coordinator and agents as real processes around one state folder, and what they have recorded, number by number.

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openResults, type Results } from '../../src/results/open-results.ts';
import { readAddress, statePaths } from '../../src/storage/state-folder.ts';
import { SweepClient } from '../../src/wire/sweep-client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, type Running, until } from '../support/processes.ts';

/** Every recorded number of every trial: what must be the same in every bit, however a sweep came to its end. */
export type Histories = Readonly<Record<number, readonly unknown[]>>;

const METRICS = `
  SELECT t.number, m.epoch, m.name, m.kind, m.value
  FROM trial_metrics m JOIN trial t USING (trial_id) ORDER BY t.number, m.epoch, m.name`;

const RATES = `
  SELECT t.number, r.epoch, r.steps, r.first, r.last, r.least, r.greatest, r.applied, group_concat(hex(s.float32_values))
  FROM learning_rates r JOIN trial t USING (trial_id) LEFT JOIN learning_rate_series s USING (stage_id, epoch)
  GROUP BY t.number, r.epoch ORDER BY t.number, r.epoch`;

/** One state folder and what works with it. */
export class Cluster {
  readonly state = temporaryFolder();
  readonly #env: NodeJS.ProcessEnv;
  readonly #agents: string;

  /** `env`: what its programs have besides the environment of the test. `agents`: where the agents have their folders. */
  constructor(env: NodeJS.ProcessEnv = {}, agents?: string) {
    this.#env = env;
    this.#agents = agents ?? this.state;
  }

  /** Starts a coordinator; `listen` is an address that it had before. */
  async startCoordinator(listen = '127.0.0.1:0'): Promise<Running> {
    const args = ['coordinator', '--state', this.state, '--listen', listen];
    const coordinator = espalier(args, { env: this.#env });
    await until('the coordinator', () => readAddress(this.state));
    return coordinator;
  }

  /** Where the coordinator listens. */
  get address(): string {
    return readAddress(this.state) ?? '';
  }

  /** The folder of an agent. */
  folderOf(name: string): string {
    return join(this.#agents, name);
  }

  /** Starts an agent with a folder of its own. */
  startAgent(name: string, slots = 1): Running {
    const where = ['--coordinator', this.address, '--agent-state', this.folderOf(name)];
    const args = ['agent', ...where, '--slots', String(slots), '--name', name];
    return espalier(args, { env: this.#env });
  }

  /** Submits a sweep file. */
  async submit(file: string): Promise<void> {
    const submission = espalier(['submit', file, '--state', this.state]);
    const status = await submission.ended;
    if (status !== 0) throw new Error(submission.output());
  }

  /** A client of the coordinator. */
  client(): SweepClient {
    const client = new SweepClient(this.address);
    onTestFinished(() => client.close());
    return client;
  }

  /** The rows of a query. */
  rows(sql: string): readonly (readonly unknown[])[] {
    return this.#read((results) => results.query(sql).rows);
  }

  /** The first value of a query's first row. */
  value(sql: string): unknown {
    return this.rows(sql)[0]?.[0];
  }

  /** Waits until a query's first value is true. */
  async untilTrue(what: string, sql: string, mostMs?: number): Promise<void> {
    await until(what, () => this.value(sql) === 1, mostMs);
  }

  /** Waits until so many epochs are recorded in all. */
  async untilEpochs(count: number): Promise<void> {
    await this.untilTrue(`${count} epochs`, `SELECT count(*) >= ${count} FROM epoch`);
  }

  /** Waits until the sweep is over. */
  async untilCompleted(sweepId: string, mostMs = 90_000): Promise<void> {
    const sql = `SELECT state = 'completed' FROM sweep WHERE sweep_id = '${sweepId}'`;
    await this.untilTrue('the sweep to end', sql, mostMs);
  }

  /** Everything recorded, by the number of the trial. */
  histories(): Histories {
    const all: Record<number, unknown[]> = {};
    for (const sql of [METRICS, RATES])
      for (const [number, ...row] of this.rows(sql)) (all[Number(number)] ??= []).push(row);
    return all;
  }

  #read<T>(body: (results: Results) => T): T {
    const results = openResults(statePaths(this.state).database);
    try {
      return body(results);
    } finally {
      results.close();
    }
  }
}

/** A sweep file run by one command on one machine without any disturbance; it must end well. */
export async function runUndisturbed(file: string, slots = 2): Promise<Cluster> {
  const cluster = new Cluster();
  const run = espalier(['run', file, '--state', cluster.state, '--slots', String(slots)]);
  const status = await run.ended;
  if (status !== 0) throw new Error(run.output());
  return cluster;
}
