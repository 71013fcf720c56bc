// The property that sharing rests on: for random grids, metrics and crashes every trial's history is that of the trial trained
// alone, and what several trials have in common is trained once. `SEED=… npx vitest run test/simulation` replays other worlds.

import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { transcript } from '../support/transcript.ts';
import { missingIn } from './checks.ts';
import { forWorlds, live, SEED } from './live.ts';

// Seconds where nothing else runs.
vi.setConfig({ testTimeout: 300_000 });

test('a world follows from its seed', async () => {
  const chaos = { steps: 1_500, crashes: true, pausing: true, breaking: 0.1 };
  const told = async (): Promise<readonly string[]> =>
    transcript((await live({ seed: SEED }, chaos)).simulation.facts);
  expect(await told()).toEqual(await told());
});

test('undisturbed, what trials have in common is trained once and nothing is trained again', async () => {
  await forWorlds(20, async (seed) => {
    const { simulation, trained, prefixes } = await live({ seed }, {});
    expect(trained).toBe(prefixes);
    expect(simulation.state.totals.get('small')?.repeated).toBe(0);
    expect(missingIn(simulation)).toEqual([]);
  });
});

test('through crashes of all kinds every history is that of the trial alone, and nothing is recorded twice', async () => {
  await forWorlds(60, async (seed) => {
    const lateUploads = seed % 4 === 0;
    const { trained, prefixes } = await live(
      { seed },
      { steps: 1_500, crashes: true, lateUploads },
    );
    expect(trained).toBe(prefixes);
  });
});

test('trials that break at random come to the same, and are trained once', async () => {
  await forWorlds(24, async (seed) => {
    const chaos = { steps: 1_500, crashes: true, breaking: 0.1 };
    const { trained, prefixes } = await live({ seed }, chaos);
    expect(trained).toBe(prefixes);
  });
});

test('people who pause, resume, cancel and retry change no history', async () => {
  await forWorlds(48, async (seed) => {
    const cancelling = seed % 3 === 0;
    const breaking = seed % 2 === 0 ? 0.1 : 0;
    const chaos = { steps: 1_500, crashes: seed % 5 > 0, pausing: true, cancelling, breaking };
    await live({ seed, retries: seed % 4 === 0 ? 0 : 1_000 }, chaos);
  });
});

test('with sharing off every trial is trained alone, through crashes too', async () => {
  await forWorlds(12, async (seed) => {
    const { trained, prefixes } = await live(
      { seed, sharing: 'off' },
      { steps: 1_500, crashes: true },
    );
    expect(trained).toBe(prefixes);
  });
});

test('trials that cannot be saved are never shared, begin from scratch after a crash, and are exact', async () => {
  await forWorlds(20, async (seed) => {
    const chaos = { steps: 1_500, crashes: true, pausing: seed % 2 === 0 };
    const { simulation, trained, prefixes } = await live({ seed }, chaos, false);
    expect(trained).toBe(prefixes);
    expect(simulation.facts.some(({ kind }) => kind === 'checkpoint-saved')).toBe(false);
    const grants = simulation.facts.filter((fact) => fact.kind === 'lease-granted');
    expect(grants.filter(({ start }) => start !== null)).toEqual([]);
  });
});

test('no trial of an exclusive sweep is trained by two processes at once, and every history is that of the trial alone', async () => {
  await forWorlds(32, async (seed) => {
    const pausing = seed % 3 === 0;
    const chaos = { steps: 1_500, crashes: true, pausing };
    const { trained, prefixes } = await live({ seed, exclusive: true }, chaos);
    // Who is paused alone goes on alone.
    if (!pausing) expect(trained).toBe(prefixes);
  });
});

test('a coordinator whose place an older copy takes trains again what that has forgotten, and every history is that of the trial alone', async () => {
  let restored = 0;
  await forWorlds(10, async (seed) => {
    const chaos = { steps: 1_500, crashes: true, restores: true, pausing: seed % 2 === 0 };
    const { simulation, trained, prefixes } = await live(
      { seed, folder: temporaryFolder() },
      chaos,
    );
    if (seed % 2 === 1) expect(trained).toBe(prefixes);
    restored += simulation.restored;
  });
  expect(restored).toBeGreaterThan(0);
});
