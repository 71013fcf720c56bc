// Clones of random trials at random moments: each comes to what it would have come to alone, whatever it has from others, and a person
// who changes priorities changes no history. `SEED=… npx vitest run test/simulation` replays other worlds.

import { expect, onTestFinished, test, vi } from 'vitest';
import type { FactOf } from '../../coordinator/core/fact.ts';
import { toCloning } from '../../coordinator/rpc/clone.ts';
import { forWorlds, live } from './live.ts';
import { Script } from './script.ts';
import type { SimulatedAgent } from './simulated-agent.ts';

// Seconds where nothing else runs.
vi.setConfig({ testTimeout: 300_000 });

test('a clone comes to what it would have come to alone, and often has its beginning from others', async () => {
  const clones: FactOf['trial-cloned'][] = [];
  await forWorlds(24, async (seed) => {
    const chaos = { steps: 1_500, crashes: seed % 3 > 0, pausing: seed % 2 === 0, cloning: true };
    const { simulation } = await live({ seed }, chaos, seed % 6 > 0);
    clones.push(...simulation.facts.filter((fact) => fact.kind === 'trial-cloned'));
  });
  const shared = clones.filter(({ epochs }) => epochs > 0);
  const joined = clones.filter(({ path }) => path.some(({ toEpoch }) => toEpoch === null));
  expect(shared.length).toBeGreaterThan(clones.length / 10);
  expect(joined.length).toBeGreaterThan(0);
});

/** `small`, of which ann has trained all that `lines` say, one checkpoint an epoch. */
async function trained(lines: readonly string[]): Promise<{ world: Script; ann: SimulatedAgent }> {
  const world = new Script();
  onTestFinished(() => world.close());
  const ann = world.agent('ann');
  await world.submit(['checkpoint_every: 1', 'keep: all', ...lines]);
  await world.talk(ann);
  await goOn(world, ann);
  return { world, ann };
}

async function goOn(world: Script, ann: SimulatedAgent): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await world.work(ann, 1_000);
    await world.talk(ann);
  }
}

async function clone(world: Script, trialId: string, name: string, value: string): Promise<void> {
  const { state, store } = world.coordinator;
  await world.post(toCloning({ trialId, changes: [{ name, value }] }, state, store));
}

test('of a sweep that has ended, a clone trains nothing but the epochs that are its own', async () => {
  const { world, ann } = await trained([
    'epochs: 6',
    'learning_rate: [{ strategy: step, lr: 0.5, step_size: 3 }]',
  ]);
  const { state } = world.coordinator;
  expect(state.sweeps.get('small')).toMatchObject({ state: 'completed' });
  expect(state.totals.get('small')).toMatchObject({ trained: 6 });
  await clone(world, 'small/1', 'learning_rate.step_size', '4');
  expect(world.coordinator.state.trials.get('small/2')).toMatchObject({
    epochsDone: 3,
    clonedFrom: 'small/1',
  });
  await world.talk(ann);
  await goOn(world, ann);
  const after = world.coordinator.state;
  expect(after.trials.get('small/2')).toMatchObject({ state: 'completed', epochsDone: 6 });
  expect(after.totals.get('small')).toMatchObject({ trained: 9, repeated: 0 });
});

test('a clone that is to train longer goes on where the other one ended', async () => {
  const { world, ann } = await trained([
    'epochs: 4',
    'learning_rate: [{ strategy: fixed, lr: 0.5 }]',
  ]);
  await clone(world, 'small/1', 'epochs', '6');
  await world.talk(ann);
  await goOn(world, ann);
  const { state } = world.coordinator;
  expect(state.trials.get('small/2')).toMatchObject({ state: 'completed', epochsDone: 6 });
  expect(state.totals.get('small')).toMatchObject({ trained: 6, repeated: 0 });
});

test('with sharing off a clone begins by itself', async () => {
  const { world, ann } = await trained([
    'sharing: off',
    'epochs: 4',
    'learning_rate: [{ strategy: fixed, lr: 0.5 }]',
  ]);
  await clone(world, 'small/1', 'epochs', '6');
  await world.talk(ann);
  await goOn(world, ann);
  const { state } = world.coordinator;
  expect(state.trials.get('small/2')).toMatchObject({ state: 'completed', epochsDone: 6 });
  expect(state.totals.get('small')).toMatchObject({ trained: 10 });
});
