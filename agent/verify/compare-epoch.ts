// One epoch as it is recorded beside the same epoch as it has just been trained.
// Promise: everything that is recorded of an epoch's numbers is compared, and two numbers are the same only if `Object.is` says
// so; but for the sign of a zero, of which there is no record.

import type { Difference } from '../../src/domain/comparison.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import { type EpochRecord, RATES } from '../../src/results/recorded-trial.ts';

/** Names of differences that are no metric. */
const RATE_NAMES = {
  first: 'first learning rate',
  last: 'last learning rate',
  least: 'least learning rate',
  greatest: 'greatest learning rate',
  applied: 'learning rate read back',
} as const satisfies Record<(typeof RATES)[number], string>;

const NO_SERIES = new Float32Array();

/** All differences: of the number of steps, metrics, learning rates, and the first of the rates of single steps. */
export function compareEpoch(recorded: EpochRecord, now: EpochRecord): readonly Difference[] {
  const rates = RATES.flatMap((name) =>
    compare(RATE_NAMES[name], recorded.rates[name], now.rates[name]),
  );
  return [
    ...compare('steps', recorded.steps, now.steps),
    ...compareMetrics(recorded.metrics, now.metrics),
    ...rates,
    ...compareSeries(recorded.series, now.series),
  ];
}

function compareMetrics(recorded: Metrics, now: Metrics): readonly Difference[] {
  const names = new Set([...Object.keys(recorded), ...Object.keys(now)]);
  return [...names].flatMap((name) => compare(name, valueOf(recorded, name), valueOf(now, name)));
}

/** A metric may have the name of something that every object has. */
function valueOf(metrics: Metrics, name: string): number | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}

function compareSeries(
  recorded: EpochRecord['series'] = NO_SERIES,
  now: EpochRecord['series'] = NO_SERIES,
): readonly Difference[] {
  const most = Math.max(recorded.length, now.length);
  for (let step = 0; step < most; step += 1) {
    if (Object.is(recorded[step], now[step])) continue;
    return [{ what: `learning rate of step ${step}`, recorded: recorded[step], now: now[step] }];
  }
  return [];
}

function compare(
  what: string,
  recorded: number | undefined,
  now: number | undefined,
): readonly Difference[] {
  const isSame = Object.is(withoutSign(recorded), withoutSign(now));
  return isSame ? [] : [{ what, recorded, now }];
}

function withoutSign(value: number | undefined): number | undefined {
  return value === 0 ? 0 : value;
}
