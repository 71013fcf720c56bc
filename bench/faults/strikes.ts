// Which processes are killed, and when.
// Promise: the same seed gives the same strikes.

import { rngFor } from '../../src/domain/random.ts';

/** What can be killed. A supervisor is what an agent starts around a trial's process, such as its watcher. */
const VICTIMS = ['coordinator', 'agent', 'trial', 'supervisor'] as const;

export type Victim = (typeof VICTIMS)[number];

/** One `kill -9`. */
export type Strike = {
  readonly victim: Victim;
  /** It comes once so many epochs of the sweep are recorded, as a share of all. */
  readonly atShare: number;
  /** Which one of the living, as a share of them. */
  readonly pick: number;
  /** An agent stays away for so long. */
  readonly awayMs: number;
};

/** The first kill comes when everybody trains, the last one while something is left to train. */
const [FIRST, LAST] = [0.01, 0.95];
/** So many of the agents come back only when they have been counted as lost. */
const LATE_SHARE = 0.25;

/** `count` strikes in order; about as many for each kind of victim. `lateMs` is longer than an agent may be silent. */
export function toStrikes(seed: number, count: number, lateMs: number): readonly Strike[] {
  return Array.from({ length: count }, (_, i) => toStrike(seed, i, lateMs)).toSorted(
    (a, b) => a.atShare - b.atShare,
  );
}

function toStrike(seed: number, i: number, lateMs: number): Strike {
  const random = rngFor(seed, 'strike', i);
  const atShare = FIRST + (LAST - FIRST) * random();
  const pick = random();
  const awayMs = random() < LATE_SHARE ? lateMs : 0;
  return { victim: VICTIMS[i % VICTIMS.length] ?? 'agent', atShare, pick, awayMs };
}
