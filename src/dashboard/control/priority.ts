// Which sweep, or which trial of it, gets free slots first. It can be taken back, so it is done without a question.

import { change, shownSweep, type Model, type Step } from '../model.ts';
import { isOver } from '../summary/strategies.ts';
import { send } from './steer.ts';

const MOST = 1000;

/** Raises a trial's priority by `by`, or lowers it. */
export function shiftTrial(model: Model, trialId: string, by: number): Step {
  const trial = model.trials.get(trialId);
  if (trial === undefined) return change(model, { notice: 'no trial is selected' });
  if (isOver(trial)) {
    return change(model, { notice: `trial #${trial.number} is ${trial.state} already` });
  }
  const priority = shifted(trial.priority, by);
  return send(model, { kind: 'prioritise', sweepId: trial.sweepId, trialId, priority });
}

/** Raises the shown sweep's priority by `by`, or lowers it. */
export function shiftSweep(model: Model, by: number): Step {
  const sweep = shownSweep(model);
  if (sweep === undefined) return change(model, { notice: 'no sweep is shown' });
  const { sweepId, name, state } = sweep;
  if (state !== 'running') return change(model, { notice: `${name} is ${state} already` });
  const priority = shifted(sweep.priority, by);
  return send(model, { kind: 'prioritise', sweepId, trialId: '', priority });
}

function shifted(priority: number, by: number): number {
  return Math.max(-MOST, Math.min(MOST, priority + by));
}
