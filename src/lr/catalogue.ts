// All learning-rate strategies by name. To add one: a file in strategies/ and a line here.

import type { Definition } from './definition.ts';
import { cyclic } from './strategies/cyclic.ts';
import { exponential } from './strategies/exponential.ts';
import { fixed } from './strategies/fixed.ts';
import { multistep } from './strategies/multistep.ts';
import { piecewise } from './strategies/piecewise.ts';
import { plateau } from './strategies/plateau.ts';
import { step } from './strategies/step.ts';

/**
 * Every strategy by the name it has in a sweep file: its table of fields, one sentence about it, its rules and functions.
 * Look names that come from outside up with `Object.hasOwn`.
 */
export const CATALOGUE: Readonly<Record<string, Definition>> = {
  fixed,
  step,
  multistep,
  piecewise,
  exponential,
  cyclic,
  plateau,
};
