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
  const rounded = Float32Array.from(values);
  const first = rounded[0];
  return first !== undefined && rounded.every((value) => Object.is(value, first)) ? first : rounded;
}

function isSameSeries(a: Series, b: Series): boolean {
  if (typeof a === 'number' || typeof b === 'number') return Object.is(a, b);
  return a.length === b.length && a.every((value, step) => Object.is(value, b[step]));
}
