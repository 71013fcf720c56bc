// The results database, read-only: typed rows for scripts and the command line. It never blocks the coordinator.

import type Database from 'better-sqlite3';
import type { SizedFile } from '../domain/names.ts';
import { openReadOnly, toAll } from './open-read-only.ts';
import { prepareQuery } from './prepare-query.ts';
import type { Parameters, Value } from './value.ts';
import {
  type LearningRateRow,
  type MetricRow,
  readMetrics,
  readRates,
  readStepRates,
  type StepRates,
} from './read-history.ts';
import {
  type AttemptRow,
  type HeldCheckpointRow,
  readAttempts,
  readCheckpoints,
  readStages,
  type StageRow,
} from './tree-rows.ts';
import { readSteering, type Steering } from './steering.ts';
import { readTrialRecord, type TrialRecord } from './trial-record.ts';
import { type CheckpointRow, readManifest, readPath, type TrialPath } from './trial-path.ts';

export type { Parameters, Value };

/** What a query answers: in each row one value for each column, in their order; two columns may have the same name. */
export type Answer = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
};

/** A sweep with its trials counted by state, and the epochs that they want, have behind them, and were trained for that. */
export type SweepRow = {
  readonly sweep_id: string;
  readonly state: 'running' | 'completed' | 'cancelled';
  readonly metric: string;
  readonly mode: 'min' | 'max';
  /** Whether a trial counts by its best or by its last epoch. */
  readonly at: 'best' | 'last';
  readonly trials: number;
  readonly pending: number;
  readonly running: number;
  readonly paused: number;
  readonly completed: number;
  readonly failed: number;
  readonly diverged: number;
  readonly cancelled: number;
  readonly epochs_total: number;
  readonly epochs_delivered: number;
  readonly epochs_trained: number;
  readonly submitted_ms: number;
  readonly ended_ms: number | null;
};

/** A row of the view `trials`. */
export type TrialRow = {
  readonly trial_id: string;
  readonly sweep_id: string;
  readonly number: number;
  readonly state: string;
  readonly strategy: string;
  readonly strategy_label: string;
  readonly strategy_json: string;
  readonly config_label: string;
  readonly config_json: string;
  readonly seed: number;
  readonly epochs: number;
  readonly epochs_done: number;
  readonly metric: string;
  readonly mode: 'min' | 'max';
  readonly best_value: number | null;
  readonly best_epoch: number | null;
  readonly last_value: number | null;
  readonly last_kind: string | null;
  readonly learning_rate: number | null;
  readonly message: string;
  readonly stage_id: string;
};

/** A row of the view `leaderboard`. */
export type LeaderboardRow = {
  readonly sweep_id: string;
  readonly rank: number;
  readonly trial_id: string;
  readonly number: number;
  readonly strategy: string;
  readonly strategy_label: string;
  readonly config_label: string;
  readonly seed: number;
  readonly metric: string;
  readonly value: number | null;
  readonly best_epoch: number | null;
  readonly epochs_done: number;
  readonly strategy_json: string;
  readonly config_json: string;
  readonly epochs: number;
};

/** One epoch of a trial: learning rates and all metrics. */
export type EpochRow = {
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
  readonly seconds: number;
  /** Name → value; NaN and infinities as they were reported. */
  readonly metrics: Readonly<Record<string, number>>;
};

/** A row of the view `found_rates`: what the range tests of one config came to. */
export type FoundRateRow = {
  readonly sweep_id: string;
  readonly config_json: string;
  readonly find_json: string;
  readonly max_lr: number;
  readonly base_lr: number;
  /** The least and the greatest of what the seeds suggest. */
  readonly least: number;
  readonly greatest: number;
  /** Seeds that suggest one, of how many. */
  readonly found: number;
  readonly tested: number;
  readonly words: string;
  readonly found_ms: number;
};

/**
 * An open database. What is long is read as it is iterated over, a page at a time, and holds nothing in between; all else is
 * read at once. Names are those of the views (docs/results.md); times are wall time in milliseconds since 1970. An unknown sweep
 * or trial has no rows. Every method throws EspalierError `version` for a database that an earlier release has left.
 */
