// The path of a trial through the stage tree: what it trained in, with whom, and what is held of it.
// Promise: read-only; trials are called equal only where both have ended with the same training behind them, all of it.

import type { SizedFile } from '../domain/names.ts';
import { isOpenState } from '../domain/trial-state.ts';

/** A stage of the path, with the epochs in it that are the trial's; `to_epoch` is exclusive. */
export type PathStage = {
  readonly stage_id: string;
  readonly from_epoch: number;
  readonly to_epoch: number;
  readonly state: string;
  readonly attempts: number;
  readonly repeated_epochs: number;
  readonly reproducible: boolean;
  /** Trials that began it, this one among them. */
  readonly members: number;
};

/** A checkpoint with `epoch` epochs of the trial behind it. */
export type CheckpointRow = {
  readonly stage_id: string;
  readonly epoch: number;
  readonly checkpoint_id: string;
  readonly size_bytes: number;
  /** True if the coordinator has all files of it. */
  readonly stored: boolean;
  /** Names of the agents that have it. */
  readonly agents: readonly string[];
};

/** Everything about a trial's path; stages from the root on, `equals` and checkpoints by rising number and epoch. */
export type TrialPath = {
  readonly stages: readonly PathStage[];
  readonly equals: readonly string[];
  readonly checkpoints: readonly CheckpointRow[];
};

/** What is asked of a trial. */
type Trial = {
  readonly trial_id: string;
  readonly stage_id: string;
  readonly state: string;
  readonly epochs_done: number;
};

type All = <T>(sql: string, ...values: readonly (string | number)[]) => readonly T[];

// A stage that has parted before its first epoch begins where its children do, and comes before them.
const STAGES = `
  SELECT p.stage_id, p.from_epoch, coalesce(p.to_epoch, g.from_epoch + g.recorded_epochs) AS to_epoch, g.state,
    g.attempt AS attempts, g.repeated_epochs, g.reproducible,
    (SELECT count(*) FROM trial_stage o WHERE o.stage_id = p.stage_id) AS members
  FROM trial_stage p JOIN stage g USING (stage_id)
  WHERE p.trial_id = ?
  ORDER BY p.from_epoch, p.to_epoch IS NULL, p.to_epoch, g.rowid`;

const EQUALS = `
  SELECT trial_id FROM trial
  WHERE stage_id = ? AND epochs_done = ? AND trial_id <> ? AND state NOT IN ('pending', 'running', 'paused')
  ORDER BY number`;

const CHECKPOINTS = `
  SELECT c.stage_id, c.epoch, c.checkpoint_id, c.size_bytes, c.stored,
    (SELECT json_group_array(coalesce(a.name, j.value)) FROM json_each(c.agents_json) j LEFT JOIN agent a ON a.agent_id = j.value) AS agents_json
  FROM trial_stage p JOIN checkpoint c USING (stage_id)
  WHERE p.trial_id = ? AND (p.to_epoch IS NULL OR c.epoch <= p.to_epoch)
  ORDER BY c.epoch, c.stage_id`;

/** The path of a trial that exists. */
export function readPath(all: All, trial: Trial): TrialPath {
  const { trial_id: id, stage_id: stageId, epochs_done: done, state } = trial;
  const stages = all<Omit<PathStage, 'reproducible'> & { reproducible: number }>(STAGES, id);
  const equals =
    isOpenState(state) || done === 0 ? [] : all<{ trial_id: string }>(EQUALS, stageId, done, id);
  return {
    stages: stages.map((row) => ({ ...row, reproducible: Boolean(row.reproducible) })),
    equals: equals.map((row) => row.trial_id),
    checkpoints: hasCheckpoints(all) ? all<StoredCheckpoint>(CHECKPOINTS, id).map(toRow) : [],
  };
}

/** The files of a checkpoint. */
export function readManifest(
  all: All,
  { stage_id, epoch }: Pick<CheckpointRow, 'stage_id' | 'epoch'>,
): readonly SizedFile[] {
  const sql = 'SELECT files_json FROM checkpoint WHERE stage_id = ? AND epoch = ?';
  const [row] = all<{ files_json: string }>(sql, stage_id, epoch);
  return row === undefined ? [] : (JSON.parse(row.files_json) as SizedFile[]);
}

type StoredCheckpoint = Omit<CheckpointRow, 'stored' | 'agents'> & {
  readonly stored: number;
  readonly agents_json: string;
};

function toRow({ agents_json: agents, stored, ...row }: StoredCheckpoint): CheckpointRow {
  return { ...row, stored: Boolean(stored), agents: JSON.parse(agents) as string[] };
}

// A database of an earlier release has none until a coordinator opens it.
function hasCheckpoints(all: All): boolean {
  return all("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'checkpoint'").length > 0;
}
