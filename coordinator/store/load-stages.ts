// All stages from their rows, with their members and their leases: what `evolve` made of them.
// Promise: a stage whose state is none stops the start; the coordinator decides nothing by a guess.

import type { Database } from 'better-sqlite3';
import { EspalierError } from '../../src/domain/errors.ts';
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
];

const STAGES: Selection = {
  table: 'stage',
  key: { rowid: 0 },
  columns: [
    ...[
      'stage_id',
      'sweep_id',
      'root_id',
      'parent_id',
      'from_epoch',
      'until_epoch',
      'state',
      'attempt',
      'recorded_epochs',
    ],
    ...[
      'repeated_epochs',
      'reproducible',
      'steps_per_epoch',
      'numerics',
      'failures',
      'losses',
      'last_failure',
    ],
  ],
};

const MEMBERS: Selection = {
  table: 'trial_stage',
  key: { trial_id: '', stage_id: '' },
  columns: [],
};

const STATES: Readonly<Record<Stage['state'], true>> = {
  pending: true,
  leased: true,
  paused: true,
  ended: true,
};

type LeaseRow = {
  stage_id: string;
  agent_id: string;
  slot: string;
  start_stage_id: string | null;
  start_epoch: number | null;
  backend: string | null;
};

const LEASES =
  'SELECT stage_id, agent_id, slot, start_stage_id, start_epoch, backend FROM attempt WHERE ended_ms IS NULL';

/** Stages by id, in the order of their creation. @throws EspalierError `storage` for a row that cannot be one */
export function loadStages(db: Database, trials: ReadonlyMap<string, Trial>): Map<string, Stage> {
  const members = loadMembers(db, trials);
  const leases = loadLeases(db);
  const stages = new Map<string, Stage>();
  for (const row of eachRow<StageRow>(db, STAGES))
    stages.set(row[0], toStage(row, members.get(row[0]) ?? [], leases.get(row[0]) ?? null));
  return stages;
}

/** Trials of each stage, by rising number. */
function loadMembers(
  db: Database,
  trials: ReadonlyMap<string, Trial>,
): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const [trialId, stageId] of eachRow<readonly [string, string]>(db, MEMBERS)) {
    const list = members.get(stageId);
    // The trial's own text, so that it is kept once.
    const id = trials.get(trialId)?.id ?? trialId;
    if (list === undefined) members.set(stageId, [id]);
    else list.push(id);
  }
  const numberOf = (id: string): number => trials.get(id)?.number ?? 0;
  for (const list of members.values())
    if (list.length > 1) list.sort((a, b) => numberOf(a) - numberOf(b));
  return members;
}

/** What has not ended, by its stage. */
function loadLeases(db: Database): ReadonlyMap<string, Lease> {
  const rows = db.prepare<[], LeaseRow>(LEASES).all();
  return new Map(rows.map((row) => [row.stage_id, toLease(row)]));
}

function toLease({
  agent_id: agentId,
  slot,
  start_stage_id: stageId,
  start_epoch,
  backend,
}: LeaseRow): Lease {
  const start = stageId === null ? null : { stageId, epoch: start_epoch ?? 0 };
  return { agentId, slot, start, isOpen: backend !== null };
}

function toStage(row: StageRow, members: readonly string[], lease: Lease | null): Stage {
  const [id, sweepId, rootId, parentId, fromEpoch, untilEpoch, state, attempt] = row;
  const [, , , , , , , , recordedEpochs, repeatedEpochs, reproducible] = row;
  if (!Object.hasOwn(STATES, state))
    throw new EspalierError(
      'storage',
      `the database is damaged: stage ${id} is ${JSON.stringify(state)}; restore a backup with "espalier restore"`,
    );
  return {
    id,
    sweepId,
    rootId,
    parentId,
    fromEpoch,
    members,
    untilEpoch,
    state,
    attempt,
    lease,
    recordedEpochs,
    repeatedEpochs,
    reproducible: reproducible === 1,
    stepsPerEpoch: row[11],
    numerics: row[12],
    failures: row[13],
    losses: row[14],
    lastFailure: row[15],
  };
}
