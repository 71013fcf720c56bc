// What an agent did while the coordinator could not hear it.

import { expect, onTestFinished, test } from 'vitest';
import { Script } from './script.ts';
import type { SimulatedAgent } from './simulated-agent.ts';

/** The second trial parts from the others at epoch 2, the third at epoch 4. */
const THREE = [
  'epochs: 6',
  'checkpoint_every: 100',
  'keep: none',
  'learning_rate:',
  '  - { strategy: fixed, lr: 0.5 }',
  '  - { strategy: step, lr: 0.5, step_size: [2, 4] }',
];

const ONE = [
  'epochs: 9',
  'checkpoint_every: 2',
  'keep: none',
  'retries: 0',
  'learning_rate: [{ strategy: fixed, lr: 0.5 }]',
];

function script(): Script {
  const made = new Script();
  onTestFinished(() => made.close());
  return made;
}

test('what an agent trained and forked while it was lost is stale, and its slot is free', async () => {
  const world = script();
  const [ann, bob] = [world.agent('ann'), world.agent('bob')];
  await world.submit(THREE);
  await world.talk(ann);
  expect(await world.work(ann, 4)).toEqual(['members', 'open', 'epoch', 'epoch']);
  await world.talk(ann);
  ann.cut();
  expect(await world.work(ann, 100)).toContain('save');
  await world.loseAllBut(bob);
  await world.talk(ann);
  expect(world.stageOf(bob)).toBe('small/1+@0');
  expect(world.coordinator.state.totals.get('small')?.trained).toBe(2);
  const stale = world.coordinator.facts.filter(
    (fact) => fact.kind === 'report-taken' && fact.isStale,
  );
  expect(stale.length).toBeGreaterThan(5);
});

/** Ann forks into `small/1@2` while she is lost; bob forks otherwise, and then ann is given `small/1@2`. */
async function givenWhatItForkedInto(): Promise<{ world: Script; ann: SimulatedAgent }> {
  const world = script();
  const [ann, bob] = [world.agent('ann'), world.agent('bob')];
  await world.submit(THREE);
  await world.talk(ann);
  await world.work(ann, 4);
  await world.talk(ann);
  ann.cut();
  await world.work(ann, 100);
  await world.loseAllBut(bob);
  for (const trialId of ['small/1', 'small/3'])
    await world.post({ kind: 'paused', sweepId: 'small', trialId });
  await world.talk(bob);
  await world.work(bob, 7);
  await world.talk(bob);
  await world.talk(ann);
  await world.post({ kind: 'resumed', sweepId: 'small', trialId: null });
  await world.loseAllBut(ann);
  return { world, ann };
}

test('an agent can be given a stage that it forked into while it was lost', async () => {
  const { world, ann } = await givenWhatItForkedInto();
  expect(world.stageOf(ann)).toBe('small/1@2');
  expect(world.coordinator.state.stages.get('small/1@2')).toMatchObject({ attempt: 1 });
});

// The fence of ann's loop stands at attempt 1 of the child that she forked into and the coordinator never heard of.
test('and then it trains it', async () => {
  const { world, ann } = await givenWhatItForkedInto();
  expect(await world.work(ann, 1)).toEqual(['members']);
});

/** Bob is about to restore a trial from an older checkpoint when ann comes back and sends the later one. */
async function restoring(): Promise<{ world: Script; bob: SimulatedAgent }> {
  const world = script();
  const [ann, bob] = [world.agent('ann'), world.agent('bob')];
  await world.submit(ONE);
  await world.talk(ann);
  await world.work(ann, 6);
  await world.talk(ann);
  ann.upload(0);
  await world.work(ann, 6);
  await world.talk(ann);
  ann.cut();
  await world.loseAllBut(bob);
  await world.work(bob, 4);
  await world.talk(ann);
  ann.upload(0);
  await world.work(ann, 2);
  await world.talk(bob);
  return { world, bob };
}

test('a checkpoint that somebody has just begun to restore from is released when a later one arrives', async () => {
  const { world, bob } = await restoring();
  const held = world.coordinator.state.checkpoints.get('small/1@0');
  expect(held?.map(({ epoch, isStored }) => [epoch, isStored])).toEqual([[4, true]]);
  expect(world.coordinator.state.stages.get('small/1@0')?.lease).toMatchObject({
    agentId: 'bob',
    start: { epoch: 2 },
  });
  expect(await world.work(bob, 1)).toEqual(['restore']);
});

// The agent tidies away what the coordinator no longer lists, also from under a trial that is being restored.
test('and the agent has it until the trial is restored', async () => {
  const { world, bob } = await restoring();
  await world.work(bob, 1);
  await world.talk(bob);
  expect(world.coordinator.state.trials.get('small/1')?.state).toBe('running');
});
