// The public library: what a trial's module imports. Promise: importing it loads nothing heavy.

export { defineStrategy, type OwnStrategy } from './lr/own.ts';
export { rngFor } from './domain/random.ts';
export {
  defineTrial,
  type DataContext,
  type EpochRequest,
  type EpochResult,
  type ManagedTrial,
  type OpenTrial,
  type OwnLoopTrial,
  type Samples,
  type Training,
  type Trial,
  type TrialContext,
  type TrialData,
} from './trial/define-trial.ts';
export type { OptimizerName, OptimizerSpec } from './trial/optimizer.ts';
export type { Metrics } from './domain/objective.ts';
export type { Config, ConfigValue } from './domain/sweep.ts';
