// Where fuzzing begins and how long it goes on. `SEED=…` begins elsewhere, `FUZZ=20` goes on twenty times as long, `FUZZ_ONLY=1`
// carries out nothing but the first case. Promise: whatever fails says which seed replays it alone.

import { Dice } from '../support/dice.ts';

/** Where it begins. */
export const SEED = Number(process.env['SEED'] ?? 20_261_126);

const TIMES = Number(process.env['FUZZ'] ?? 1);
const IS_ONE = process.env['FUZZ_ONLY'] !== undefined;

/** Carries out `body` for so many seeds, times `FUZZ`. Each has dice of its own. */
export async function forSeeds(
  name: string,
  count: number,
  body: (dice: Dice, seed: number) => Promise<void> | void,
): Promise<void> {
  const cases = IS_ONE ? 1 : Math.ceil(count * TIMES);
  for (let seed = SEED; seed < SEED + cases; seed += 1) {
    try {
      await body(new Dice(seed, name), seed);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${name}, SEED=${seed} FUZZ_ONLY=1: ${reason}`, { cause });
    }
  }
}
