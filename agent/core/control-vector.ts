// The learning rates (and momenta) of one epoch as the tensors see them: float32.
// Promise: two vectors are equal exactly when training with them gives the same bits.

import type { Controls } from '../../src/lr/strategy.ts';

/** One value for every step of the epoch, or one value a step; each of them a float32. */
export type Series = number | Float32Array;

/** The controls of one epoch. */
export type ControlVector = { readonly learningRate: Series; readonly momentum?: Series };

/** Rounds a strategy's controls to float32. A series whose values are all the same becomes that one value. */
export function toControlVector(controls: Controls): ControlVector {
  const learningRate = toSeries(controls.learningRate);
  if (controls.momentum === undefined) return { learningRate };
  return { learningRate, momentum: toSeries(controls.momentum) };
}

/** Whether two vectors are equal bit for bit. */
export function isSameVector(a: ControlVector, b: ControlVector): boolean {
  if ((a.momentum === undefined) !== (b.momentum === undefined)) return false;
  return (
    isSameSeries(a.learningRate, b.learningRate) && isSameSeries(a.momentum ?? 0, b.momentum ?? 0)
  );
}

/**
 * A number of 32 bits that same vectors have in common and others hardly ever: over the bits of all values, where all that is
 * not a number is the same.
 */
export function hashVector({ learningRate, momentum }: ControlVector): number {
  const hash = hashSeries(OFFSET, learningRate);
  return momentum === undefined ? hash : hashSeries(hash, momentum);
}

/** The values that are not numbers one can train with: where the first stands, and which it is. */
export function findNonFinite(
  series: Series,
): { readonly step: number; readonly value: number } | undefined {
  const values = typeof series === 'number' ? [series] : series;
  const step = values.findIndex((value) => !Number.isFinite(value));
  return step === -1 ? undefined : { step, value: values[step] ?? Number.NaN };
}

function toSeries(values: number | Float64Array): Series {
  if (typeof values === 'number') return Math.fround(values);
  const rounded = new Float32Array(values);
  const first = rounded[0];
  return first !== undefined && rounded.every((value) => Object.is(value, first)) ? first : rounded;
}

function isSameSeries(a: Series, b: Series): boolean {
  if (typeof a === 'number' || typeof b === 'number') return Object.is(a, b);
  if (a.length !== b.length) return false;
  for (let step = 0; step < a.length; step += 1) if (!Object.is(a[step], b[step])) return false;
  return true;
}

/** Start and factor of FNV-1a. It takes bytes; with whole words their high bits must be brought down after each. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** The bits of infinity, above which, but for the sign, lie those that are no number. */
const INFINITY_BITS = 0x7f800000;
const NAN_BITS = 0x7fc00000;

function hashSeries(start: number, series: Series): number {
  const values = typeof series === 'number' ? Float32Array.of(series) : series;
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  let hash = start;
  for (const word of words) {
    const bits = (word & 0x7fffffff) > INFINITY_BITS ? NAN_BITS : word;
    hash = Math.imul(hash ^ bits, PRIME);
    hash ^= hash >>> 15;
  }
  return hash;
}
