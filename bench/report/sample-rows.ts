// Rows of sweeps that were never trained: any number of settings and seeds, with values from a formula.

import { rngFor } from '../../src/domain/random.ts';
import type {
  StageEpochRecord,
  StageMetricRecord,
  SweepRecord,
  SweepRows,
  TrialRecord,
} from '../../src/results/sweep-rows.ts';

/** A setting of a sample: its strategy with the fields, the config, and how good it is. */
export type SampleSetting = {
  readonly strategy: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  /** What it comes to, before the seed does its part. */
  readonly level: number;
};

/** What a sample is made of. */
export type Sample = {
  readonly settings: readonly SampleSetting[];
  readonly seeds?: readonly number[];
  readonly epochs?: number;
  /** How far a seed may move a value. */
  readonly noise?: number;
  readonly sweep?: Partial<SweepRecord>;
  /** Changes a trial after it was made; of one with another state than completed the value is taken away. */
  readonly change?: (trial: TrialRecord) => Partial<TrialRecord>;
  /** The kind and value of the objective that a trial reports after an epoch. */
  readonly report?: (
    value: number,
    trial: number,
    epoch: number,
  ) => readonly [string, number | null];
};

/** A plateau that is good, one that is not, a cycle, and two fixed rates. */
export const FIVE: readonly SampleSetting[] = [
  { strategy: 'fixed', fields: { lr: 0.1 }, level: 0.5 },
  { strategy: 'fixed', fields: { lr: 0.01 }, level: 0.4 },
  { strategy: 'plateau', fields: { lr: 0.1, factor: 0.5, patience: 2 }, level: 0.2 },
  { strategy: 'plateau', fields: { lr: 0.1, factor: 0.1, patience: 5 }, level: 0.3 },
  { strategy: 'cyclic', fields: { base_lr: 0.01, max_lr: 0.1, mode: 'triangular' }, level: 0.35 },
  { strategy: 'cyclic', fields: { base_lr: 0.001, max_lr: 0.5, mode: 'triangular' }, level: 0.6 },
];

/** The rows; trials of a seed share their first epoch. Seeds are 1 to 3 unless given. */
export function sampleRows(sample: Sample): SweepRows {
  const { settings, seeds = [1, 2, 3], epochs = 4 } = sample;
  const pairs = settings.flatMap((setting) => seeds.map((seed) => ({ setting, seed })));
  const trials = pairs.map(({ setting, seed }, i) => toTrial(sample, setting, seed, i + 1, epochs));
  const sweep: SweepRecord = { ...SWEEP, ...sample.sweep };
  const stages = [
    ...seeds.map((seed) => ({ ...STAGE, stage_id: `root${seed}`, recorded_epochs: 1 })),
    ...trials.map(({ number, seed, epochs_done: done }) => ({
      ...STAGE,
      stage_id: `own${number}`,
      parent_id: `root${seed}`,
      from_epoch: 1,
      recorded_epochs: Math.max(0, done - 1),
    })),
  ];
  return {
    sweep,
    trials,
    stages,
    members: trials.flatMap(({ trial_id, number, seed, epochs_done: done }) => [
      ...(done > 0 ? [{ trial_id, stage_id: `root${seed}`, from_epoch: 0, to_epoch: 1 }] : []),
      ...(done > 1 ? [{ trial_id, stage_id: `own${number}`, from_epoch: 1, to_epoch: null }] : []),
    ]),
    epochs: stages.flatMap((stage) => toEpochs(stage)),
    metrics: stages.flatMap((stage) => toMetrics(sample, sweep.metric, stage, trials)),
    agents: [{ name: 'host-a', version: '0.1.0' }],
  };
}

const SWEEP: SweepRecord = {
  sweep_id: 'sample',
  state: 'completed',
  metric: 'val_loss',
  mode: 'min',
  at: 'best',
  sweep_file: 'name: sample\n',
  bundle_json: '{"path":"bundle.mjs","sha256":"00"}',
  files_json: '[]',
  submitted_ms: Date.UTC(2026, 0, 2),
  ended_ms: Date.UTC(2026, 0, 2, 1),
};

const STAGE = {
  parent_id: null as string | null,
  from_epoch: 0,
  state: 'ended',
  repeated_epochs: 0,
  reproducible: 1,
  numerics: 'cpu',
};

function toTrial(
  { sweep, change, noise = 0.01 }: Sample,
  { strategy, fields, config = {}, level }: SampleSetting,
  seed: number,
  number: number,
  epochs: number,
): TrialRecord {
  const value = level + noise * rngFor(seed, 'value', number)();
  const trial: TrialRecord = {
    trial_id: `${sweep?.sweep_id ?? 'sample'}/${number}`,
    number,
    state: 'completed',
    strategy,
    strategy_label: words(fields),
    strategy_json: JSON.stringify({ strategy, ...fields }),
    config_label: words(config),
    config_json: JSON.stringify(config),
    seed,
    epochs,
    epochs_done: epochs,
    best_value: value,
    best_epoch: epochs - 1,
    last_value: value,
    last_kind: 'finite',
    message: '',
    value,
  };
  const changed = { ...trial, ...change?.(trial) };
  return changed.state === 'completed' ? changed : { ...changed, value: null };
}

type Stage = {
  readonly stage_id: string;
  readonly from_epoch: number;
  readonly recorded_epochs: number;
};

function epochsOf({ from_epoch: from, recorded_epochs: count }: Stage): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

function toEpochs(stage: Stage): readonly StageEpochRecord[] {
  return epochsOf(stage).map((epoch) => {
    const [first, last] = [0.1 / (1 + epoch), 0.1 / (1.5 + epoch)];
    return {
      stage_id: stage.stage_id,
      epoch,
      first,
      last,
      least: last,
      greatest: first,
      seconds: 2,
    };
  });
}

function toMetrics(
  { report = (value) => ['finite', value] }: Sample,
  metric: string,
  stage: Stage,
  trials: readonly TrialRecord[],
): readonly StageMetricRecord[] {
  const number = Number(/^own(\d+)/.exec(stage.stage_id)?.[1] ?? 0);
  const end = trials[number - 1]?.best_value ?? 1;
  return epochsOf(stage).flatMap((epoch): StageMetricRecord[] => {
    const [kind, value] = report(end + 1 / (1 + epoch) ** 2 - 1 / 16, number, epoch);
    return [
      { stage_id: stage.stage_id, epoch, name: metric, kind, value },
      {
        stage_id: stage.stage_id,
        epoch,
        name: 'accuracy',
        kind: 'finite',
        value: 1 - 1 / (2 + epoch),
      },
    ];
  });
}

function words(record: object): string {
  return Object.entries(record)
    .map(([name, field]) => `${name} ${String(field)}`)
    .join(' ');
}
