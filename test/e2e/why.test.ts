// People steer a real sweep, and ask why: with the coordinator, without it, and after it was killed. What a clone comes to is what it comes
// to alone, bit for bit.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { espalier } from '../support/processes.ts';
import { Cluster } from './cluster.ts';

vi.setConfig({ testTimeout: 120_000 });

const TRIAL = join(import.meta.dirname, 'fixtures/shared.ts');

/** Two trials that part at epoch 2. */
function sweepFile(): string {
  const file = join(temporaryFolder(), 'sweep.yaml');
  const lines = [
    'name: pair',
    `trial: ${JSON.stringify(TRIAL)}`,
    'objective: { metric: val_loss, mode: min }',
    'epochs: 4',
    'backends: [cpu]',
    'keep: all',
    'checkpoint_every: 1 epochs',
    'learning_rate:',
    '  - { strategy: fixed, lr: 0.05 }',
    '  - { strategy: step, lr: 0.05, step_size: 2, gamma: 0.5 }',
  ];
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** What a command prints, and the status that it ends with. */
async function say(cluster: Cluster, ...words: readonly string[]): Promise<readonly string[]> {
  const [verb = '', ...rest] = words;
  const command = espalier([verb, '--state', cluster.state, ...rest]);
  const status = await command.ended;
  const lines = command.output().split('\n');
  return [`status ${status}`, ...lines.filter((line) => line !== '')];
}

type Answer = {
  readonly state: string;
  readonly source: string;
  readonly reasons: readonly {
    kind: string;
    fact: string;
    at_ms: number | null;
    words: string[];
  }[];
};

async function why(cluster: Cluster, id: string): Promise<Answer> {
  const [status = '', ...lines] = await say(cluster, 'why', id, '--json');
  expect(status).toBe('status 0');
  return JSON.parse(lines.filter((line) => !line.startsWith('no coordinator')).join('\n'));
}

function kindsOf({ reasons }: Answer): readonly string[] {
  return reasons.map(({ kind }) => kind);
}

test('a sweep is steered, cloned from and explained from its submission to after its coordinator was killed', async () => {
  const cluster = new Cluster();
  const coordinator = await cluster.startCoordinator();
  await cluster.submit(sweepFile());

  expect(await say(cluster, 'priority', 'pair/2', '3')).toEqual([
    'status 0',
    'pair/2: priority 3; free slots go to trials of its sweep with a higher one first',
  ]);
  expect(await say(cluster, 'priority', 'pair', '-4', '--json')).toContain('  "priority": -4,');
  expect((await say(cluster, 'priority', 'pair/9', '3'))[0]).toBe('status 4');
  expect((await say(cluster, 'priority', 'pair', '1001'))[0]).toBe('status 2');
  expect((await say(cluster, 'show', 'pair'))[1]).toBe(
    'pair: running, 2 trials, min val_loss, priority -4',
  );

  const waits = await why(cluster, 'pair/2');
  expect(waits).toMatchObject({ state: 'pending', source: 'coordinator' });
  expect(kindsOf(waits)).toEqual(['no-agent', 'priority', 'submitted', 'asked', 'asked']);
  expect(waits.reasons.slice(1).every(({ fact, at_ms }) => fact !== '' && at_ms !== null)).toBe(
    true,
  );

  const agent = cluster.startAgent('ann');
  await cluster.untilCompleted('pair');
  const parted = await why(cluster, 'pair/2');
  expect(parted.reasons[0]).toMatchObject({ kind: 'ended', fact: 'trial-ended' });
  expect(parted.reasons.find(({ kind }) => kind === 'parted')?.words).toEqual([
    'parted at epoch 2: the trials of pair/1+@0 have 2 different learning rates from there on',
  ]);

  expect(await say(cluster, 'clone', 'pair/2', 'learning_rate.gama=0.5')).toEqual([
    'status 3',
    'espalier: pair/2 cannot be cloned so',
    '  learning_rate.gama: received the unknown key gama; did you mean gamma?',
  ]);
  expect((await say(cluster, 'clone', 'pair/2', 'learning_rate.gamma=0.5'))[0]).toBe('status 5');
  expect(await say(cluster, 'clone', 'pair/2', 'learning_rate.step_size=3')).toEqual([
    'status 0',
    'pair/3: cloned from pair/2, goes on when a slot is free',
  ]);
  await cluster.untilTrue(
    'the clone',
    "SELECT state = 'completed' FROM trial WHERE trial_id = 'pair/3'",
  );
  const trained =
    "SELECT count(*) FROM epoch JOIN trial USING (stage_id) WHERE trial_id = 'pair/3'";
  expect(cluster.value(trained)).toBe(1);
  expect(cluster.value('SELECT cloned_from FROM clones')).toBe('pair/2');
  expect((await say(cluster, 'show', 'pair/3'))[1]).toContain('cloned from pair/2');
  expect((await say(cluster, 'verify', 'pair', '3'))[0]).toBe('status 0');

  const live = await why(cluster, 'pair/3');
  expect(live.reasons.find(({ kind }) => kind === 'cloned')?.words).toEqual([
    'cloned from pair/2 with learning_rate.step_size 3: epochs 0–2 are what was trained already',
  ]);
  coordinator.child.kill('SIGKILL');
  await coordinator.ended;
  const recorded = await why(cluster, 'pair/3');
  expect(recorded).toEqual({ ...live, source: 'record' });
  expect((await say(cluster, 'why', 'pair/9'))[0]).toBe('status 4');
  agent.child.kill('SIGKILL');
});
