// Every row of one sweep, as of one moment: what a report is made of.
// Promise: one read transaction, so that a sweep that goes on while it is read is still told consistently; read-only.

import Database from 'better-sqlite3';

type Cell = string | number | null;

/** The sweep itself. */
export type SweepRecord = {
  readonly sweep_id: string;
  readonly state: string;
  readonly metric: string;
  readonly mode: 'min' | 'max';
  readonly at: 'best' | 'last';
  readonly sweep_file: string;
  readonly bundle_json: string;
  readonly files_json: string;
  readonly submitted_ms: number;
  readonly ended_ms: number | null;
};

/** A trial; `value` is what the leaderboard counts, NULL for one that is not on it. */
export type TrialRecord = {
  readonly trial_id: string;
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
  readonly best_value: number | null;
  readonly best_epoch: number | null;
  readonly last_value: number | null;
  readonly last_kind: string | null;
  readonly message: string;
  readonly value: number | null;
};

/** A stage, with the numerics that it was trained with. */
export type StageRecord = {
  readonly stage_id: string;
  readonly parent_id: string | null;
  readonly from_epoch: number;
  readonly state: string;
  readonly recorded_epochs: number;
  readonly repeated_epochs: number;
  readonly reproducible: number;
  readonly numerics: string | null;
};

/** A trial's part of a stage; `to_epoch` is exclusive, NULL while it is open. */
export type MemberRecord = {
  readonly trial_id: string;
  readonly stage_id: string;
  readonly from_epoch: number;
  readonly to_epoch: number | null;
};

/** An epoch of a stage: its learning rates and how long it took. */
export type StageEpochRecord = {
  readonly stage_id: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
  readonly least: number;
  readonly greatest: number;
  readonly seconds: number;
};

/** A metric of an epoch of a stage. */
export type StageMetricRecord = {
  readonly stage_id: string;
  readonly epoch: number;
  readonly name: string;
  readonly kind: string;
  readonly value: number | null;
};

/** All of it; trials by number, stages each after its parent, epochs by stage and epoch. */
export type SweepRows = {
  readonly sweep: SweepRecord;
  readonly trials: readonly TrialRecord[];
  readonly stages: readonly StageRecord[];
  readonly members: readonly MemberRecord[];
  readonly epochs: readonly StageEpochRecord[];
  readonly metrics: readonly StageMetricRecord[];
  /** Names of the agents that trained, each with its release of Espalier. */
  readonly agents: readonly { readonly name: string; readonly version: string }[];
};

const SWEEP = `
  SELECT sweep_id, state, metric, mode, at, sweep_file, bundle_json, files_json, submitted_ms, ended_ms FROM sweep WHERE sweep_id = ?`;

const TRIALS = `
  SELECT t.trial_id, t.number, t.state, t.strategy, t.strategy_label, t.strategy_json, t.config_label, t.config_json, t.seed,
    t.epochs, t.epochs_done, t.best_value, t.best_epoch, t.last_value, t.last_kind, t.message, l.value
  FROM trials t LEFT JOIN leaderboard l USING (trial_id) WHERE t.sweep_id = ? ORDER BY t.number`;

const STAGES = `
  SELECT stage_id, parent_id, from_epoch, state, recorded_epochs, repeated_epochs, reproducible, numerics
  FROM stage WHERE sweep_id = ? ORDER BY rowid`;

const MEMBERS = `
  SELECT ts.trial_id, ts.stage_id, ts.from_epoch, ts.to_epoch
  FROM trial_stage ts JOIN stage g USING (stage_id) WHERE g.sweep_id = ? ORDER BY g.rowid`;

const EPOCHS = `
  SELECT e.stage_id, e.epoch, e.lr_first AS first, e.lr_last AS last, e.lr_least AS least, e.lr_greatest AS greatest, e.seconds
  FROM stage g CROSS JOIN epoch e USING (stage_id) WHERE g.sweep_id = ? ORDER BY e.stage_id, e.epoch`;

const METRICS = `
  SELECT m.stage_id, m.epoch, m.name, m.kind, m.value
  FROM stage g CROSS JOIN metric m USING (stage_id) WHERE g.sweep_id = ? ORDER BY m.stage_id, m.epoch, m.name`;

const AGENTS = `
  SELECT DISTINCT a.name, a.version
  FROM stage g CROSS JOIN attempt t USING (stage_id) JOIN agent a USING (agent_id) WHERE g.sweep_id = ? ORDER BY a.name, a.version`;

/** The rows of a sweep that exists, from a database that `openResults` has found good. */
export function readSweepRows(path: string, sweepId: string): SweepRows {
  const db = new Database(path, { readonly: true, timeout: 5_000 });
  const all = <T extends Readonly<Record<string, Cell>>>(sql: string): readonly T[] =>
    db.prepare(sql).all(sweepId) as T[];
  try {
    return db.transaction((): SweepRows => {
      const [sweep] = all<SweepRecord>(SWEEP);
      if (sweep === undefined) throw new Error(`no record of ${sweepId}`);
      return {
        sweep,
        trials: all(TRIALS),
        stages: all(STAGES),
        members: all(MEMBERS),
        epochs: all(EPOCHS),
        metrics: all(METRICS),
        agents: all(AGENTS),
      };
    })();
  } finally {
    db.close();
  }
}
