// The property that sharing rests on: for random grids, metrics and crashes every trial's history is that of the trial trained
// alone, and what several trials have in common is trained once. `SEED=… npx vitest run test/simulation` replays other worlds.

import { expect, test } from 'vitest';
import { Dice } from '../support/dice.ts';
import { flawsOf, trainedIn } from './checks.ts';
import { randomSweep } from './random-sweep.ts';
import { CALM, type Chaos, Simulation } from './simulation.ts';
import { countEpochs, countPrefixes, undisturbed } from './undisturbed.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_122);

type World = { readonly seed: number; readonly sharing?: 'on' | 'off'; readonly retries?: number };

/** Runs a random sweep and checks it; gives what was trained and what should have been. */
async function live(
  { seed, sharing = 'on', retries = 1_000 }: World,
  chaos: Partial<Chaos>,
  canSave = true,
): Promise<{ readonly simulation: Simulation; readonly trained: number; readonly prefixes: number }> {
  const dice = new Dice(seed, 'world');
  const sweep = randomSweep(dice, { sharing, retries });
  const lives = undisturbed(sweep.spec);
  const simulation = new Simulation(seed, {
    sweep,
    agents: 1 + dice.below(3),
    slots: 1 + dice.below(2),
    canSave,
    chaos: { ...CALM, ...chaos },
  });
  try {
    await simulation.run();
    expect(flawsOf(simulation, lives)).toEqual([]);
    const prefixes = sharing === 'on' && canSave ? countPrefixes(lives) : countEpochs(lives);
    return { simulation, trained: trainedIn(simulation), prefixes };
  } catch (error) {
    throw new Error(`SEED=${seed}, ${sweep.sweepFile}`, { cause: error });
  } finally {
    simulation.close();
  }
}

/** Worlds with seeds of their own; the first one has the given seed itself, so that a failing one can be replayed alone. */
async function forWorlds(count: number, each: (seed: number) => Promise<void>): Promise<void> {
  const worlds = Number(process.env['WORLDS'] ?? count);
  for (let i = 0; i < worlds; i += 1) await each(SEED + i);
}

test('undisturbed, what trials have in common is trained once and nothing is trained again', async () => {
  await forWorlds(20, async (seed) => {
    const { simulation, trained, prefixes } = await live({ seed }, {});
    expect(trained).toBe(prefixes);
    expect(simulation.state.totals.get('small')?.repeated).toBe(0);
  });
});

test('through crashes of all kinds every history is that of the trial alone, and nothing is recorded twice', async () => {
  await forWorlds(40, async (seed) => {
    const lateUploads = seed % 4 === 0;
    const { trained, prefixes } = await live({ seed }, { steps: 600, crashes: true, lateUploads });
    expect(trained).toBe(prefixes);
  });
});
