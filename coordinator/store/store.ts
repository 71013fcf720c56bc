// The store as the loop and the services see it: one transaction at a time, and a few reads.

import type { Database } from 'better-sqlite3';
import type { TrialRecord } from '../../src/results/trial-record.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import type { Fact } from '../core/fact.ts';
import type { Now, State } from '../core/model.ts';
import { assertSound } from './check.ts';
import { loadState } from './load.ts';
import { LogSizes } from './log-sizes.ts';
import { createHistoryReader } from './read-history.ts';
import { createTrialReader } from './read-trial.ts';
import { byEpoch, type MetricRow } from './by-epoch.ts';
import { openDatabase, toStorageError } from './open.ts';
import { createFactWriter } from './write.ts';

/** The metrics of one recorded epoch. */
export type RecordedEpoch = { readonly epoch: number; readonly metrics: Metrics };

/** An epoch as it is shown. */
export type ShownEpoch = RecordedEpoch & {
  readonly first: number;
  readonly last: number;
  readonly least: number;
  readonly greatest: number;
};

/** A decision of the journal. */
export type JournalEntry = { readonly fact: Fact; readonly atMs: number };

/** A stage on a slot; `untilMs` is 0 and `end` empty while it runs. Wall times. */
export type AttemptRow = {
  readonly stageId: string;
  readonly attempt: number;
  readonly agentId: string;
  readonly slot: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly end: string;
};

/** Where a piece of output stands on a trial's path. */
export type OutputPlace = {
  readonly order: number;
  readonly attempt: number;
  readonly offsetBytes: number;
};

/** A piece of output. */
export type OutputRow = {
  readonly place: OutputPlace;
  readonly stageId: string;
  readonly droppedBytes: number;
  readonly data: Buffer;
};

/** The database of one coordinator. Numbers come back as they were reported, also those that are not finite. */
export type Store = {
  /** The state that the rows say. Agents have `graceMs` to be heard from again. */
  load(now: Now, graceMs: number): State;
  /** One fact as rows, inside a transaction. `wallMs` is for the journal. */
  write(fact: Fact, wallMs: number): void;
  /** Runs `body` in one immediate transaction: durable when it returns. */
  transaction(body: () => void): void;
  /** Metrics of one epoch on the path that ends in a stage, if it is recorded. */
  epochMetrics(stageId: string, epoch: number): Metrics | undefined;
  /** What is kept of a stage's output over all its attempts, as {@link LogSizes} counts it. */
  logBytes(stageId: string): number;
  /** How many learning rates of an epoch are on record for an attempt. */
  seriesSteps(stageId: string, epoch: number, attempt: number): number;
  /** Recorded epochs on the path that ends in a stage, in order, from `fromEpoch` on and before `toEpoch`. */
  history(stageId: string, fromEpoch?: number, toEpoch?: number): readonly RecordedEpoch[];
  /** Latest values of a metric of a trial, oldest first. */
  recentValues(trialId: string, metric: string, most: number): readonly number[];
  /** Epochs of a trial from `fromEpoch` on, in order. */
  epochsOf(trialId: string, fromEpoch: number): readonly ShownEpoch[];
  /** Values of a metric of a trial from an epoch on, in order. */
  valuesFrom(
    trialId: string,
    metric: string,
    fromEpoch: number,
  ): readonly { readonly epoch: number; readonly value: number }[];
  /** The latest decisions, oldest first. */
  latestFacts(most: number): readonly JournalEntry[];
  /** The latest attempts, oldest first. */
  latestAttempts(most: number): readonly AttemptRow[];
  /** One attempt. */
  attempt(stageId: string, attempt: number): AttemptRow | undefined;
  /** The end of a trial's output, about `mostBytes` of it, in order. */
  outputEnd(trialId: string, mostBytes: number): readonly OutputRow[];
  /** What a trial has written after a place, about `mostBytes` of it, in order. */
  outputAfter(trialId: string, place: OutputPlace, mostBytes: number): readonly OutputRow[];
  /** What is on record of a trial, to explain it; undefined if there is no such trial. */
  record(trialId: string): TrialRecord | undefined;
  /** The number of the latest decision in the journal; 0 before the first. */
  lastFact(): number;
  close(): void;
};

const PATH = `
  WITH RECURSIVE path (stage_id, parent_id, from_epoch, to_epoch) AS (
    SELECT stage_id, parent_id, from_epoch, 1 << 53 FROM stage WHERE stage_id = ?
    UNION ALL
    SELECT s.stage_id, s.parent_id, s.from_epoch, path.from_epoch FROM stage s JOIN path ON s.stage_id = path.parent_id
  )
  SELECT m.epoch, m.name, m.kind, m.value FROM path JOIN metric m USING (stage_id)
  WHERE m.epoch < path.to_epoch`;

/** Opens the store at `path`; see {@link openDatabase} and {@link assertSound} for what it throws. */
export function openStore(path: string): Store {
  const db = openSound(path);
  const writeFact = createFactWriter(db);
  const logs = new LogSizes(db);
  const write: Store['write'] = (fact, wallMs) => {
    writeFact(fact, wallMs);
    logs.note(fact);
  };
  const ofEpoch = db.prepare(`${PATH} AND m.epoch = ?`);
  const history = db.prepare(`${PATH} AND m.epoch >= ? AND m.epoch < ? ORDER BY m.epoch`);
  const seriesSteps = db
    .prepare(
      'SELECT coalesce(sum(length(float32_values)), 0) / 4 FROM learning_rate_series WHERE stage_id = ? AND epoch = ? AND attempt = ?',
    )
    .pluck();
  const lastFact = db.prepare('SELECT coalesce(max(fact_id), 0) FROM fact').pluck();
  return {
    load: (now, graceMs) => loadState(db, now, graceMs),
    write,
    transaction: (body) => runTransaction(db, path, body),
    epochMetrics: (stageId, epoch) =>
      byEpoch(ofEpoch.all(stageId, epoch) as MetricRow[])[0]?.metrics,
    logBytes: (stageId) => logs.of(stageId),
    seriesSteps: (stageId, epoch, attempt) => Number(seriesSteps.get(stageId, epoch, attempt)),
    history: (stageId, fromEpoch = 0, toEpoch = 2 ** 32) =>
      byEpoch(history.all(stageId, fromEpoch, toEpoch) as MetricRow[]),
    ...createTrialReader(db),
    ...createHistoryReader(db),
    lastFact: () => Number(lastFact.get()),
    close: () => db.close(),
  };
}

function openSound(path: string): Database {
  const db = openDatabase(path);
  try {
    assertSound(db, path);
    return db;
  } catch (error) {
    db.close();
    throw toStorageError(path, error);
  }
}

function runTransaction(db: Database, path: string, body: () => void): void {
  try {
    db.transaction(body).immediate();
  } catch (error) {
    throw toStorageError(path, error);
  }
}
