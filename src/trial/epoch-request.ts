// What a trial is asked to train, from the command that asks for it. Promise: every step of the epoch has its values.

import { EspalierError } from '../domain/errors.ts';
import type { EpochRequest } from './define-trial.ts';
import type { CommandOf } from './protocol.ts';

/** The request of an epoch of so many steps. @throws EspalierError `invalid` where values are more or fewer than steps */
export function toEpochRequest(
  { epoch, learning_rate, momentum }: CommandOf<'epoch'>,
  steps: number,
): EpochRequest {
  const learningRates = toValues('learning_rate', learning_rate, steps);
  if (momentum === undefined) return { epoch, steps, learningRates };
  return { epoch, steps, learningRates, momentum: toValues('momentum', momentum, steps) };
}

/** A value for each step; a step beyond the epoch has none. */
function toValues(
  name: string,
  values: number | readonly number[],
  steps: number,
): (step: number) => number {
  if (typeof values === 'number') return () => values;
  if (values.length === steps) return (step) => values[step] ?? Number.NaN;
  throw new EspalierError(
    'invalid',
    `${values.length} values of ${name} came for the ${steps} steps of an epoch`,
  );
}
