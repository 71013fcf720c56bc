// `exclusive: true`: no trial is ever trained by two processes at once, whatever is cut off. What was trained meanwhile is thrown away.

import { expect, onTestFinished, test } from 'vitest';
import { Script } from './script.ts';
import type { SimulatedAgent } from './simulated-agent.ts';

const LINES = [
  'epochs: 8',
  'checkpoint_every: 100',
  'keep: none',
  'learning_rate: [{ strategy: fixed, lr: 0.5 }]',
];

/** Ann has trained two epochs that are recorded, and is cut off; bob is there. */
async function cutOff(
  exclusive: boolean,
): Promise<{ world: Script; ann: SimulatedAgent; bob: SimulatedAgent }> {
  const world = new Script();
  onTestFinished(() => world.close());
  const [ann, bob] = [world.agent('ann'), world.agent('bob')];
  await world.submit([...LINES, `exclusive: ${exclusive}`]);
  await world.talk(ann);
  await world.work(ann, 4);
  await world.talk(ann);
  await world.talk(bob);
  ann.cut();
  return { world, ann, bob };
}

test('an agent that is cut off trains on for two thirds of the time, and then stops', async () => {
  const { world, ann } = await cutOff(true);
  await world.pass(59_999);
  expect(await world.work(ann, 1)).toEqual(['epoch']);
  await world.pass(1);
  expect(await world.work(ann, 1)).toEqual([]);
});

test('without it, it trains on', async () => {
  const { world, ann } = await cutOff(false);
  await world.pass(80_000);
  expect(await world.work(ann, 1)).toEqual(['epoch']);
});

test('another agent is given the trial only after that, and trains again what was thrown away', async () => {
  const { world, ann, bob } = await cutOff(true);
  await world.work(ann, 3);
  await world.loseAllBut(bob);
  expect(world.trainers.overlaps()).toEqual([]);
  expect(world.stageOf(bob)).toBe('small/1@0');
  await world.work(bob, 100);
  await world.talk(bob);
  await world.talk(ann);
  expect(world.coordinator.state.trials.get('small/1')?.state).toBe('completed');
  expect(world.coordinator.state.totals.get('small')).toMatchObject({ trained: 8, repeated: 2 });
  const stale = world.coordinator.facts.filter(
    (fact) => fact.kind === 'report-taken' && fact.isStale,
  );
  expect(stale.length).toBeGreaterThan(0);
});

test('contact that comes back in time finds the attempt stopped, and begins it again', async () => {
  const { world, ann } = await cutOff(true);
  await world.pass(70_000);
  await world.talk(ann);
  await world.talk(ann);
  expect(world.coordinator.state.stages.get('small/1@0')).toMatchObject({ attempt: 2, losses: 1 });
  expect(await world.work(ann, 100)).toContain('epoch');
});

test('an assignment that comes late is not begun', async () => {
  const world = new Script();
  onTestFinished(() => world.close());
  const ann = world.agent('ann');
  ann.start();
  ann.connect();
  await world.submit([...LINES, 'exclusive: true']);
  ann.beat();
  await world.post({ kind: 'tick' });
  expect(world.stageOf(ann)).toBe('small/1@0');
  await world.pass(60_000);
  expect(ann.hearAnswer()).toBe(true);
  expect(await world.work(ann, 1)).toEqual([]);
});
