// What a slot trains, in a few characters.

import { toPlainLine } from '../../domain/plain-text.ts';
import type { SlotView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { Model } from '../model.ts';

/** `#3`, or `#3 +11` where eleven others share the stage; the id of a trial of another sweep; nothing of an idle slot. */
export function slotText({ trials, sweepId }: Model, slot: SlotView): string {
  if (slot.trialId === '') return '';
  const trial = trials.get(slot.trialId);
  const name = trial?.sweepId === sweepId ? `#${trial.number}` : toPlainLine(slot.trialId);
  return slot.trials > 1 ? `${name} +${slot.trials - 1}` : name;
}
