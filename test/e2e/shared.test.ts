// A shared sweep of real models on real processes, disturbed in every way that is promised to do no harm: whatever happens, its
// histories are in every bit those of an undisturbed run, and of one in which nothing is shared.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rngFor } from '../../src/domain/random.ts';
import { buildAgent, spawnAgent } from '../agent/support/spawn-agent.ts';
import { testCoordinator } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, trialProcesses, until } from '../support/processes.ts';
import { Cluster, type Histories, runUndisturbed } from './cluster.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const SHARED = join(FIXTURES, 'shared.yaml');
const TRIAL_MAIN = join(import.meta.dirname, '../../dist/src/trial/main.js');
const TRIALS = 20;
/** Of 150 that are delivered. */
const TRAINED = 70;

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6));
process.stderr.write(`shared sweeps are disturbed at random epochs: SEED=${SEED}\n`);

/** After how many recorded epochs a test strikes. */
function pickEpoch(name: string): number {
  return 4 + Math.floor(rngFor(SEED, name)() * (TRAINED - 30));
}

let expected: Promise<Histories> | undefined;

/** The histories of an undisturbed run; run once, by the first test that asks. */
function undisturbed(): Promise<Histories> {
  expected ??= runUndisturbed(SHARED).then((cluster) => {
    expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
    return cluster.histories();
  });
  return expected;
}

/** A sweep file with some lines more, in a folder of its own. */
function withLines(...lines: readonly string[]): string {
  const file = join(temporaryFolder(), 'sweep.yaml');
  mkdirSync(dirname(file), { recursive: true });
  const text = readFileSync(SHARED, 'utf8').replace('./shared.ts', join(FIXTURES, 'shared.ts'));
  writeFileSync(file, [text, ...lines].join('\n'));
  return file;
}

/** A coordinator and two agents of one slot each, with the sweep submitted. */
async function startTwo() {
  const cluster = new Cluster();
  const coordinator = await cluster.startCoordinator();
  const [one, two] = [cluster.startAgent('one'), cluster.startAgent('two')];
  await cluster.submit(SHARED);
  return { cluster, coordinator, one, two };
}

/** Nothing is lost, doubled or other than it was the first time. */
async function expectWhole(cluster: Cluster, trained: unknown = TRAINED): Promise<void> {
  await cluster.untilCompleted('shared');
  expect(cluster.value("SELECT count(*) FROM trial WHERE state = 'completed'")).toBe(TRIALS);
  expect(cluster.value('SELECT count(*) FROM epoch')).toBe(trained);
  expect(cluster.value('SELECT min(reproducible) FROM stage')).toBe(1);
  expect(cluster.value('SELECT * FROM pragma_integrity_check')).toBe('ok');
  expect(cluster.histories()).toEqual(await undisturbed());
}

/** Both families have been begun, each on a slot of its own: most of either is still to be trained. */
const BOTH = 'SELECT count(DISTINCT root_id) = 2 FROM epoch JOIN stage USING (stage_id)';

/** Attempts that went on from a checkpoint, where an earlier attempt of the stage had stood. */
const RESUMED = 'SELECT count(*) FROM attempt WHERE attempt > 1 AND start_epoch IS NOT NULL';

