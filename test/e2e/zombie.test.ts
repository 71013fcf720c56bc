// An agent that is stopped past its lease and woken again, with real processes: it changes nothing and stops its trials.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openResults } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { poll } from '../agent/support/poll.ts';
import { buildAgent, spawnAgent } from '../agent/support/spawn-agent.ts';
import { TRIAL_ARGV } from '../agent/support/start-agent.ts';
import { submitSmall, testClient, testCoordinator } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { processesWith } from '../support/processes.ts';

// Seconds where nothing else runs.
vi.setConfig({ testTimeout: 120_000 });

const LIMITS = { suspectMs: 1_000, lostMs: 3_000, graceMs: 10_000, backoffMs: 100 };

/** A real coordinator with short times, a sweep of one trial whose epochs wait at a gate, and agents in processes of their own. */
class Place {
  readonly gate = join(temporaryFolder(), 'gate');
  readonly #state = temporaryFolder();
  #address = '';
  #program = '';

  static async open(): Promise<Place> {
    const place = new Place();
    const coordinator = await testCoordinator(place.#state, LIMITS);
    place.#address = coordinator.address;
    place.#program = await buildAgent();
    place.letPass(2);
    const sweep = [
      'name: small',
      'trial: ./trial.ts',
      'objective: { metric: val_loss, mode: min }',
      'epochs: 6',
      `config: { gate: ${JSON.stringify(place.gate)} }`,
      'learning_rate: [{ strategy: fixed, lr: 0.1 }]',
    ];
    await submitSmall(testClient(coordinator), sweep.join('\n'));
    return place;
  }

  /** Epochs below this number are answered for. */
  letPass(below: number): void {
    writeFileSync(this.gate, String(below));
  }

  start(name: string): ChildProcess {
    const agent = spawnAgent(this.#program, {
      coordinator: this.#address,
      state: join(this.#state, name),
      name,
      slots: 1,
      heartbeatMs: 200,
      graceMs: 200,
      trialArgv: TRIAL_ARGV,
    });
    onTestFinished(() => void agent.kill('SIGCONT'));
    return agent;
  }

  rows(sql: string): readonly (readonly unknown[])[] {
    const results = openResults(statePaths(this.#state).database);
    try {
      return results.query(sql).rows;
    } finally {
      results.close();
    }
  }

  /** Waits until a query's first value is true. */
  async until(what: string, sql: string): Promise<void> {
    await poll(what, () => this.rows(sql)[0]?.[0] === 1, 60_000);
  }

  /** Processes of an agent's trials. */
  trialsOf(name: string): readonly number[] {
    const id = this.rows(`SELECT agent_id FROM agent WHERE name = '${name}'`)[0]?.[0];
    return processesWith(`ESPALIER_PROCESS=${String(id)}/`);
  }
}

test('a zombie changes nothing and stops its trials', async () => {
  const place = await Place.open();
  const ann = place.start('ann');
  await place.until('two epochs', 'SELECT count(*) = 2 FROM epoch');
  ann.kill('SIGSTOP');
  place.start('bob');
  await place.until('the second attempt', 'SELECT max(attempt) = 2 FROM attempt');
  // The trials are not stopped: both train the third epoch, and ann's answer waits in its pipe.
  place.letPass(3);
  await place.until('its third epoch', 'SELECT count(*) = 3 FROM epoch');
  const before = place.rows('SELECT * FROM epoch ORDER BY epoch');
  expect(place.trialsOf('ann').length).toBeGreaterThan(0);
  ann.kill('SIGCONT');
  await poll('the end of its trials', () => place.trialsOf('ann').length === 0);
  expect(place.trialsOf('bob').length).toBeGreaterThan(0);
  expect(place.rows('SELECT * FROM epoch ORDER BY epoch')).toEqual(before);
  place.letPass(99);
  await place.until('the end', "SELECT state = 'completed' FROM sweep");
  // A trial ends with its last epoch; its attempt when the agent has let go of it.
  await place.until('that of its attempt', 'SELECT count(end) = 2 FROM attempt');
  expect(place.rows('SELECT attempt, end FROM attempt ORDER BY attempt')).toEqual([
    [1, 'lost'],
    [2, 'completed'],
  ]);
  expect(place.rows('SELECT count(*), count(DISTINCT epoch) FROM epoch')).toEqual([[6, 6]]);
  await place.until('its return', "SELECT state = 'connected' FROM agent WHERE name = 'ann'");
});
