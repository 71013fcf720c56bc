// A real coordinator under fire, and a canary: an honest agent with a trial of its own, which has to get on whatever others do.
// Promise: `check` finds a coordinator that has stopped, a bug in its log, a report of the canary that is lost or doubled, a state
// that breaks an invariant, rows that say something else, and more of anything than its limit.

import { credentials } from '@grpc/grpc-js';
import Database from 'better-sqlite3';
import { expect, onTestFinished } from 'vitest';
import type { Limits } from '../../coordinator/core/limits.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import { startCoordinator } from '../../coordinator/main.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { openResults } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { CHANNEL_OPTIONS } from '../../src/wire/channel.ts';
import { AgentServiceClient } from '../../src/wire/generated/espalier/v1/agent.ts';
import { SweepClient } from '../../src/wire/sweep-client.ts';
import { epochReport, ScriptedAgent, submitSmall } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordViolations, violations } from '../support/invariants.ts';

/** Small ones, so that they are met. */
const LIMITS = {
  agentsMost: 12,
  sweepsMost: 30,
  trialsMost: 2_000,
  logBytesMost: 100_000,
  watchersMost: 8,
  uploadsMost: 4,
  stallMs: 2_000,
  backoffMs: 10,
} satisfies Partial<Limits>;

const CANARY = [
  'name: canary',
  'trial: ./trial.ts',
  'objective: { metric: val_loss, mode: min }',
  'epochs: 100000',
  'learning_rate: [{ strategy: fixed, lr: 0.1 }]',
].join('\n');

/** A coordinator under fire. */
export type Stand = {
  readonly address: string;
  /** The canary reports one more epoch, and is told that it was taken. */
  readonly advance: () => Promise<void>;
  /** Ends the coordinator and looks through its books; the kinds of facts in them, and of records of others than the canary. */
  readonly check: () => Promise<readonly string[]>;
};

/** Starts one; it is gone when the test ends. */
export async function startStand(): Promise<Stand> {
  const state = temporaryFolder();
  const bugs: string[] = [];
  const log = (line: string): void => void (line.startsWith('bug') && bugs.push(line));
  const listen = { host: '127.0.0.1', port: 0 };
  const coordinator = await startCoordinator({
    listen,
    state,
    insecure: false,
    limits: LIMITS,
    log,
  });
  let failure: unknown;
  coordinator.ended.catch((error: unknown) => (failure = error));
  onTestFinished(() => coordinator.close().catch(() => undefined));
  const client = new SweepClient(coordinator.address);
  await submitSmall(client, CANARY);
  client.close();
  const canary = await startCanary(coordinator.address);
  const advance = async (): Promise<void> => {
    if (failure !== undefined) throw new Error('the coordinator has stopped', { cause: failure });
    await canary.advance();
    expect(bugs).toEqual([]);
  };
  const check = async (): Promise<readonly string[]> => {
    await advance();
    canary.close();
    await coordinator.close();
    checkBooks(state, canary.epochs());
    return readKinds(statePaths(state).database);
  };
  return { address: coordinator.address, advance, check };
}

async function startCanary(address: string) {
  const client = new AgentServiceClient(address, credentials.createInsecure(), CHANNEL_OPTIONS);
  onTestFinished(() => client.close());
  const agent = new ScriptedAgent(client, 'canary');
  agent.beat();
  const [assignment] = (await agent.desired()).assignments;
  expect(assignment).toMatchObject({ stageId: 'canary/1@0', attempt: 1 });
  const opened = { stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu', canSave: true };
  await agent.report('canary/1@0', 1, { $case: 'opened', opened });
  let epochs = 0;
  return {
    epochs: () => epochs,
    close: () => client.close(),
    advance: async () => {
      agent.beat({ running: [{ stageId: 'canary/1@0', attempt: 1, slot: 'cpu0' }] });
      await agent.desired();
      const answer = await agent.report('canary/1@0', 1, epochReport(epochs, 1 / (epochs + 1)));
      epochs += 1;
      expect(answer).toEqual({ acknowledgedSequence: epochs + 1, stale: [], forgottenReports: 0 });
    },
  };
}

function checkBooks(state: string, epochs: number): void {
  const path = statePaths(state).database;
  const results = openResults(path);
  const values = results.epochs('canary/1').map((row) => row.metrics['val_loss']);
  results.close();
  expect(values).toEqual(Array.from({ length: epochs }, (_, i) => 1 / (i + 1)));
  const store = openStore(path);
  try {
    const loaded = store.load({ monoMs: 0, wallMs: Date.now() }, DEFAULT_LIMITS.graceMs);
    expect(violations(loaded)).toEqual([]);
    expect(recordViolations(loaded, store)).toEqual([]);
    expect(loaded.agents.size).toBeLessThanOrEqual(LIMITS.agentsMost);
    expect(loaded.sweeps.size).toBeLessThanOrEqual(LIMITS.sweepsMost);
    expect(loaded.trials.size).toBeLessThanOrEqual(LIMITS.trialsMost);
    for (const id of loaded.stages.keys())
      expect(store.logBytes(id)).toBeLessThan(LIMITS.logBytesMost + 200);
  } finally {
    store.close();
  }
}

/** Records are no facts of their own in the database. */
const RECORDS = ['epoch', 'log_chunk', 'learning_rate_series', 'checkpoint'];

function readKinds(path: string): readonly string[] {
  const db = new Database(path, { readonly: true });
  try {
    const recorded = RECORDS.map(
      (table) => `SELECT '${table}' FROM ${table} WHERE stage_id NOT LIKE 'canary%'`,
    );
    const all = ['SELECT kind FROM fact', ...recorded].join(' UNION ');
    const kinds: unknown[] = db.prepare(all).pluck().all();
    return kinds.map(String);
  } finally {
    db.close();
  }
}
