// kill -9 in the middle of a sweep of trials that cannot be saved, with real processes: every trial ends once, no epoch is lost
// or doubled, nobody is left behind, and the results are those of an undisturbed run.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Results } from '../../src/results/open-results.ts';
import { openResults } from '../../src/results/open-results.ts';
import { readAddress, statePaths } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Running } from '../support/processes.ts';
import { espalier, trialProcesses, until } from '../support/processes.ts';

const SWEEP = join(import.meta.dirname, 'fixtures/steady.yaml');
const TRIALS = 8;
const EPOCHS = 8;

describe('a sweep goes on', { timeout: 120_000 }, () => {
  test('after kill -9 of the coordinator', async () => {
    const state = temporaryFolder();
    const first = startCoordinator(state, '127.0.0.1:0');
    const address = await until('the coordinator', () => readAddress(state));
    startAgent(state, address, 'one');
    await submit(state);
    await until('some epochs', () => recordedEpochs(state) >= 9);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    startCoordinator(state, address);
    await expectWhole(state);
    withResults(state, (results) => {
      // Nothing was granted anew: what trained went on through the outage.
      expect(query(results, 'SELECT max(attempt) FROM attempt')).toEqual([1]);
      expect(query(results, 'SELECT sum(repeated_epochs) FROM stage')).toEqual([0]);
    });
  });

  test('after kill -9 of the agent, whose trials die with it', async () => {
    const state = temporaryFolder();
    startCoordinator(state, '127.0.0.1:0');
    const address = await until('the coordinator', () => readAddress(state));
    const first = startAgent(state, address, 'one');
    await submit(state);
    await until('some epochs', () => recordedEpochs(state) >= 9);
    expect(trialProcesses(state).length).toBeGreaterThan(0);
    first.child.kill('SIGKILL');
    await first.ended;
    await until('the trials to die', () => trialProcesses(state).length === 0, 10_000);
    startAgent(state, address, 'one');
    await expectWhole(state);
    withResults(state, (results) => {
      expect(query(results, 'SELECT max(attempt) FROM attempt')).toEqual([2]);
      expect(query(results, 'SELECT min(reproducible) FROM stage')).toEqual([1]);
    });
  });

  test('on two agents of one machine, one of which is told to stop and finishes what it trains', async () => {
    const state = temporaryFolder();
    startCoordinator(state, '127.0.0.1:0');
    const address = await until('the coordinator', () => readAddress(state));
    startAgent(state, address, 'one');
    const second = startAgent(state, address, 'two');
    await submit(state);
    await until('both to train', () =>
      withResults(
        state,
        (results) => new Set(query(results, 'SELECT DISTINCT agent_id FROM attempt')).size === 2,
      ),
    );
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    await expectWhole(state);
  });
});

function startCoordinator(state: string, listen: string): Running {
  return espalier(['coordinator', '--state', state, '--listen', listen]);
}

function startAgent(state: string, address: string, name: string): Running {
  return espalier([
    'agent',
    '--coordinator',
    address,
    '--agent-state',
    join(state, name),
    '--slots',
    '2',
    '--name',
    name,
  ]);
}

async function submit(state: string): Promise<void> {
  const submission = espalier(['submit', SWEEP, '--state', state]);
  expect([await submission.ended, submission.output()]).toEqual([
    0,
    expect.stringContaining('steady: 8 trials submitted'),
  ]);
}

async function expectWhole(state: string): Promise<void> {
  await until(
    'the sweep to end',
    () => withResults(state, (results) => results.sweep('steady')?.state === 'completed'),
    90_000,
  );
  withResults(state, (results) => {
    expect(results.sweep('steady')).toMatchObject({
      completed: TRIALS,
      failed: 0,
      diverged: 0,
      cancelled: 0,
    });
    for (const { trial_id, seed, strategy } of results.trials('steady')) {
      const epochs = results.epochs(trial_id);
      expect(epochs.map((row) => row.epoch)).toEqual(
        Array.from({ length: EPOCHS }, (_, epoch) => epoch),
      );
      if (strategy === 'fixed')
        expect(epochs.map((row) => row.metrics['val_loss'])).toEqual(
          expectedLosses(epochs[0]?.first ?? 0, seed),
        );
    }
    expect(query(results, "SELECT count(*) FROM fact WHERE kind = 'trial-ended'")).toEqual([
      TRIALS,
    ]);
    expect(query(results, 'SELECT count(*) FROM stage WHERE reproducible = 0')).toEqual([0]);
    // It has no save: nothing is shared, and every attempt begins from scratch.
    expect(query(results, 'SELECT count(*) FROM epoch')).toEqual([TRIALS * EPOCHS]);
    expect(query(results, 'SELECT count(*) FROM checkpoint')).toEqual([0]);
    expect(query(results, 'SELECT count(start_epoch) FROM attempt')).toEqual([0]);
    expect(query(results, 'SELECT * FROM pragma_integrity_check')).toEqual(['ok']);
  });
}

function expectedLosses(rate: number, seed: number): readonly number[] {
  let sum = 0;
  return Array.from({ length: EPOCHS }, () => {
    for (let step = 0; step < 4; step += 1) sum += rate;
    return 1 / (1 + sum) + seed;
  });
}

function recordedEpochs(state: string): number {
  return withResults(state, (results) => Number(query(results, 'SELECT count(*) FROM epoch')[0]));
}

function withResults<T>(state: string, body: (results: Results) => T): T {
  const results = openResults(statePaths(state).database);
  try {
    return body(results);
  } finally {
    results.close();
  }
}

function query(results: Results, sql: string): readonly unknown[] {
  const { rows } = results.query(sql);
  return rows.flat();
}
