// Rules between the fields of several strategies, and of a duration in steps.

import type { Problem } from '../../definition.ts';
import { parseDuration } from '../../duration.ts';

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

/** The problem of a checked duration of less than a step, or none; one in epochs depends on how many steps they have. */
export function atLeastAStep(field: string, length: string | number): readonly Problem[] {
  const duration = parseDuration(length, 'steps');
  if (duration?.unit !== 'steps' || duration.count >= 1) return [];
  const message = `received ${JSON.stringify(length)}; ${field} must be at least 1 step`;
  return [{ field, message }];
}
