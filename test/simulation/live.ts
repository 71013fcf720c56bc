// Runs a random world from its seed and checks it. Promise: everything follows from the seed, and what fails names it.

import { expect } from 'vitest';
import { Dice } from '../support/dice.ts';
import { temporaryFolder } from '../support/folder.ts';
import { flawsOf, trainedIn } from './checks.ts';
import { randomSweep } from './random-sweep.ts';
import { CALM, type Chaos, Simulation } from './simulation.ts';
import { countEpochs, countPrefixes, undisturbed, undisturbedClones } from './undisturbed.ts';

/** The first seed. */
export const SEED = Number(process.env['SEED'] ?? 20_261_122);

/** What is chosen of a world; all else follows from its seed. */
export type World = {
  readonly seed: number;
  readonly sharing?: 'on' | 'off';
  readonly retries?: number;
  readonly exclusive?: boolean;
  readonly agentsMost?: number;
};

/** A world that has ended well: what was trained, and what should have been. */
export type Lived = {
  readonly simulation: Simulation;
  readonly trained: number;
  readonly prefixes: number;
};

/** Runs a random sweep and checks it. */
export async function live(
  { seed, sharing = 'on', retries = 1_000, exclusive = false, agentsMost = 3 }: World,
  chaos: Partial<Chaos>,
  canSave = true,
): Promise<Lived> {
  const dice = new Dice(seed, 'world');
  const sweep = randomSweep(dice, { sharing, retries, exclusive });
  const grid = undisturbed(sweep.spec);
  const simulation = new Simulation(seed, {
    sweep,
    agents: 1 + dice.below(agentsMost),
    slots: 1 + dice.below(2),
    canSave,
    ...(chaos.restores === true ? { folder: temporaryFolder() } : {}),
    chaos: { ...CALM, ...chaos },
  });
  try {
    await simulation.run();
    const lives = [...grid, ...undisturbedClones(simulation.trials)];
    expect(flawsOf(simulation, lives)).toEqual([]);
    const prefixes = sharing === 'on' && canSave ? countPrefixes(lives) : countEpochs(lives);
    return { simulation, trained: trainedIn(simulation), prefixes };
  } catch (cause) {
    throw new Error(sweep.sweepFile, { cause });
  } finally {
    simulation.close();
  }
}

/** Worlds with seeds of their own; the first one has the given seed itself, so that a failing one can be replayed alone. */
export async function forWorlds(
  count: number,
  each: (seed: number) => Promise<void>,
): Promise<void> {
  const worlds = Number(process.env['WORLDS'] ?? count);
  for (let seed = SEED; seed < SEED + worlds; seed += 1)
    await each(seed).catch((cause: unknown) => {
      throw new Error(`replay with SEED=${seed} WORLDS=1`, { cause });
    });
}

/** A world of any kind, with everything that can happen to it; `steps` random things at most before all goes its way. */
export async function liveAny(seed: number, steps: number): Promise<Lived> {
  const dice = new Dice(seed, 'kind');
  const canSave = dice.is(0.85);
  const chaos = {
    steps,
    crashes: dice.is(0.9),
    lateUploads: dice.is(0.2),
    pausing: dice.is(0.5),
    cancelling: dice.is(0.2),
    breaking: dice.is(0.4) ? 0.1 : 0,
  };
  const world = {
    seed,
    sharing: dice.is(0.85) ? 'on' : 'off',
    retries: dice.is(0.8) ? 1_000 : 0,
    exclusive: dice.is(0.4),
    agentsMost: 6,
  } as const;
  const lived = await live(world, chaos, canSave);
  // People who pause or cancel part what would have been trained together.
  if (!chaos.pausing && !chaos.cancelling && world.retries > 0)
    expect(lived.trained).toBe(lived.prefixes);
  return lived;
}
