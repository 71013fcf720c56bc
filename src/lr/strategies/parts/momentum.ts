// Momentum that moves against the learning rate: the two fields of the strategies that do so, and their rules.

import type { Problem } from '../../definition.ts';
import { atMost } from './rules.ts';
import type { Field } from '../../spec.ts';

/** The bounds between which momentum moves. */
export type Momentum = { readonly low: number; readonly high: number };

type MomentumField = Field & {
  readonly type: { readonly kind: 'number'; readonly least: 0; readonly below: 1 };
  readonly optional: true;
};

/** `base_momentum` and `max_momentum`, reached at `top` and at `bottom` of the learning rate. */
export function momentumFields(
  top: string,
  bottom: string,
): { readonly base_momentum: MomentumField; readonly max_momentum: MomentumField } {
  return {
    base_momentum: toField(`Lowest momentum, reached at ${top}; needs max_momentum.`),
    max_momentum: toField(`Highest momentum, at ${bottom}; needs base_momentum.`),
  };
}

function toField(about: string): MomentumField {
  return { type: { kind: 'number', least: 0, below: 1 }, optional: true, about };
}

/** Both bounds or neither, in their order. */
export function checkMomentum(
  low: number | undefined,
  high: number | undefined,
): readonly Problem[] {
  if (low === undefined && high === undefined) return [];
  if (low !== undefined && high !== undefined)
    return atMost('base_momentum', low, 'max_momentum', high);
  const [field, other] =
    low === undefined ? ['base_momentum', 'max_momentum'] : ['max_momentum', 'base_momentum'];
  return [{ field, message: `received nothing; ${other} moves only together with ${field}` }];
}

/** The bounds, where momentum moves at all. */
export function toMomentum(
  low: number | undefined,
  high: number | undefined,
): Momentum | undefined {
  return low === undefined || high === undefined ? undefined : { low, high };
}
