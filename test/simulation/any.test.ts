// A few of the worlds of the long simulation, with fewer things that happen in each.

import { expect, test, vi } from 'vitest';
import { forWorlds, liveAny } from './live.ts';

// Seconds where nothing else runs.
vi.setConfig({ testTimeout: 300_000 });

test('worlds of any kind, in which one sweep follows another, keep every promise after everything that happens', async () => {
  let sweeps = 0;
  await forWorlds(10, async (seed) => {
    const { simulation } = await liveAny(seed, 1_000);
    expect(simulation.happened).toBeGreaterThanOrEqual(1_000);
    sweeps += simulation.state.sweeps.size;
  });
  expect(sweeps).toBeGreaterThan(10);
});
