// What messages are made of: few names, so that they meet, and numbers from all over.

import { createHash } from 'node:crypto';
import type { Dice } from '../support/dice.ts';

/** What the blobs hold that submissions name. */
export const CODE = Buffer.from('export default 1');
/** By which it is known. */
export const CODE_SHA256 = toSha256(CODE);

/** Where counts are odd. */
export const COUNTS = [0, 1, 2, 3, 10, 255, 10_001, 2 ** 31, 2 ** 32 - 1];
/** The same for 64 bits. */
export const BIG_COUNTS = [...COUNTS, 2 ** 32, Number.MAX_SAFE_INTEGER];
/** Where numbers are odd. */
export const NUMBERS = [0, -0, 0.1, 1, -1, 5e-324, 1e308, Number.NaN, Infinity, -Infinity];
/** What a name or a text may be. */
export const TEXTS = [
  '',
  'loss',
  'val_loss',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '\0',
  '\u001b[2J\u001b]0;x\u0007',
  '\u202e',
  "'; DROP TABLE trial; --",
  'é'.repeat(300),
  'x'.repeat(9_000),
];

/** Mostly one of few. */
export function pickAgent(dice: Dice): string {
  return dice.is(0.8) ? `agent-${dice.below(4)}` : dice.pick(TEXTS) + dice.below(40);
}

/** Mostly one that may be there. */
export function pickSweep(dice: Dice): string {
  return dice.is(0.8) ? dice.pick(['fuzz', 'fuzz-2', 'fuzz-3', 'fuzz-9']) : dice.pick(TEXTS);
}

/** Of such a sweep, or none. */
export function pickTrial(dice: Dice): string {
  return dice.is(0.5) ? '' : `${pickSweep(dice)}/${1 + dice.below(2)}`;
}

/** Mostly one that may be there. */
export function pickStage(dice: Dice): string {
  return dice.is(0.9)
    ? `${pickSweep(dice)}/${1 + dice.below(2)}${dice.pick(['', '+'])}@${dice.below(2)}`
    : dice.pick(TEXTS);
}

/** Mostly a low one. */
export function pickAttempt(dice: Dice): number {
  return dice.is(0.9) ? 1 + dice.below(3) : dice.pick(COUNTS);
}

/** One that is there, or looks like one, or does not. */
export function pickSha256(dice: Dice): string {
  return dice.pick([CODE_SHA256, 'a'.repeat(64), 'A'.repeat(64), ...TEXTS]);
}

/** Mostly a few, now and then up to `most`. */
export function many<T>(dice: Dice, make: () => T, most: number): T[] {
  return Array.from({ length: dice.is(0.97) ? dice.below(4) : dice.below(most) }, make);
}

function toSha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
