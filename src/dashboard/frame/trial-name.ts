// A trial in words.

import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';

/** `#17 plateau lr 0.1 factor 0.5`. */
export function trialName({ number, strategy, strategyValues }: TrialView): string {
  return strategyValues === ''
    ? `#${number} ${strategy}`
    : `#${number} ${strategy} ${strategyValues}`;
}
