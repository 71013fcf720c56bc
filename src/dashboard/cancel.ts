// Asking before something is cancelled.
// Promise: only what has not ended can be cancelled, and only a `y` to this question does it.

import { plural } from './frame/number.ts';
import { change, shownSweep, type Model, type Step } from './model.ts';

/** Asks whether to cancel one trial, or says why that cannot be. */
export function askToCancelTrial(model: Model, trialId: string): Step {
  const trial = model.trials.get(trialId);
  if (trial === undefined) return change(model, { notice: 'no trial is selected' });
  if (trial.state !== 'running' && trial.state !== 'pending') {
    return change(model, { notice: `trial #${trial.number} is ${trial.state} already` });
  }
  const question = `Cancel trial #${trial.number} for good? Its recorded epochs stay.`;
  return ask(model, trial.sweepId, trialId, question);
}

/** Asks whether to cancel the shown sweep, or says why that cannot be. */
export function askToCancelSweep(model: Model): Step {
  const sweep = shownSweep(model);
  if (sweep === undefined) return change(model, { notice: 'no sweep is shown' });
  if (sweep.state !== 'running') {
    return change(model, { notice: `${sweep.name} is ${sweep.state} already` });
  }
  const open = plural(sweep.running + sweep.pending, 'trial');
  return ask(model, sweep.sweepId, '', `Cancel sweep ${sweep.name}, ${open} not done yet?`);
}

function ask(model: Model, sweepId: string, trialId: string, question: string): Step {
  return change(model, { overlay: { kind: 'confirm', sweepId, trialId, question } });
}
