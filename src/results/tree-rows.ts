// Rows of the stage tree and of what was executed: the views `stages`, `attempts` and `checkpoints` of one sweep.

import type { SizedFile } from '../domain/names.ts';
import type { All } from './read-history.ts';

/** A stage: a stretch of epochs that was trained once for all its member trials. */
export type StageRow = {
  readonly stage_id: string;
  readonly sweep_id: string;
  /** Null for a root. */
  readonly parent_id: string | null;
  readonly root_id: string;
  /** Counted from 0 from the trials' start. */
  readonly from_epoch: number;
  readonly state: 'pending' | 'leased' | 'paused' | 'ended';
  /** Number of its latest attempt, 0 before the first. */
  readonly attempt: number;
  readonly recorded_epochs: number;
  /** Trained again, after a failure or to come to where it begins. */
  readonly repeated_epochs: number;
  /** False if a repeated epoch differed from its record. */
  readonly reproducible: boolean;
  readonly steps_per_epoch: number | null;
  /** Backend, version, threads and device: what decides the bits. */
  readonly numerics: string | null;
  /** Attempts that failed by the trial's fault, and by their host's. */
  readonly failures: number;
  readonly losses: number;
  /** Trials that began it. */
  readonly members: number;
};

/** An execution of a stage on a slot. */
export type AttemptRow = {
  readonly stage_id: string;
  readonly sweep_id: string;
  /** From 1. */
  readonly attempt: number;
  /** The agent's name; `agent_id` is unique. */
  readonly agent: string;
  readonly agent_id: string;
  readonly slot: string;
  readonly backend: string | null;
  /** Wall time, milliseconds since 1970; null while it holds the lease. */
  readonly granted_ms: number;
  readonly ended_ms: number | null;
  readonly seconds: number | null;
  readonly end:
    | 'completed'
    | 'diverged'
    | 'failed'
    | 'lost'
    | 'withdrawn'
    | 'released'
    | 'forked'
    | null;
  readonly message: string | null;
  /** The checkpoint that it resumed from; null: it began from scratch. */
  readonly start_stage_id: string | null;
  readonly start_epoch: number | null;
  /** Epochs on record that it trained. */
  readonly recorded_epochs: number;
};

/** A checkpoint that is held. */
export type HeldCheckpointRow = {
  readonly stage_id: string;
  readonly sweep_id: string;
  /** The epochs behind it. */
  readonly epoch: number;
  readonly checkpoint_id: string;
  readonly size_bytes: number;
  /** True if the coordinator has all its files. */
  readonly stored: boolean;
  readonly files: readonly SizedFile[];
  /** Ids of the agents that have it. */
  readonly agent_ids: readonly string[];
};

/** The stages of a sweep, parents before their children. */
export function readStages(all: All, sweepId: string): readonly StageRow[] {
  const rows = all<Omit<StageRow, 'reproducible'> & { reproducible: number }>(
    'SELECT * FROM stages WHERE sweep_id = ? ORDER BY from_epoch, stage_id',
    sweepId,
  );
  return rows.map((row) => ({ ...row, reproducible: row.reproducible === 1 }));
}

/** The attempts of a sweep in the order in which they were granted. */
export function readAttempts(all: All, sweepId: string): readonly AttemptRow[] {
  return all(
    'SELECT * FROM attempts WHERE sweep_id = ? ORDER BY granted_ms, stage_id, attempt',
    sweepId,
  );
}

type Stored = Omit<HeldCheckpointRow, 'files' | 'agent_ids' | 'stored'> & {
  readonly stored: number;
  readonly files_json: string;
  readonly agents_json: string;
};

/** The checkpoints that are held of a sweep. */
export function readCheckpoints(all: All, sweepId: string): readonly HeldCheckpointRow[] {
  const rows = all<Stored>(
    'SELECT * FROM checkpoints WHERE sweep_id = ? ORDER BY epoch, stage_id',
    sweepId,
  );
  return rows.map(({ files_json: files, agents_json: agents, ...row }) => ({
    ...row,
    stored: row.stored === 1,
    files: JSON.parse(files) as SizedFile[],
    agent_ids: JSON.parse(agents) as string[],
  }));
}
