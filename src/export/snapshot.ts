// A sweep as it is at one moment, for exports. Promise: whatever a coordinator records meanwhile is not seen, and it does not wait
// for who reads; rows are read as they are iterated over.

import type Database from 'better-sqlite3';
import { EspalierError } from '../domain/errors.ts';
import { openReadOnly, toAll } from '../results/open-read-only.ts';
import type { All } from '../results/read-history.ts';

/** What a sweep's trials have in common. */
export type SweepHead = {
  readonly sweep_id: string;
  readonly name: string;
  readonly metric: string;
  readonly mode: 'min' | 'max';
  /** Whether a trial counts by its best or by its last epoch. */
  readonly at: 'best' | 'last';
  readonly trials: number;
  /** Wall time, milliseconds since 1970. */
  readonly submitted_ms: number;
  readonly sweep_file: string;
};

/** A trial with what it was set up with and what it came to. Times are wall time, milliseconds since 1970. */
export type SnapshotTrial = {
  readonly trial_id: string;
  readonly number: number;
  readonly state:
    | 'pending'
    | 'running'
    | 'paused'
    | 'completed'
    | 'failed'
    | 'diverged'
    | 'cancelled';
  readonly strategy: string;
  readonly strategy_label: string;
  readonly strategy_json: string;
  readonly config_label: string;
  readonly config_json: string;
  readonly seed: number;
  readonly epochs: number;
  readonly epochs_done: number;
  readonly best_value: number | null;
  readonly best_epoch: number | null;
  readonly last_value: number | null;
  readonly last_kind: 'finite' | 'nan' | '+inf' | '-inf' | null;
  readonly learning_rate: number | null;
  readonly message: string;
  /** Among the completed; null for others. */
  readonly rank: number | null;
  /** When the first stage of its path was first granted. */
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
};

/** A row as it comes from the database. */
export type RawRow = Readonly<Record<string, string | number | null>>;

/** An open moment; nothing else may be asked of it after `close`. */
export type Snapshot = {
  readonly sweep: SweepHead;
  /** All rows of a query that has few. */
  readonly all: All;
  /** The sweep's trials, by number. */
  trials(): IterableIterator<SnapshotTrial>;
  /** The rows of a view that are the sweep's. */
  rows(view: 'stages' | 'attempts', order: string): IterableIterator<RawRow>;
  close(): void;
};

const TRIALS = `
  SELECT t.*, l.rank,
    (SELECT min(a.granted_ms) FROM trial_stage ts JOIN attempt a USING (stage_id) WHERE ts.trial_id = t.trial_id) AS started_ms
  FROM trials t LEFT JOIN (SELECT trial_id, rank FROM leaderboard WHERE sweep_id = :sweep) l USING (trial_id)
  WHERE t.sweep_id = :sweep ORDER BY t.number`;

/**
 * Opens the moment.
 * @throws EspalierError `not-found` without a database or without the sweep, `storage` if it is no database of Espalier's, `version`
 *   if an earlier release has left it
 */
export function openSnapshot(path: string, sweepId: string): Snapshot {
  const db = openReadOnly(path);
  try {
    db.exec('BEGIN');
    const all = toAll(db);
    const sweep = all<SweepHead>('SELECT * FROM sweeps WHERE sweep_id = ?', sweepId)[0];
    if (sweep === undefined) throw unknownSweep(all, sweepId);
    return {
      sweep,
      all,
      trials: () => iterate<SnapshotTrial>(db, TRIALS, { sweep: sweepId }),
      rows: (view, order) =>
        iterate<RawRow>(db, `SELECT * FROM ${view} WHERE sweep_id = :sweep ORDER BY ${order}`, {
          sweep: sweepId,
        }),
      close: () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function iterate<T>(db: Database.Database, sql: string, parameters: object): IterableIterator<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rows are what the schema says
  return db.prepare(sql).iterate(parameters) as IterableIterator<T>;
}

function unknownSweep(all: All, sweepId: string): EspalierError {
  const known = all<{ sweep_id: string }>('SELECT sweep_id FROM sweep ORDER BY submitted_ms');
  const names = known.slice(-10).map((row) => row.sweep_id);
  return new EspalierError(
    'not-found',
    `no sweep ${sweepId}: ${names.length === 0 ? 'there are none yet' : `there is ${names.join(', ')}`}`,
  );
}
