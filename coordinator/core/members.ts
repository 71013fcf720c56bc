// Which trials are in a stage now.

import type { Stage, State, Trial } from './model.ts';
import { isFinal } from './model.ts';

/** True while a trial is there and has not ended. */
export function isOpen(state: State, trialId: string): boolean {
  const trial = state.trials.get(trialId);
  return trial !== undefined && !isFinal(trial.state);
}

/** A stage's trials that have not ended and have not gone on elsewhere, by rising number. */
export function openTrials(state: Pick<State, 'trials'>, stage: Stage): readonly Trial[] {
  const open: Trial[] = [];
  for (const id of stage.members) {
    const trial = state.trials.get(id);
    if (trial !== undefined && trial.stageId === stage.id && !isFinal(trial.state))
      open.push(trial);
  }
  return open;
}

/** Ids of {@link openTrials}. */
export function openMembers(state: Pick<State, 'trials'>, stage: Stage): readonly string[] {
  return openTrials(state, stage).map(({ id }) => id);
}

/** The epoch that a stage trains next, from 0. */
export function nextEpoch(stage: Stage): number {
  return stage.fromEpoch + stage.recordedEpochs;
}
