// What a person wants of a trial that trains comes to pass at its next epoch boundary.

import { expect, onTestFinished, test } from 'vitest';
import type { Trial } from '../../coordinator/core/model.ts';
import { Script } from './script.ts';
import type { SimulatedAgent } from './simulated-agent.ts';

/** Three trials that train alike for six epochs. */
const ALIKE = [
  'epochs: 6',
  'learning_rate:',
  '  - { strategy: fixed, lr: 0.5 }',
  '  - { strategy: step, lr: 0.5, step_size: [9, 10] }',
];

/** A sweep of which ann has trained two epochs. */
async function started(lines = ALIKE): Promise<{ world: Script; ann: SimulatedAgent }> {
  const world = new Script();
  onTestFinished(() => world.close());
  const ann = world.agent('ann');
  await world.submit(['checkpoint_every: 100', 'keep: none', ...lines]);
  await world.talk(ann);
  await world.work(ann, 4);
  await world.talk(ann);
  return { world, ann };
}

async function steer(world: Script, kind: 'paused' | 'cancelled', trialId: string): Promise<void> {
  await world.post({ kind, sweepId: 'small', trialId });
}

function trial(world: Script, id: string): Trial | undefined {
  return world.coordinator.state.trials.get(id);
}

test('a trial pauses at the boundary that comes next after its agent has heard of it', async () => {
  const { world, ann } = await started();
  await steer(world, 'paused', 'small/2');
  await world.talk(ann);
  expect(await world.work(ann, 4)).toEqual(['epoch', 'save', 'keep', 'epoch']);
  await world.talk(ann);
  expect(trial(world, 'small/2')).toMatchObject({ state: 'paused', epochsDone: 3 });
  expect(trial(world, 'small/1')).toMatchObject({ state: 'running', epochsDone: 4 });
  expect(world.stageOf(ann)).toBe('small/1@3');
});

test('when all pause, the slot is free', async () => {
  const { world, ann } = await started();
  for (const id of ['small/1', 'small/2', 'small/3']) await steer(world, 'paused', id);
  await world.talk(ann);
  expect(await world.work(ann, 100)).toEqual(['epoch', 'save', 'keep']);
  await world.talk(ann);
  expect(trial(world, 'small/3')).toMatchObject({ state: 'paused', epochsDone: 3 });
  expect(world.stageOf(ann)).toBeUndefined();
});

test('who was cancelled trains no further, and the others train on', async () => {
  const { world, ann } = await started();
  await steer(world, 'cancelled', 'small/1');
  await world.talk(ann);
  expect(await world.work(ann, 100)).toEqual(['epoch', 'epoch', 'epoch', 'epoch']);
  await world.talk(ann);
  expect(trial(world, 'small/1')).toMatchObject({ state: 'cancelled', epochsDone: 2 });
  expect(trial(world, 'small/3')).toMatchObject({ state: 'completed', epochsDone: 6 });
});

test('when only those are left that were cancelled, the agent is done', async () => {
  const { world, ann } = await started([
    'epochs: [3, 6]',
    'learning_rate: [{ strategy: fixed, lr: 0.5 }]',
  ]);
  await steer(world, 'cancelled', 'small/2');
  await world.talk(ann);
  expect(await world.work(ann, 100)).toEqual(['epoch']);
  await world.talk(ann);
  expect(trial(world, 'small/1')).toMatchObject({ state: 'completed', epochsDone: 3 });
  expect(world.coordinator.state.stages.get('small/1+@0')).toMatchObject({ state: 'ended' });
});

test('who left a stage is not asked when its epochs are trained again', async () => {
  const { world, ann } = await started([
    'epochs: 6',
    'learning_rate: [{ strategy: fixed, lr: 0.5 }, { strategy: step, lr: 0.5, step_size: 2 }]',
  ]);
  const bob = world.agent('bob');
  ann.die(() => 0);
  await steer(world, 'paused', 'small/2');
  await world.loseAllBut(bob);
  expect(trial(world, 'small/2')).toMatchObject({ state: 'paused', stageId: 'small/2@2.2' });
  await world.work(bob, 7);
  await world.talk(bob);
  expect(trial(world, 'small/1')).toMatchObject({ epochsDone: 4 });
  bob.die(() => 0);
  await world.loseAllBut(ann);
  expect(await world.work(ann, 8)).toEqual([
    'members',
    'history',
    'open',
    'epoch',
    'epoch',
    'epoch',
    'epoch',
    'epoch',
  ]);
  await world.talk(ann);
  expect(trial(world, 'small/1')).toMatchObject({ state: 'running', epochsDone: 5 });
  expect(world.coordinator.state.totals.get('small')).toMatchObject({ trained: 5, repeated: 6 });
});

test('when all were cancelled, nothing more is trained', async () => {
  const { world, ann } = await started();
  for (const id of ['small/1', 'small/2', 'small/3']) await steer(world, 'cancelled', id);
  await world.talk(ann);
  expect(await world.work(ann, 100)).toEqual([]);
  expect(world.coordinator.state.sweeps.get('small')?.state).toBe('completed');
});

test('an agent that was drained saves, hands over, and another one goes on from there', async () => {
  const { world, ann } = await started();
  const bob = world.agent('bob');
  await world.talk(bob);
  await world.post({ kind: 'drained', agentId: 'ann' });
  await world.talk(ann);
  expect(await world.work(ann, 100)).toEqual(['epoch', 'save', 'keep']);
  await world.talk(ann);
  ann.upload(0);
  await world.work(ann, 2);
  await world.talk(bob);
  expect(await world.work(bob, 6)).toEqual([
    'members',
    'history',
    'checkpoint',
    'open',
    'restore',
    'epoch',
  ]);
  await world.talk(bob);
  expect(trial(world, 'small/1')).toMatchObject({ state: 'running', epochsDone: 4 });
  expect(world.coordinator.state.totals.get('small')).toMatchObject({ trained: 4, repeated: 0 });
});
