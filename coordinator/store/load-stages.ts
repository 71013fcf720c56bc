// All stages from their rows, with their members and their leases: what `evolve` made of them.

import type { Database } from 'better-sqlite3';
import type { Lease, Stage, Trial } from '../core/model.ts';
import { eachRow, type Selection } from './each-row.ts';

type StageRow = readonly [
  id: string,
  sweepId: string,
  rootId: string,
  parentId: string | null,
  fromEpoch: number,
  untilEpoch: number,
  state: Stage['state'],
  attempt: number,
  recordedEpochs: number,
  repeatedEpochs: number,
  reproducible: number,
  stepsPerEpoch: number | null,
  numerics: string | null,
  failures: number,
  losses: number,
  lastFailure: string,
  members: string | null,
];

const STAGES: Selection = {
  table: 'stage',
  columns: [
    'stage_id',
    'sweep_id',
    'root_id',
    'parent_id',
    'from_epoch',
    'until_epoch',
    'state',
    'attempt',
    'recorded_epochs',
    'repeated_epochs',
    'reproducible',
    'steps_per_epoch',
    'numerics',
    'failures',
    'losses',
    'last_failure',
    // Ids have no line breaks.
    '(SELECT group_concat(trial_id, char(10)) FROM trial_stage m WHERE m.stage_id = stage.stage_id) AS members',
  ],
};

type LeaseRow = {
  stage_id: string;
  agent_id: string;
  slot: string;
  granted_ms: number;
  start_stage_id: string | null;
  start_epoch: number | null;
  backend: string | null;
};

const LEASES =
  'SELECT stage_id, agent_id, slot, granted_ms, start_stage_id, start_epoch, backend FROM attempt WHERE ended_ms IS NULL';

/** Stages by id, in the order of their creation. */
export function loadStages(db: Database, trials: ReadonlyMap<string, Trial>): Map<string, Stage> {
  const leases = loadLeases(db);
  const stages = new Map<string, Stage>();
  for (const row of eachRow<StageRow>(db, STAGES)) {
    const stage = toStage(row, trials, leases);
    stages.set(stage.id, stage);
  }
  return stages;
}

/** What has not ended, by its stage. */
function loadLeases(db: Database): ReadonlyMap<string, Lease> {
  const rows = db.prepare<[], LeaseRow>(LEASES).all();
  return new Map(rows.map((row) => [row.stage_id, toLease(row)]));
}

function toLease({
  agent_id: agentId,
  slot,
  granted_ms: grantedWallMs,
  start_stage_id: stageId,
  start_epoch,
  backend,
}: LeaseRow): Lease {
  const start = stageId === null ? null : { stageId, epoch: start_epoch ?? 0 };
  return { agentId, slot, start, grantedWallMs, isOpen: backend !== null };
}

function toStage(
  row: StageRow,
  trials: ReadonlyMap<string, Trial>,
  leases: ReadonlyMap<string, Lease>,
): Stage {
  const id = row[0];
  return {
    id,
    sweepId: row[1],
    rootId: row[2],
    parentId: row[3],
    fromEpoch: row[4],
    members: toMembers(row[16], trials),
    untilEpoch: row[5],
    state: row[6],
    attempt: row[7],
    lease: leases.get(id) ?? null,
    recordedEpochs: row[8],
    repeatedEpochs: row[9],
    reproducible: row[10] === 1,
    stepsPerEpoch: row[11],
    numerics: row[12],
    failures: row[13],
    losses: row[14],
    lastFailure: row[15],
  };
}

/** Trials by rising number; of several each one's own text, so that it is kept once. */
function toMembers(list: string | null, trials: ReadonlyMap<string, Trial>): readonly string[] {
  if (list === null) return [];
  if (!list.includes('\n')) return [list];
  return list
    .split('\n')
    .map((id) => trials.get(id) ?? { id, number: 0 })
    .toSorted((a, b) => a.number - b.number)
    .map(({ id }) => id);
}
