// What the HParams plugin of TensorBoard is told: of the sweep, and of each trial as a session. Trials that differ in their seeds
// alone are a group, of which the plugin shows one row.

import { toHyperparameters } from '../../results/hyperparameters.ts';
import {
  DataType,
  type Experiment,
  type HParamInfo,
  type SessionEndInfo,
  type SessionStartInfo,
  Status,
  type Value,
} from '../../wire/generated/espalier/tensorboard/v1/event.ts';
import { type Domain, valueIn } from '../hyperparameter-domains.ts';
import type { SnapshotTrial, SweepHead } from '../snapshot.ts';

/** More distinct numbers than a person picks from become a range. */
const DISCRETE_MOST = 100;

/** The sweep, with the tags of its metrics. */
export function toExperiment(
  sweep: SweepHead,
  domains: readonly Domain[],
  tags: readonly string[],
): Experiment {
  return {
    name: sweep.sweep_id,
    description: `${sweep.metric}, ${sweep.mode === 'min' ? 'low' : 'high'} is good; a trial counts by its ${sweep.at} epoch`,
    timeCreatedSecs: sweep.submitted_ms / 1000,
    hparamInfos: domains.map(toInfo),
    metricInfos: tags.map((tag) => ({ name: { tag }, description: '' })),
  };
}

/** A trial begins. */
export function toStart(trial: SnapshotTrial, domains: readonly Domain[]): SessionStartInfo {
  const values = toHyperparameters(trial);
  const hparams: Record<string, Value> = {};
  for (const domain of domains) {
    const value = valueIn(domain, values);
    if (value !== null) hparams[domain.name] = toMessage(value);
  }
  return {
    hparams,
    groupName: [trial.strategy, trial.strategy_json, trial.config_json, trial.epochs].join(' '),
    startTimeSecs: (trial.started_ms ?? 0) / 1000,
  };
}

/** A trial has ended; undefined while it may go on. */
export function toEnd({ state, ended_ms: ended }: SnapshotTrial): SessionEndInfo | undefined {
  if (ended === null) return undefined;
  const status = state === 'completed' ? Status.STATUS_SUCCESS : Status.STATUS_FAILURE;
  return { status, endTimeSecs: ended / 1000 };
}

const TYPES = {
  text: DataType.DATA_TYPE_STRING,
  boolean: DataType.DATA_TYPE_BOOL,
  integer: DataType.DATA_TYPE_FLOAT64,
  real: DataType.DATA_TYPE_FLOAT64,
} as const;

function toInfo({ name, kind, values }: Domain): HParamInfo {
  return { name, type: TYPES[kind], domain: toRange(values) };
}

function toRange(values: Domain['values']): HParamInfo['domain'] {
  if (values.length <= DISCRETE_MOST)
    return { $case: 'domainDiscrete', domainDiscrete: { values: values.map(toMessage) } };
  const numbers = values.filter((value) => typeof value === 'number');
  const [minValue, maxValue] = [numbers[0], numbers.at(-1)];
  if (minValue === undefined || maxValue === undefined) return undefined;
  return { $case: 'domainInterval', domainInterval: { minValue, maxValue } };
}

function toMessage(value: Domain['values'][number]): Value {
  if (typeof value === 'number') return { kind: { $case: 'numberValue', numberValue: value } };
  if (typeof value === 'boolean') return { kind: { $case: 'boolValue', boolValue: value } };
  return { kind: { $case: 'stringValue', stringValue: value } };
}
