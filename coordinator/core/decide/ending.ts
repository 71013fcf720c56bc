// How stages end: first the trials that train in them, then the stage.

import type { Fact } from '../fact.ts';
import type { FinalTrialState, Now, Stage, State } from '../model.ts';
import { isFinal } from '../model.ts';

/** The facts that end all trials of a stage that are still open, and the stage. */
export function endStage(
  state: State,
  stage: Stage,
  as: FinalTrialState,
  message: string,
  now: Now,
): readonly Fact[] {
  const open = stage.members.filter((id) => isOpen(state, id));
  return [
    ...open.map((trialId): Fact => ({
      kind: 'trial-ended',
      trialId,
      state: as,
      message,
      wallMs: now.wallMs,
    })),
    { kind: 'stage-ended', stageId: stage.id },
  ];
}

function isOpen(state: State, trialId: string): boolean {
  const trial = state.trials.get(trialId);
  return trial !== undefined && !isFinal(trial.state);
}
