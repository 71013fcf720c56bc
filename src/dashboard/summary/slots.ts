// What a slot trains, in a few characters.

import { toPlainLine } from '../../domain/plain-text.ts';
import type { SlotView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';

/** `#3`, or `#3 +11` where eleven others share the stage; the id of a trial that is not watched; nothing of an idle slot. */
export function slotText(trials: ReadonlyMap<string, TrialView>, slot: SlotView): string {
  if (slot.trialId === '') return '';
  const trial = trials.get(slot.trialId);
  const name = trial === undefined ? toPlainLine(slot.trialId) : `#${trial.number}`;
  return slot.trials > 1 ? `${name} +${slot.trials - 1}` : name;
}
