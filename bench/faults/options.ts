// What the bench can be told.

import { parseArgs } from 'node:util';

export type FaultsOptions = { readonly kills: number; readonly seed: number };

const SEED_BELOW = 2 ** 31;

/** Of `--kills 100 --seed 7`. @throws an error in words for anything else */
export function parseFaultsOptions(args: readonly string[], drawSeed: () => number): FaultsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { kills: { type: 'string', default: '100' }, seed: { type: 'string' } },
  });
  const seed = values.seed ?? String(Math.floor(drawSeed() * SEED_BELOW));
  return {
    kills: toWhole('--kills', values.kills, 10_000),
    seed: toWhole('--seed', seed, SEED_BELOW),
  };
}

function toWhole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${name} is "${text}": it must be a whole number from 1 to ${most}`);
}
