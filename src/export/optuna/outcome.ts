// What a trial has come to, in Optuna's words. Promise: a trial is COMPLETE only with a finite value; what did not train all its
// epochs is FAIL where it failed or diverged, and PRUNED where a person ended it after it had shown something.

import type { SnapshotTrial } from '../snapshot.ts';
import { lastOf } from '../tables/trials.ts';

/** A trial's state and its value, where it has one. */
export type Outcome = {
  readonly state: 'WAITING' | 'RUNNING' | 'COMPLETE' | 'PRUNED' | 'FAIL';
  readonly value?: number;
};

/**
 * The outcome of a trial of a sweep that counts it by its best or by its last epoch. Optuna takes an infinite value of a COMPLETE
 * trial for the best one (3.1), and refuses NaN: such a trial is a FAIL.
 */
export function toOutcome(trial: SnapshotTrial, at: 'best' | 'last'): Outcome {
  const value = (at === 'best' ? trial.best_value : lastOf(trial)) ?? Number.NaN;
  switch (trial.state) {
    case 'pending':
      return { state: trial.epochs_done === 0 ? 'WAITING' : 'RUNNING' };
    case 'running':
    case 'paused':
      return { state: 'RUNNING' };
    case 'completed':
      return Number.isFinite(value) ? { state: 'COMPLETE', value } : { state: 'FAIL' };
    case 'cancelled':
      return Number.isFinite(value) ? { state: 'PRUNED', value } : { state: 'FAIL' };
    case 'failed':
    case 'diverged':
      return { state: 'FAIL' };
  }
}
