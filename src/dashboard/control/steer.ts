// What is done without a question, since it can be taken back or only repeats work: pausing, resuming, trying again.
// Promise: a key either asks the coordinator for one thing or says why there is nothing to ask for.

import { toDoing } from '../../domain/control.ts';
import { change, shownSweep, type Command, type Model, type Step } from '../model.ts';
import { isOver } from '../summary/strategies.ts';

/** Pauses a trial; one that is paused, or about to be, goes on. */
export function pauseOrResumeTrial(model: Model, trialId: string): Step {
  const trial = model.trials.get(trialId);
  if (trial === undefined) return change(model, { notice: 'no trial is selected' });
  if (isOver(trial)) {
    return change(model, { notice: `trial #${trial.number} is ${trial.state} already` });
  }
  const goesOn = trial.state === 'paused' || trial.pausing;
  return send(model, { kind: goesOn ? 'resume' : 'pause', sweepId: trial.sweepId, trialId });
}

/** Pauses the shown sweep; where nothing is left to be paused, what is paused goes on. */
export function pauseOrResumeSweep(model: Model): Step {
  const sweep = shownSweep(model);
  if (sweep === undefined) return change(model, { notice: 'no sweep is shown' });
  const { sweepId, name, state, running, pending, paused } = sweep;
  if (state !== 'running') return change(model, { notice: `${name} is ${state} already` });
  const stopping = [...model.trials.values()].filter(
    (trial) => trial.sweepId === sweepId && trial.pausing,
  ).length;
  const goesOn = paused + stopping > 0 && running + pending <= stopping;
  return send(model, { kind: goesOn ? 'resume' : 'pause', sweepId, trialId: '' });
}

/** Tries a failed trial again. */
export function retryTrial(model: Model, trialId: string): Step {
  const trial = model.trials.get(trialId);
  if (trial === undefined) return change(model, { notice: 'no trial is selected' });
  if (trial.state !== 'failed') {
    return change(model, { notice: `trial #${trial.number} has not failed` });
  }
  return send(model, { kind: 'retry', sweepId: trial.sweepId, trialId });
}

/** Tries all failed trials of the shown sweep again. */
export function retrySweep(model: Model): Step {
  const sweep = shownSweep(model);
  if (sweep === undefined) return change(model, { notice: 'no sweep is shown' });
  if (sweep.failed === 0) return change(model, { notice: 'no trial has failed' });
  return send(model, { kind: 'retry', sweepId: sweep.sweepId, trialId: '' });
}

/** Sends a command, and says so. */
export function send(model: Model, command: Command): Step {
  const notice = `${toDoing(command.kind)} …`;
  return {
    model: { ...model, overlay: { kind: 'none' }, notice },
    effects: [{ kind: 'command', command }],
  };
}
