// Lengths of training as people write them: `2 epochs`, `500 steps`, or a bare number in the unit of its place.
// Promise: what counts as a duration is decided here and nowhere else.

import type { Duration } from '../domain/sweep.ts';
import type { DurationUnit } from './spec.ts';
import type { Run } from './strategy.ts';
import { totalSteps } from './stretch.ts';

const WRITTEN = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(epochs?|steps?)?$/;

/**
 * Reads `2 epochs`, `1 epoch`, `500 steps`, `0.5 epochs` or a bare number, which has the unit `bare`.
 * Returns nothing for anything else, negative and non-finite counts included.
 */
export function parseDuration(text: unknown, bare: DurationUnit): Duration | undefined {
  if (typeof text === 'number') return toDuration(text, bare);
  const match = typeof text === 'string' ? WRITTEN.exec(text.trim()) : null;
  if (match === null) return undefined;
  return toDuration(Number(match[1]), unitOf(match[2]) ?? bare);
}

function toDuration(count: number, unit: DurationUnit): Duration | undefined {
  return Number.isFinite(count) && count >= 0 ? { unit, count } : undefined;
}

function unitOf(word: string | undefined): DurationUnit | undefined {
  if (word === undefined) return undefined;
  return word.startsWith('epoch') ? 'epochs' : 'steps';
}

/**
 * The number of optimizer steps in a duration that has been checked; a fraction where it ends inside a step.
 * A product that is a whole number but for rounding (1.15 epochs of 100 steps) is that whole number; one that is too large for a
 * float64 is the largest. A bare number has the unit `bare`.
 * @throws RangeError for what `parseDuration` does not read
 */
export function toSteps(text: string | number, bare: DurationUnit, stepsPerEpoch: number): number {
  const duration = parseDuration(text, bare);
  if (duration === undefined) throw new RangeError(`not a duration: ${text}`);
  if (duration.unit === 'steps') return duration.count;
  return Math.min(toWhole(duration.count * stepsPerEpoch), Number.MAX_VALUE);
}

/** A number of steps that is whole but for rounding as that whole number. */
export function toWhole(steps: number): number {
  const whole = Math.round(steps);
  return Math.abs(steps - whole) <= 1e-9 * whole ? whole : steps;
}

/**
 * How many times `length` fits into `steps`. A quotient that is a whole number but for rounding (399 steps of 2.66 epochs, 30 steps
 * each) is that whole number, so that no stair and no restart comes a step late.
 */
export function timesIn(steps: number, length: number): number {
  const exact = steps / length;
  const whole = Math.round(exact);
  return Math.abs(exact - whole) <= 1e-12 * whole ? whole : exact;
}

/** The steps of a checked duration whose bare numbers are steps; without one, of the whole run. */
export function lengthOr(text: string | number | undefined, run: Run): number {
  return text === undefined ? totalSteps(run) : toSteps(text, 'steps', run.stepsPerEpoch);
}
