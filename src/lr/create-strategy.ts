// From a strategy on paper to the functions that run it.

import { EspalierError } from '../domain/errors.ts';
import { CATALOGUE } from './catalogue.ts';
import { parseStrategy } from './parse-strategy.ts';
import type { StrategySpec } from './spec.ts';
import type { Strategy } from './strategy.ts';

/**
 * Makes the functions of a strategy: learning rates are float64, one for each optimizer step. Missing fields take their
 * defaults. The state that the functions hand around is plain JSON. Sources: `about` of each strategy in `CATALOGUE`.
 * @throws EspalierError `invalid`, with every problem, if the spec would not pass `parseStrategy`.
 */
export function createStrategy(spec: StrategySpec): Strategy {
  const parsed = parseStrategy(spec);
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ message }) => message).join('\n');
    throw new EspalierError('invalid', `The strategy cannot be run.\n${problems}`);
  }
  const definition = CATALOGUE[parsed.strategy.strategy];
  if (definition === undefined) throw new TypeError('a parsed strategy is in the catalogue');
  return definition.create(parsed.strategy);
}
