// What is recorded of trials, number by number: enough to train them again and compare.
// Promise: read-only and exact. NaN and infinities come back as what they were; only the sign of a zero is lost, which SQLite
// does not keep in a REAL.

import Database from 'better-sqlite3';
import type { Metrics, Objective } from '../domain/objective.ts';
import type { Config, SweepSpec, TrialSpec } from '../domain/sweep.ts';

/** A blob of the sweep: the bundle, or a data file at its relative path. */
export type RecordedFile = {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
};

/** What a sweep's trials have in common. */
export type RecordedSweep = {
  readonly bundle: RecordedFile;
  readonly files: readonly RecordedFile[];
  readonly objective: Objective;
  readonly backends: readonly string[];
  /** The most epochs that any of its trials trains: what each of them is opened with. */
  readonly mostEpochs: number;
};

/** A trial and what its recorded epochs were trained with. */
export type RecordedTrial = {
  readonly trialId: string;
  /** In the sweep, from 1. */
  readonly number: number;
  readonly strategy: TrialSpec['learning_rate'];
  readonly config: Config;
  readonly seed: number;
  /** How many it trains in all. */
  readonly epochs: number;
  /** How many of them it has behind it; each should have a record. */
  readonly recordedEpochs: number;
  /** The distinct values of the stages on its path that have an epoch of it. */
  readonly stepsPerEpoch: readonly number[];
  readonly numerics: readonly string[];
  readonly backends: readonly string[];
};

/** One epoch. Learning rates are float32 values. */
export type EpochRecord = {
  readonly steps: number;
  readonly metrics: Metrics;
  /** First, last, least and greatest rate of its steps, and the one read back from the optimizer. */
  readonly rates: Readonly<Record<(typeof RATES)[number], number>>;
  /** Every step's rate, unless all were the same. */
  readonly series: Float32Array | undefined;
};

/** The numbers that sum up an epoch's learning rates, as the view `learning_rates` calls them. */
export const RATES = ['first', 'last', 'least', 'greatest', 'applied'] as const;

/** The records of a results database. */
export type Records = {
  sweep(sweepId: string): RecordedSweep;
  /** A trial that exists. */
  trial(trialId: string): RecordedTrial;
  /** The 0-based epoch of a trial, if there is a record of it. */
  epoch(trialId: string, epoch: number): EpochRecord | undefined;
  close(): void;
};

const TRIAL = `
  SELECT trial_id AS trialId, number, strategy_json, config_json, seed, epochs,
    max(epochs_done, (SELECT coalesce(max(epoch) + 1, 0) FROM learning_rates r WHERE r.trial_id = t.trial_id)) AS recordedEpochs
  FROM trial t WHERE trial_id = ?`;

const STAGES = `
  SELECT DISTINCT g.steps_per_epoch AS steps, g.numerics, a.backend
  FROM learning_rates r JOIN stage g USING (stage_id) JOIN epoch e USING (stage_id, epoch)
  LEFT JOIN attempt a USING (stage_id, attempt)
  WHERE r.trial_id = ?`;

const METRICS = `
  SELECT name, CASE kind WHEN 'nan' THEN 'NaN' WHEN '+inf' THEN 'Infinity' WHEN '-inf' THEN '-Infinity' ELSE value END AS value
  FROM trial_metrics WHERE trial_id = ? AND epoch = ?`;

const RATES_OF_EPOCH = `
  SELECT stage_id, steps, first, last, least, greatest, applied FROM learning_rates WHERE trial_id = ? AND epoch = ?`;

const SERIES = `
  SELECT from_step AS fromStep, float32_values AS bytes FROM learning_rate_series WHERE stage_id = ? AND epoch = ? ORDER BY from_step`;

type Row = Readonly<Record<string, string | number>>;
type Chunk = { readonly fromStep: number; readonly bytes: Buffer };

/** Opens the records of a database that `openResults` has found good. */
export function openRecords(path: string): Records {
  const db = new Database(path, { readonly: true, timeout: 5_000 });
  const all = <T>(sql: string, ...values: readonly (string | number)[]): readonly T[] =>
    db.prepare(sql).all(...values) as T[];
  return {
    sweep: (id) => toSweep(one(all('SELECT * FROM sweep WHERE sweep_id = ?', id), id)),
    trial: (id) => toTrial(one(all(TRIAL, id), id), all(STAGES, id)),
    epoch: db.transaction((id: string, epoch: number) => {
      const [rates] = all<Row>(RATES_OF_EPOCH, id, epoch);
      if (rates === undefined) return undefined;
      const chunks = all<Chunk>(SERIES, String(rates['stage_id']), epoch);
      return toEpoch(rates, all(METRICS, id, epoch), chunks);
    }),
    close: () => db.close(),
  };
}

function one(rows: readonly Row[], id: string): Row {
  const [row] = rows;
  if (row === undefined) throw new Error(`no record of ${id}`);
  return row;
}

function toSweep(row: Row): RecordedSweep {
  const { objective, backends, epochs }: SweepSpec = parse(row, 'spec_json');
  const [bundle, files] = [
    parse<RecordedFile>(row, 'bundle_json'),
    parse<RecordedFile[]>(row, 'files_json'),
  ];
  return { bundle, files, objective, backends, mostEpochs: Math.max(...epochs) };
}

function toTrial(row: Row, stages: readonly Row[]): RecordedTrial {
  const distinct = <T>(name: string): readonly T[] =>
    [...new Set(stages.map((stage) => stage[name]))].filter((value) => value !== null) as T[];
  return {
    trialId: String(row['trialId']),
    number: Number(row['number']),
    strategy: parse(row, 'strategy_json'),
    config: parse(row, 'config_json'),
    seed: Number(row['seed']),
    epochs: Number(row['epochs']),
    recordedEpochs: Number(row['recordedEpochs']),
    stepsPerEpoch: distinct('steps'),
    numerics: distinct('numerics'),
    backends: distinct('backend'),
  };
}

function toEpoch(rates: Row, metrics: readonly Row[], chunks: readonly Chunk[]): EpochRecord {
  return {
    steps: Number(rates['steps']),
    metrics: Object.fromEntries(
      metrics.map(({ name, value }): [string, number] => [String(name), Number(value)]),
    ),
    rates: Object.fromEntries(RATES.map((name) => [name, rates[name]])) as EpochRecord['rates'],
    series: chunks.length === 0 ? undefined : toSeries(chunks),
  };
}

/** A step that no chunk covers has NaN, which no trained step ever has. */
function toSeries(chunks: readonly Chunk[]): Float32Array {
  const ends = chunks.map(({ fromStep, bytes }) => fromStep + bytes.byteLength / 4);
  const series = new Float32Array(Math.max(...ends)).fill(Number.NaN);
  for (const { fromStep, bytes } of chunks) {
    const { buffer, byteOffset, byteLength } = bytes;
    series.set(new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength)), fromStep);
  }
  return series;
}

function parse<T>(row: Row, column: string): T {
  return JSON.parse(String(row[column])) as T;
}
