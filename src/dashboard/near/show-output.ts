// Turning to what a trial writes.

import { change, type Model, type Step } from '../model.ts';
import { lookAt } from './look-at.ts';

/** The log with the output of a trial. */
export function showOutput(model: Model, trialId: string): Step {
  if (trialId === '') return change(model, { notice: 'no trial is selected' });
  const shown = { ...model, pane: 'log', logShows: 'output', logBack: 0 } as const;
  return lookAt(shown, { trialId, output: true });
}
