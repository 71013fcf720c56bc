// Runs a random world from its seed and checks it. Promise: everything follows from the seed, and what fails names it.

import assert from 'node:assert/strict';
import type { Submission } from '../../coordinator/core/event.ts';
import type { Trial } from '../../coordinator/core/model.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import { Dice } from '../support/dice.ts';
import { flawsOf, trainedIn } from './checks.ts';
import { TRAINED_ONCE } from './invariants/named.ts';
import { randomSweep } from './random-sweep.ts';
import { CALM, type Chaos, Simulation } from './simulation.ts';
import {
  countEpochs,
  countPrefixes,
  type Life,
  undisturbed,
  undisturbedClones,
} from './undisturbed.ts';

/** The first seed. */
export const SEED = Number(process.env['SEED'] ?? 20_261_122);

/** What is chosen of a world; all else follows from its seed. */
export type World = {
  readonly seed: number;
  readonly sharing?: 'on' | 'off';
  readonly retries?: number;
  readonly exclusive?: boolean;
  readonly agentsMost?: number;
  /** More sweeps are handed in as long as things happen. */
  readonly goesOn?: boolean;
  /** Where the coordinator has its database, if not in memory: where it is to be copied. */
  readonly folder?: string;
};

/** A world that has ended well: what was trained, and what should have been. */
export type Lived = {
  readonly simulation: Simulation;
  readonly trained: number;
  readonly prefixes: number;
};

/** Runs a random sweep, or one after another, and checks them. */
export async function live(
  { seed, agentsMost = 3, goesOn = false, folder, ...wanted }: World,
  chaos: Partial<Chaos>,
  canSave = true,
): Promise<Lived> {
  const { sharing = 'on', retries = 1_000, exclusive = false } = wanted;
  const dice = new Dice(seed, 'world');
  const sweeps: Submission[] = [];
  const nextSweep = (): Submission => {
    const sweep = randomSweep(dice, { sharing, retries, exclusive });
    sweeps.push(sweep);
    return sweep;
  };
  const simulation = new Simulation(seed, {
    sweep: nextSweep(),
    ...(goesOn ? { nextSweep } : {}),
    agents: 1 + dice.below(agentsMost),
    slots: 1 + dice.below(2),
    canSave,
    ...(folder === undefined ? {} : { folder }),
    chaos: { ...CALM, ...chaos },
  });
  try {
    await simulation.run();
    const lives = livesOf(
      simulation.trials,
      sweeps.flatMap(({ spec }) => undisturbed(spec)),
    );
    assert.deepEqual(flawsOf(simulation, lives), []);
    const count = sharing === 'on' && canSave ? countPrefixes : countEpochs;
    const prefixes = sumOf(simulation.trials, lives, count);
    return { simulation, trained: trainedIn(simulation), prefixes };
  } catch (cause) {
    throw new Error(sweeps.map(({ sweepFile }) => sweepFile).join('\n---\n'), { cause });
  } finally {
    simulation.close();
  }
}

/** What each trial comes to alone, in the order of the trials: those of the grids, and clones among them. */
function livesOf(trials: readonly Trial[], grids: readonly Life[]): readonly Life[] {
  const [ofGrids, ofClones] = [[...grids], [...undisturbedClones(trials)]];
  const ordered = trials.flatMap(
    ({ clonedFrom }) => (clonedFrom === null ? ofGrids : ofClones).shift() ?? [],
  );
  return [...ordered, ...ofGrids];
}

/** What sweeps have in common is not shared. */
function sumOf(
  trials: readonly Trial[],
  lives: readonly Life[],
  count: (lives: readonly Life[]) => number,
): number {
  const bySweep = groupBy(trials.keys(), (i) => trials[i]?.sweepId);
  return [...bySweep.values()].reduce(
    (sum, indices) => sum + count(indices.flatMap((i) => lives[i] ?? [])),
    0,
  );
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
    goesOn: true,
  } as const;
  const lived = await live(world, chaos, canSave);
  // People who pause or cancel part what would have been trained together.
  if (!chaos.pausing && !chaos.cancelling && world.retries > 0)
    assert.equal(lived.trained, lived.prefixes, TRAINED_ONCE.name);
  return lived;
}
