// What becomes of sweeps and of single trials.

import type { FactOf } from '../fact.ts';
import type { Stage, Sweep, Trial } from '../model.ts';
import { NO_EPOCHS, NO_TRIALS } from '../model.ts';
import { count, known, type Mutable, rank, setTrial, touchLease } from './mutable.ts';

/** A sweep without trials. */
export function submitSweep(state: Mutable, sweep: Sweep): void {
  state.sweeps.set(sweep.id, sweep);
  state.trialsOf.set(sweep.id, []);
  state.pendingOf.set(sweep.id, []);
  state.counts.set(sweep.id, NO_TRIALS);
  state.totals.set(sweep.id, NO_EPOCHS);
}

/** A trial without a stage. */
export function createTrial(state: Mutable, trial: Trial): void {
  state.trials.set(trial.id, trial);
  // The list grows in place: copying it for each of n trials would cost n².
  known(state.trialsOf, trial.sweepId).push(trial.id);
  count(state, trial.sweepId, trial.state, 1);
}

/** A trial is over. */
export function endTrial(state: Mutable, fact: FactOf['trial-ended']): void {
  const stage = stageOf(state, fact.trialId);
  setTrial(state, fact.trialId, { state: fact.state, message: fact.message, isPausing: false });
  // An agent finds out by itself when a trial is done.
  if (fact.state === 'cancelled') touchLease(state, stage);
  rank(state, fact.trialId);
}

/** A sweep is over. */
export function endSweep(state: Mutable, fact: FactOf['sweep-ended']): void {
  const sweep = known(state.sweeps, fact.sweepId);
  state.sweeps.set(sweep.id, { ...sweep, state: fact.state, endedWallMs: fact.wallMs });
}

/** A sweep that was over goes on. */
export function reopenSweep(state: Mutable, sweepId: string): void {
  const sweep = known(state.sweeps, sweepId);
  state.sweeps.set(sweep.id, { ...sweep, state: 'running', endedWallMs: null });
}

/** The stage that a trial is in. */
export function stageOf(state: Mutable, trialId: string): Stage {
  return known(state.stages, known(state.trials, trialId).stageId);
}

/** A person has said which trial goes first. */
export function prioritiseTrial(state: Mutable, fact: FactOf['trial-prioritised']): void {
  const { trialId, priority } = fact;
  setTrial(state, trialId, { priority });
  const { sweepId } = known(state.trials, trialId);
  const prioritised = state.prioritisedOf.get(sweepId) ?? new Set();
  if (priority === 0) prioritised.delete(trialId);
  else prioritised.add(trialId);
  if (prioritised.size === 0) state.prioritisedOf.delete(sweepId);
  else state.prioritisedOf.set(sweepId, prioritised);
}
