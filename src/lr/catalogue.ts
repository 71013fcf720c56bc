// All learning-rate strategies by name. To add one: a file in strategies/ and a line here.

import type { Definition } from './definition.ts';
import { cosineRestarts } from './strategies/cosine-restarts.ts';
import { cosine } from './strategies/cosine.ts';
import { cyclic } from './strategies/cyclic.ts';
import { exponential } from './strategies/exponential.ts';
import { fixed } from './strategies/fixed.ts';
import { inverseTime } from './strategies/inverse-time.ts';
import { multistep } from './strategies/multistep.ts';
import { oneCycle } from './strategies/one-cycle.ts';
import { piecewise } from './strategies/piecewise.ts';
import { plateau } from './strategies/plateau.ts';
import { polynomial } from './strategies/polynomial.ts';
import { rangeTest } from './strategies/range-test.ts';
import { step } from './strategies/step.ts';
import { wsd } from './strategies/wsd.ts';

/** Strategies by name. */
export type Catalogue = Readonly<Record<string, Definition>>;

/**
 * Every strategy by the name it has in a sweep file: its table of fields, one sentence about it, its rules and functions.
 * Look names that come from outside up with `Object.hasOwn`.
 */
export const CATALOGUE: Catalogue = {
  fixed,
  step,
  multistep,
  piecewise,
  exponential,
  inverse_time: inverseTime,
  polynomial,
  cosine,
  cosine_restarts: cosineRestarts,
  one_cycle: oneCycle,
  cyclic,
  wsd,
  plateau,
  range_test: rangeTest,
};
