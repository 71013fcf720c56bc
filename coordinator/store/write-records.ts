// The rows of a new trial, of a new stage and of a new checkpoint.

import type { Checkpoint, Stage, Trial } from '../core/model.ts';
import type { FactOf } from '../core/fact.ts';
import { toStored } from './number.ts';
import type { Statements } from './statements.ts';

/** One row of `trial`. */
export function writeTrial(sql: Statements, trial: Trial): void {
  const last = trial.last === null ? undefined : toStored(trial.last);
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
    best_epoch: trial.best?.epoch ?? null,
    best_value: trial.best?.value ?? null,
    last_kind: last?.kind ?? null,
    last_value: last?.value ?? null,
    learning_rate: trial.learningRate,
    stage_id: trial.stageId,
  });
}

/** One row of `trial_stage` for each stage that a clone has epochs of, or has joined. */
export function writeClone(sql: Statements, fact: FactOf['trial-cloned']): void {
  const { trialId, fromTrialId, path, untilEpoch } = fact;
  sql.trialCloned.run(fromTrialId, trialId);
  for (const { stageId, fromEpoch, toEpoch } of path) {
    sql.trialStageShared.run(trialId, stageId, fromEpoch, toEpoch);
    if (toEpoch === null) sql.stageJoined.run(untilEpoch, stageId);
  }
}

/** One row of `checkpoint`. */
export function writeCheckpoint(sql: Statements, checkpoint: Checkpoint): void {
  const { stageId, epoch, id, files, sizeBytes, isStored, agentIds } = checkpoint;
  const json = [JSON.stringify(files), sizeBytes, Number(isStored), JSON.stringify(agentIds)];
  sql.checkpoint.run(stageId, epoch, id, ...json);
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
    root_id: stage.rootId,
    until_epoch: stage.untilEpoch,
  });
  for (const trialId of stage.members) {
    if (stage.parentId !== null) leave(sql, trialId, stage);
    sql.trialStage.run(trialId, stage.id, stage.fromEpoch);
  }
}

/** A trial goes on from one stage in another. The trials of a root were made for it. */
function leave(sql: Statements, trialId: string, { id, fromEpoch, state }: Stage): void {
  sql.trialStageLeft.run(fromEpoch, trialId);
  const move = state === 'paused' ? sql.trialMovedPaused : sql.trialMoved;
  move.run(id, trialId);
}
