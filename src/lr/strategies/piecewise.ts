// values[number of boundaries < t]: Keras 3.15 `PiecewiseConstantDecay`, whose boundaries are right-inclusive.
// Deviation: boundaries must rise; Keras takes others in silence and adds up several values.

import { define, type Problem } from '../definition.ts';
import { parseDuration, toSteps } from '../duration.ts';
import { openLoop, toStairs } from '../stretch.ts';

/** `piecewise`: a list of learning rates and the steps after which each gives way to the next. */
export const piecewise = define({
  about:
    'Learning rates one after another, each up to and including its boundary, as Keras PiecewiseConstantDecay.',
  fields: {
    values: {
      type: { kind: 'numbers', least: 0 },
      about: 'Learning rates, one more than boundaries.',
    },
    boundaries: {
      type: { kind: 'durations', bare: 'steps', units: ['epochs', 'steps'], least: 0 },
      about:
        'Rising 0-based steps, all in steps or all in epochs: the last step at which each value still holds.',
    },
  },
  rules: ({ values, boundaries }) => [
    ...checkLengths(values.length, boundaries.length),
    ...checkRising(boundaries),
  ],
  create: ({ values, boundaries }) =>
    openLoop(
      (run) => ({ ends: boundaries.map((b) => toSteps(b, 'steps', run.stepsPerEpoch)) }),
      ({ ends }, fromStep, count) =>
        toStairs(
          fromStep,
          count,
          (t) => left(ends, t),
          (piece) => values[piece] ?? Number.NaN,
        ),
    ),
});

function left(ends: readonly number[], step: number): number {
  let pieces = 0;
  for (const end of ends) if (end < step) pieces += 1;
  return pieces;
}

function checkLengths(values: number, boundaries: number): readonly Problem[] {
  if (values === boundaries + 1) return [];
  const message = `received ${boundaries} boundaries for ${values} values; there must be one boundary fewer than values`;
  return [{ field: 'boundaries', message }];
}

function checkRising(boundaries: readonly (string | number)[]): readonly Problem[] {
  const lengths = boundaries.map((b) => parseDuration(b, 'steps'));
  const mixed = lengths.some((b) => b?.unit !== lengths[0]?.unit);
  const falling = lengths.some((b, i) => i > 0 && (b?.count ?? 0) <= (lengths[i - 1]?.count ?? 0));
  if (!mixed && !falling) return [];
  const rule = mixed ? 'be all in steps or all in epochs' : 'rise strictly';
  return [
    {
      field: 'boundaries',
      message: `received ${JSON.stringify(boundaries)}; boundaries must ${rule}`,
    },
  ];
}
