// Whether two strategies train an epoch alike: the controls of its steps as the tensors see them, which is as float32.

import type { Controls } from './strategy.ts';

type Series = number | Float64Array;

/** True if `count` steps with either of these come to the same bits. */
export function isSameControls(a: Controls, b: Controls, count: number): boolean {
  if ((a.momentum === undefined) !== (b.momentum === undefined)) return false;
  return (
    isSameSeries(a.learningRate, b.learningRate, count) &&
    isSameSeries(a.momentum ?? 0, b.momentum ?? 0, count)
  );
}

function isSameSeries(a: Series, b: Series, count: number): boolean {
  const isConstant = typeof a === 'number' && typeof b === 'number';
  for (let step = 0; step < (isConstant ? Math.min(1, count) : count); step += 1)
    if (!Object.is(Math.fround(at(a, step)), Math.fround(at(b, step)))) return false;
  return true;
}

function at(series: Series, step: number): number {
  return typeof series === 'number' ? series : (series[step] ?? Number.NaN);
}

/** The learning rate of the last of `count` steps, as float32. */
export function lastRate({ learningRate }: Controls, count: number): number {
  return Math.fround(at(learningRate, count - 1));
}
