// How far a sweep is, in epochs. A trial that has ended is behind us with all its epochs, trained or not.

import type { SweepView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';

/** Epochs by what became of them; `share` is the part of all that needs no more work, 0 to 1. */
export type Progress = {
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly trained: number;
  readonly left: number;
  readonly share: number;
};

/** The progress of `sweep`, whose trials are `trials`. */
export function progressOf(sweep: SweepView, trials: readonly TrialView[]): Progress {
  const sums = { completed: 0, failed: 0, cancelled: 0, trained: 0, left: 0 };
  for (const { state, epoch, epochs } of trials) {
    const all = Math.max(epoch, epochs);
    if (state === 'completed') sums.completed += all;
    else if (state === 'failed' || state === 'diverged') sums.failed += all;
    else if (state === 'cancelled') sums.cancelled += all;
    else {
      sums.trained += epoch;
      sums.left += all - epoch;
    }
  }
  if (trials.length === 0) {
    sums.trained = sweep.epochsDelivered;
    sums.left = Math.max(0, sweep.epochsTotal - sweep.epochsDelivered);
  }
  const behind = sums.completed + sums.failed + sums.cancelled + sums.trained;
  const total = behind + sums.left;
  const final = sweep.state !== 'running';
  return { ...sums, share: final ? 1 : total === 0 ? 0 : behind / total };
}