export type Results = Disposable & {
  /** In the order in which they were submitted. */
  sweeps(): readonly SweepRow[];
  sweep(sweepId: string): SweepRow | undefined;
  trials(sweepId: string): readonly TrialRow[];
  trial(trialId: string): TrialRow | undefined;
  /** What a trial trained in and with whom, and what is held of it. */
  path(trial: TrialRow): TrialPath;
  /** Priorities and clones of a sweep. */
  steering(sweepId: string): Steering;
  /** What is on record of a trial, to explain it. */
  record(trialId: string): TrialRecord | undefined;
  /** The files of a checkpoint that is held. */
  manifest(checkpoint: CheckpointRow): readonly SizedFile[];
  /** Completed trials, best first. */
  leaderboard(sweepId: string): readonly LeaderboardRow[];
  /** Every metric of every epoch of a trial. */
  metrics(trialId: string): IterableIterator<MetricRow>;
  /** The learning rates of every epoch of a trial. */
  learningRates(trialId: string): IterableIterator<LearningRateRow>;
  /** The learning rate of every step of a trial. */
  stepRates(trialId: string): IterableIterator<StepRates>;
  /** The stage tree of a sweep, parents before their children. */
  stages(sweepId: string): readonly StageRow[];
  /** What was executed of a sweep, where, and how it ended. */
  attempts(sweepId: string): readonly AttemptRow[];
  /** What is held of a sweep. */
  checkpoints(sweepId: string): readonly HeldCheckpointRow[];
  /** Learning rates that range tests found; none in a database of a release before there were any. */
  foundRates(sweepId: string): readonly FoundRateRow[];
  /** Learning rates and metrics of a trial, a row an epoch. */
  epochs(trialId: string): readonly EpochRow[];
  /** What a trial wrote after a place, oldest first, over all its attempts. */
  logs(trialId: string, after: LogPlace): readonly LogRow[];
  /** Any single SELECT, with values for its `:name`s. @throws EspalierError `invalid` with SQLite's words, or why it is refused */
  query(sql: string, parameters?: Parameters): Answer;
  /** Lets go of the file; `using results = openResults(path)` does it by itself. */
  close(): void;
};

/** A place in a trial's log. */
export type LogPlace = {
  /** Rises along a trial's path: a stage is made before those that go on from it. */
  readonly stage_order: number;
  readonly attempt: number;
  readonly offset_bytes: number;
};

/** Before everything that a trial has written. */
export const LOG_START: LogPlace = { stage_order: 0, attempt: 0, offset_bytes: -1 };

/** A piece of a trial's log. `dropped_bytes` were left out before it. */
export type LogRow = LogPlace & {
  readonly stage_id: string;
  readonly dropped_bytes: number;
  readonly data: Buffer;
};

const SWEEPS = `
  SELECT s.sweep_id, s.state, s.metric, s.mode, s.at, s.submitted_ms, s.ended_ms, count(t.trial_id) AS trials,
    coalesce(sum(t.state = 'pending'), 0) AS pending, coalesce(sum(t.state = 'running'), 0) AS running,
    coalesce(sum(t.state = 'paused'), 0) AS paused, coalesce(sum(t.state = 'completed'), 0) AS completed,
    coalesce(sum(t.state = 'failed'), 0) AS failed, coalesce(sum(t.state = 'diverged'), 0) AS diverged,
    coalesce(sum(t.state = 'cancelled'), 0) AS cancelled,
    coalesce(sum(t.epochs), 0) AS epochs_total, coalesce(sum(t.epochs_done), 0) AS epochs_delivered,
    (SELECT coalesce(sum(g.recorded_epochs), 0) FROM stage g WHERE g.sweep_id = s.sweep_id) AS epochs_trained
  FROM sweep s LEFT JOIN trial t USING (sweep_id)`;

const METRICS = `
  SELECT epoch, name, CASE kind WHEN 'nan' THEN 'NaN' WHEN '+inf' THEN 'Infinity' WHEN '-inf' THEN '-Infinity' ELSE value END AS value
  FROM trial_metrics WHERE trial_id = ? ORDER BY epoch, name`;

