// The rule that a length of time written in steps has at least one.

import type { Problem } from './definition.ts';
import { parseDuration } from './duration.ts';

/** The problem of a checked duration of less than a step, or none; one in epochs depends on how many steps they have. */
export function atLeastAStep(field: string, length: string | number): readonly Problem[] {
  const duration = parseDuration(length, 'steps');
  if (duration?.unit !== 'steps' || duration.count >= 1) return [];
  const message = `received ${JSON.stringify(length)}; ${field} must be at least 1 step`;
  return [{ field, message }];
}
