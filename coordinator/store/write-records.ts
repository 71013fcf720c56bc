// The rows of a new trial and of a new stage.

import type { Stage, Trial } from '../core/model.ts';
import type { Statements } from './statements.ts';

/** One row of `trial`. */
export function writeTrial(sql: Statements, trial: Trial): void {
  sql.trial.run({
    trial_id: trial.id,
    sweep_id: trial.sweepId,
    number: trial.number,
    strategy: trial.strategy.strategy,
    strategy_json: JSON.stringify(trial.strategy),
    strategy_label: trial.strategyLabel,
    config_json: JSON.stringify(trial.config),
    config_label: trial.configLabel,
    seed: trial.seed,
    epochs: trial.epochs,
    state: trial.state,
    message: trial.message,
    epochs_done: trial.epochsDone,
    stage_id: trial.stageId,
  });
}

/** One row of `stage`, and one of `trial_stage` for each member. */
export function writeStage(sql: Statements, stage: Stage): void {
  sql.stage.run({
    stage_id: stage.id,
    sweep_id: stage.sweepId,
    parent_id: stage.parentId,
    from_epoch: stage.fromEpoch,
    state: stage.state,
    attempt: stage.attempt,
    recorded_epochs: stage.recordedEpochs,
    repeated_epochs: stage.repeatedEpochs,
    reproducible: Number(stage.reproducible),
    steps_per_epoch: stage.stepsPerEpoch,
    numerics: stage.numerics,
    failures: stage.failures,
    losses: stage.losses,
    last_failure: stage.lastFailure,
  });
  for (const trialId of stage.members) sql.trialStage.run(trialId, stage.id, stage.fromEpoch);
}