describe('a shared sweep', { timeout: 180_000 }, () => {
  test('is the one in which nothing is shared, and trains less than half of it', async () => {
    const alone = await runUndisturbed(withLines('sharing: off'));
    expect(alone.value('SELECT count(*) FROM epoch')).toBe(150);
    expect(alone.histories()).toEqual(await undisturbed());
  });

  test('survives kill -9 of one of two agents that comes back', async () => {
    const { cluster, one } = await startTwo();
    await cluster.untilEpochs(pickEpoch('comes back'));
    one.child.kill('SIGKILL');
    await one.ended;
    const folder = cluster.folderOf('one');
    await until('its trials to die', () => trialProcesses(folder).length === 0, 10_000);
    cluster.startAgent('one');
    await expectWhole(cluster);
    expect(cluster.value("SELECT count(*) FROM attempt WHERE end = 'lost'")).toBeGreaterThan(0);
  });

  test('survives kill -9 of one of two agents that never comes back', async () => {
    const cluster = new Cluster();
    const limits = { suspectMs: 2_000, lostMs: 3_000 };
    const { address: coordinator } = await testCoordinator(cluster.state, limits);
    const program = await buildAgent();
    const start = (name: string) =>
      spawnAgent(program, {
        coordinator,
        name,
        state: cluster.folderOf(name),
        slots: 1,
        heartbeatMs: 200,
        trialArgv: [process.execPath, TRIAL_MAIN],
      });
    const one = start('one');
    start('two');
    await cluster.submit(SHARED);
    const isTraining = `SELECT count(*) > 0 FROM attempt a JOIN agent g USING (agent_id) WHERE g.name = 'one' AND a.end IS NULL`;
    await cluster.untilEpochs(pickEpoch('never comes back'));
    await cluster.untilTrue('it to train', isTraining);
    one.kill('SIGKILL');
    await expectWhole(cluster);
    const ends = `SELECT a.end, a.stage_id, a.attempt FROM attempt a JOIN agent g USING (agent_id) WHERE g.name = 'one'`;
    expect(cluster.rows(ends).flat()).toContain('lost');
    expect(cluster.value("SELECT state FROM agent WHERE name = 'one'")).toBe('lost');
  });

  test('survives kill -9 of the coordinator: what forks while it is away is told when it is back', async () => {
    const { cluster, coordinator } = await startTwo();
    await cluster.untilEpochs(pickEpoch('coordinator'));
    const { address } = cluster;
    coordinator.child.kill('SIGKILL');
    await coordinator.ended;
    await cluster.startCoordinator(address);
    await expectWhole(cluster);
    expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
    expect(cluster.value('SELECT max(attempt) FROM attempt')).toBe(1);
  });

  test('goes on elsewhere from the checkpoint of an agent that is drained', async () => {
    const { cluster, one } = await startTwo();
    await cluster.untilTrue('an epoch of each', BOTH);
    await cluster.client().drain('one');
    expect(await one.ended).toBe(0);
    expect(cluster.value("SELECT state FROM agent WHERE name = 'one'")).toBe('gone');
    await expectWhole(cluster);
    const handedOver = "SELECT stage_id FROM attempt WHERE end = 'released'";
    expect(cluster.rows(handedOver).length).toBe(1);
    // Handed over at a boundary: not one epoch is trained again.
    expect(cluster.value(RESUMED)).toBe(1);
    expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
  });

  test('is interrupted with Ctrl-C, and run again goes on from its checkpoints', async () => {
    const cluster = new Cluster();
    const command = ['run', SHARED, '--state', cluster.state, '--slots', '2'];
    const first = espalier(command);
    await until('the sweep', () => first.output().includes('submitted'));
    await cluster.untilTrue('an epoch of each', BOTH);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
    expect(cluster.value("SELECT count(*) FROM attempt WHERE end = 'released'")).toBe(2);
    const second = espalier(command);
    expect(await second.ended).toBe(0);
    await expectWhole(cluster);
    expect(cluster.value(RESUMED)).toBe(2);
    expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
  });

  test('a trial that is paused stands at a checkpoint, and resumed it ends as if it had not been', async () => {
    const { cluster } = await startTwo();
    const client = cluster.client();
    const isRunning = "SELECT state = 'running' AND epochs_done > 1 FROM trial WHERE number = 3";
    await cluster.untilTrue('the trial to train', isRunning);
    expect(await client.pause('shared', 'shared/3')).toBe(1);
    const isPaused = "SELECT state = 'paused' FROM trial WHERE number = 3";
    await cluster.untilTrue('the pause', isPaused);
    const isOver = "SELECT count(*) = 19 FROM trial WHERE state = 'completed'";
    await cluster.untilTrue('the others to end', isOver);
    // Nobody but the paused one has a use for a checkpoint any more, but for the best that is kept.
    const ofTrial = 'JOIN trial_stage ts USING (stage_id) JOIN trial t USING (trial_id)';
    const held = `SELECT count(*) FROM checkpoints c ${ofTrial} WHERE t.number = 3 AND c.epoch = t.epochs_done`;
    expect(cluster.value(held)).toBe(1);
    expect(cluster.value(isPaused)).toBe(1);
    expect(await client.resume('shared', 'shared/3')).toBe(1);
    // What it would have had in common with others it trains alone.
    const alone = cluster.value('SELECT 9 - epochs_done FROM trial WHERE number = 3');
    const trained = Number(cluster.value('SELECT count(*) FROM epoch')) + Number(alone);
    await expectWhole(cluster, trained);
    expect(cluster.value('SELECT sum(repeated_epochs) FROM stage')).toBe(0);
  });
});