const LOGS = `
  SELECT ts.stage_id, g.rowid AS stage_order, l.attempt, l.offset_bytes, l.dropped_bytes, l.data
  FROM trial_stage ts JOIN stage g USING (stage_id) JOIN log_chunk l USING (stage_id)
  WHERE ts.trial_id = ? AND (g.rowid, l.attempt, l.offset_bytes) > (?, ?, ?)
  ORDER BY g.rowid, l.attempt, l.offset_bytes`;

/**
 * Opens results for reading; `path` is a database or the state folder that has one, also of a coordinator that runs.
 * @throws EspalierError `not-found` if there is none, `storage` if it is not one of Espalier's
 *
 * @example
 * const results = openResults('.espalier');
 * for (const { epoch, name, value } of results.metrics('digits/7')) console.log(epoch, name, value);
 * results.close();
 */
export function openResults(path: string): Results {
  const db = openReadOnly(path);
  const all = toAll(db);
  return {
    sweeps: () => all(`${SWEEPS} GROUP BY s.sweep_id ORDER BY s.submitted_ms, s.rowid`),
    sweep: (id) => all<SweepRow>(`${SWEEPS} WHERE s.sweep_id = ? GROUP BY s.sweep_id`, id)[0],
    trials: (id) => all('SELECT * FROM trials WHERE sweep_id = ? ORDER BY number', id),
    trial: (id) => all<TrialRow>('SELECT * FROM trials WHERE trial_id = ?', id)[0],
    path: (trial) => readPath(all, trial),
    steering: (id) => readSteering(all, id),
    record: (id) => readTrialRecord(all, id),
    manifest: (checkpoint) => readManifest(all, checkpoint),
    leaderboard: (id) => all('SELECT * FROM leaderboard WHERE sweep_id = ? ORDER BY rank', id),
    metrics: (id) => readMetrics(all, id),
    learningRates: (id) => readRates(all, id),
    stepRates: (id) => readStepRates(all, id),
    stages: (id) => readStages(all, id),
    attempts: (id) => readAttempts(all, id),
    checkpoints: (id) => readCheckpoints(all, id),
    foundRates: (id) => readFoundRates(all, id),
    epochs: (id) => readEpochs(all, id),
    logs: (id, after) => all(LOGS, id, after.stage_order, after.attempt, after.offset_bytes),
    query: (sql, parameters) => runQuery(db, sql, parameters),
    close: () => void db.close(),
    [Symbol.dispose]: () => void db.close(),
  };
}

function readFoundRates(
  all: <T>(sql: string, ...values: readonly string[]) => readonly T[],
  sweepId: string,
): readonly FoundRateRow[] {
  const views = all("SELECT name FROM sqlite_master WHERE type = 'view' AND name = 'found_rates'");
  if (views.length === 0) return [];
  return all(
    'SELECT * FROM found_rates WHERE sweep_id = ? ORDER BY found_ms, config_json',
    sweepId,
  );
}

function readEpochs(
  all: <T>(sql: string, value: string) => readonly T[],
  trialId: string,
): readonly EpochRow[] {
  const metrics = new Map<number, [string, number][]>();
  for (const { epoch, name, value } of all<{ epoch: number; name: string; value: number | string }>(
    METRICS,
    trialId,
  )) {
    metrics.set(epoch, [...(metrics.get(epoch) ?? []), [name, Number(value)]]);
  }
  const rates = all<Omit<EpochRow, 'metrics'>>(
    'SELECT epoch, first, last, seconds FROM learning_rates WHERE trial_id = ? ORDER BY epoch',
    trialId,
  );
  return rates.map((row) => ({
    ...row,
    metrics: Object.fromEntries(metrics.get(row.epoch) ?? []),
  }));
}

function runQuery(db: Database.Database, sql: string, parameters?: Parameters): Answer {
  const { columns, rows } = prepareQuery(db, sql, parameters);
  return { columns, rows: [...rows()] };
}
