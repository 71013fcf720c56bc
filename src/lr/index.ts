// `espalier/lr`: learning-rate strategies as pure functions, for use without the rest and without any dependency.

export { CATALOGUE, type Catalogue } from './catalogue.ts';
export { createStrategy } from './create-strategy.ts';
export type { Definition, Described, Monitored, Problem, Values } from './definition.ts';
export { parseDuration, toSteps } from './duration.ts';
export { defineStrategy, type OwnStrategy } from './own.ts';
export { parseField } from './parse-field.ts';
export { parseStrategy, type ParsedStrategy } from './parse-strategy.ts';
export type { Bounds, DurationUnit, Field, FieldType, Fields, StrategySpec } from './spec.ts';
export type { Controls, Run, Strategy } from './strategy.ts';
export {
  type AccuracyAnalysis,
  type AccuracyCurve,
  analyzeAccuracies,
} from './range-test/analyze-accuracies.ts';
export {
  analyzeLosses,
  type LossAnalysis,
  type LossCurve,
  METHODS,
  type Method,
  type Suggestion,
} from './range-test/analyze-losses.ts';
export { chooseRates, type ChosenRates } from './range-test/choose-rates.ts';
export { findStop, STOP_FACTOR } from './range-test/divergence.ts';
export { DEFAULT_RAMP, type Ramp, toLearningRates } from './range-test/ramp.ts';
export { openLoop, toStretch, totalSteps, type Stretch } from './stretch.ts';
