// A hyperparameter as a parameter of Optuna's: its distribution as JSON, and its values as the numbers that Optuna stores.
// Promise: one distribution for a name in the whole study, which contains every value; rates are floats, strategies categories.

import type { Plain } from '../../results/hyperparameters.ts';
import type { Domain } from '../hyperparameter-domains.ts';

/** From this ratio of the greatest to the least value on, a float is drawn by its logarithm. */
const LOG_RATIO = 10;

/** A parameter of a study. */
export type Parameter = {
  readonly domain: Domain;
  readonly distributionJson: string;
  /** A value of the domain as Optuna stores it: the number itself, or the place of a category. */
  toStored(value: Plain): number;
};

/** The parameter of a domain. */
export function toParameter(domain: Domain): Parameter {
  const { kind, values } = domain;
  if (kind === 'integer' || kind === 'real')
    return { domain, distributionJson: JSON.stringify(numeric(domain)), toStored: Number };
  const categories = { name: 'CategoricalDistribution', attributes: { choices: values } };
  return {
    domain,
    distributionJson: JSON.stringify(categories),
    toStored: (value) => values.indexOf(value),
  };
}

function numeric({ kind, values }: Domain): object {
  const numbers = values.map(Number);
  const [low, high] = [numbers[0] ?? 0, numbers.at(-1) ?? 0];
  if (kind === 'integer')
    return { name: 'IntDistribution', attributes: { log: false, step: 1, low, high } };
  const log = low > 0 && high / low >= LOG_RATIO;
  return { name: 'FloatDistribution', attributes: { step: null, low, high, log } };
}
