// The results of sweeps for scripts and notebooks, importable as `espalier/results`. Promise: read-only; no coordinator waits for it.

export type { SizedFile } from '../domain/names.ts';
export { EspalierError, type ErrorCode } from '../domain/errors.ts';
export { type Hyperparameters, type Plain, toHyperparameters } from './hyperparameters.ts';
export {
  type Answer,
  type EpochRow,
  type FoundRateRow,
  type LeaderboardRow,
  LOG_START,
  type LogPlace,
  type LogRow,
  openResults,
  type Parameters,
  type Results,
  type SweepRow,
  type TrialRow,
  type Value,
} from './open-results.ts';
export type { LearningRateRow, MetricRow, StepRates } from './read-history.ts';
export { type Setting, summarise } from './summary.ts';
export type { CheckpointRow, PathStage, TrialPath } from './trial-path.ts';
export type { AttemptRow, HeldCheckpointRow, StageRow } from './tree-rows.ts';
