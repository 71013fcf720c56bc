// The rule that one number is not above another.

import type { Problem } from './definition.ts';

/** The problem of `low` where it is above `high`, or none. */
export function atMost(
  lowName: string,
  low: number,
  highName: string,
  high: number,
): readonly Problem[] {
  if (low <= high) return [];
  const message = `received ${low} with ${highName} ${high}; ${lowName} must be at most ${highName}`;
  return [{ field: lowName, message }];
}
