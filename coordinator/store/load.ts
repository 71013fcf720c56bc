// The state from its rows: what `evolve` would have made of all facts so far.
// Leases are stored as grants, never as deadlines: every agent that holds one gets the grace period.

import type { Database } from 'better-sqlite3';
import { groupBy } from '../../src/domain/group-by.ts';
import type {
  Agent,
  Checkpoint,
  FileRef,
  Now,
  Slot,
  Stage,
  State,
  Sweep,
  Totals,
  Trial,
  TrialCounts,
} from '../core/model.ts';
import { NO_EPOCHS, NO_TRIALS } from '../core/model.ts';
import { indexPriorities } from '../core/precedence.ts';
import { compareStages } from '../core/queue.ts';
import { findLeaders, openByRoot } from './derived.ts';
import { loadStages } from './load-stages.ts';
import { loadTrials } from './load-trials.ts';

/** Reads everything. `graceMs` is how long agents have to be heard from again. */
export function loadState(db: Database, now: Now, graceMs: number): State {
  const sweeps = indexed(rows<SweepRow>(db, 'SELECT * FROM sweep ORDER BY rowid').map(toSweep));
  const trials = loadTrials(db);
  const stages = loadStages(db, trials);
  const agents = indexed(rows<AgentRow>(db, 'SELECT * FROM agent ORDER BY rowid').map(toAgent));
  const connected = [...agents.values()].filter((agent) => agent.state === 'connected');
  return {
    sweeps,
    trials,
    stages,
    agents,
    contacts: new Map(
      connected.map((agent) => [agent.id, { seenMonoMs: null, untilMonoMs: now.monoMs + graceMs }]),
    ),
    trialsOf: groupIds(sweeps, trials.values()),
    counts: countTrials(sweeps, trials),
    totals: countEpochs(sweeps, stages),
    leaders: findLeaders(sweeps, trials),
    prioritisedOf: indexPriorities(trials.values()),
    pendingOf: groupIds(sweeps, pendingInOrder(stages, trials)),
    openOf: openByRoot(stages),
    checkpoints: loadCheckpoints(db),
    leasesOf: leasesOf(agents, stages),
    waiting: new Map(),
    paces: new Map(),
    numericsOf: new Map(),
    held: new Map(),
    strikes: new Map(),
    aside: new Map(),
  };
}

type SweepRow = {
  sweep_id: string;
  fingerprint: string;
  state: Sweep['state'];
  spec_json: string;
  sweep_file: string;
  bundle_json: string;
  files_json: string;
  submitted_ms: number;
  ended_ms: number | null;
  priority: number;
};

function toSweep(row: SweepRow): Sweep {
  return {
    id: row.sweep_id,
    fingerprint: row.fingerprint,
    spec: JSON.parse(row.spec_json) as Sweep['spec'],
    sweepFile: row.sweep_file,
    bundle: JSON.parse(row.bundle_json) as Sweep['bundle'],
    files: JSON.parse(row.files_json) as Sweep['files'],
    submittedWallMs: row.submitted_ms,
    state: row.state,
    endedWallMs: row.ended_ms,
    priority: row.priority,
  };
}

type AgentRow = {
  agent_id: string;
  incarnation: string;
  name: string;
  version: string;
  slots_json: string;
  state: Agent['state'];
  draining: number;
  last_sequence: number;
  to_leave: number;
};

function toAgent(row: AgentRow): Agent {
  return {
    id: row.agent_id,
    incarnation: row.incarnation,
    name: row.name,
    version: row.version,
    slots: JSON.parse(row.slots_json) as readonly Slot[],
    state: row.state,
    draining: row.draining === 1,
    isToLeave: row.to_leave === 1,
    lastSequence: row.last_sequence,
  };
}

function countTrials(
  sweeps: ReadonlyMap<string, Sweep>,
  trials: ReadonlyMap<string, Trial>,
): Map<string, TrialCounts> {
  const counts = new Map([...sweeps.keys()].map((id) => [id, { ...NO_TRIALS }]));
  for (const trial of trials.values()) {
    const ofSweep = counts.get(trial.sweepId);
    if (ofSweep !== undefined) ofSweep[trial.state] += 1;
  }
  return counts;
}

function countEpochs(
  sweeps: ReadonlyMap<string, Sweep>,
  stages: ReadonlyMap<string, Stage>,
): Map<string, Totals> {
  const totals = new Map([...sweeps.keys()].map((id) => [id, { ...NO_EPOCHS }]));
  for (const { sweepId, recordedEpochs, repeatedEpochs, reproducible } of stages.values()) {
    const { trained, repeated, notReproducible } = totals.get(sweepId) ?? NO_EPOCHS;
    totals.set(sweepId, {
      trained: trained + recordedEpochs,
      repeated: repeated + repeatedEpochs,
      notReproducible: notReproducible + Number(!reproducible),
    });
  }
  return totals;
}

type CheckpointRow = {
  stage_id: string;
  epoch: number;
  checkpoint_id: string;
  files_json: string;
  size_bytes: number;
  stored: number;
  agents_json: string;
};

function loadCheckpoints(db: Database): Map<string, readonly Checkpoint[]> {
  const all = rows<CheckpointRow>(db, 'SELECT * FROM checkpoint ORDER BY stage_id, epoch');
  return groupBy(all.map(toCheckpoint), ({ stageId }) => stageId);
}

function toCheckpoint(row: CheckpointRow): Checkpoint {
  return {
    stageId: row.stage_id,
    epoch: row.epoch,
    id: row.checkpoint_id,
    files: JSON.parse(row.files_json) as readonly FileRef[],
    sizeBytes: row.size_bytes,
    isStored: row.stored === 1,
    agentIds: JSON.parse(row.agents_json) as readonly string[],
  };
}

function pendingInOrder(
  stages: ReadonlyMap<string, Stage>,
  trials: ReadonlyMap<string, Trial>,
): readonly Stage[] {
  return [...stages.values()]
    .filter((stage) => stage.state === 'pending')
    .toSorted((a, b) => compareStages(trials, a, b));
}

function leasesOf(
  agents: ReadonlyMap<string, Agent>,
  stages: ReadonlyMap<string, Stage>,
): State['leasesOf'] {
  const leases = new Map([...agents.keys()].map((id) => [id, new Map<string, string>()]));
  for (const stage of stages.values())
    if (stage.lease !== null) leases.get(stage.lease.agentId)?.set(stage.lease.slot, stage.id);
  return leases;
}

function groupIds(
  sweeps: ReadonlyMap<string, Sweep>,
  records: Iterable<{ id: string; sweepId: string }>,
): Map<string, string[]> {
  const groups = new Map<string, string[]>([...sweeps.keys()].map((id) => [id, []]));
  for (const record of records) groups.get(record.sweepId)?.push(record.id);
  return groups;
}

function indexed<T extends { id: string }>(records: readonly T[]): Map<string, T> {
  return new Map(records.map((record) => [record.id, record]));
}

/** Rows of our own schema, whose columns the row types repeat. */
function rows<T>(db: Database, sql: string): readonly T[] {
  return db.prepare(sql).all() as readonly T[];
}
