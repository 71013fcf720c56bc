// The state from its rows: what `evolve` would have made of all facts so far.
// Leases are stored as grants, never as deadlines: every agent that holds one gets the grace period.

import type { Database } from 'better-sqlite3';
import type {
  Agent,
  Lease,
  Now,
  Slot,
  Stage,
  State,
  Sweep,
  Trial,
  TrialCounts,
} from '../core/model.ts';
import { NO_TRIALS } from '../core/model.ts';
import type { NumberKind } from './number.ts';
import { fromStored } from './number.ts';

/** Reads everything. `graceMs` is how long agents have to be heard from again. */
export function loadState(db: Database, now: Now, graceMs: number): State {
  const sweeps = indexed(rows<SweepRow>(db, 'SELECT * FROM sweep ORDER BY rowid').map(toSweep));
  const trials = indexed(rows<TrialRow>(db, 'SELECT * FROM trial ORDER BY rowid').map(toTrial));
  const stages = indexed(loadStages(db));
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
    pendingOf: groupIds(sweeps, pendingInOrder(stages, trials)),
    leasesOf: leasesOf(agents, stages),
    waiting: new Map(),
    paces: new Map(),
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
  };
}

type TrialRow = {
  trial_id: string;
  sweep_id: string;
  number: number;
  strategy_json: string;
  strategy_label: string;
  config_json: string;
  config_label: string;
  seed: number;
  epochs: number;
  state: Trial['state'];
  message: string;
  epochs_done: number;
  best_epoch: number | null;
  best_value: number | null;
  last_kind: NumberKind | null;
  last_value: number | null;
  learning_rate: number | null;
  stage_id: string;
};

function toTrial(row: TrialRow): Trial {
  const { best_epoch: epoch, best_value: value } = row;
  return {
    id: row.trial_id,
    sweepId: row.sweep_id,
    number: row.number,
    config: JSON.parse(row.config_json) as Trial['config'],
    strategy: JSON.parse(row.strategy_json) as Trial['strategy'],
    seed: row.seed,
    epochs: row.epochs,
    strategyLabel: row.strategy_label,
    configLabel: row.config_label,
    state: row.state,
    message: row.message,
    epochsDone: row.epochs_done,
    best: epoch === null || value === null ? null : { epoch, value },
    last:
      row.last_kind === null ? null : fromStored({ kind: row.last_kind, value: row.last_value }),
    learningRate: row.learning_rate,
    stageId: row.stage_id,
  };
}

type StageRow = {
  stage_id: string;
  sweep_id: string;
  parent_id: string | null;
  from_epoch: number;
  state: Stage['state'];
  attempt: number;
  recorded_epochs: number;
  repeated_epochs: number;
  reproducible: number;
  steps_per_epoch: number | null;
  numerics: string | null;
  failures: number;
  losses: number;
  last_failure: string;
};

function loadStages(db: Database): readonly Stage[] {
  const members = new Map<string, string[]>();
  const byNumber =
    'SELECT ts.stage_id, ts.trial_id FROM trial_stage ts JOIN trial USING (trial_id) ORDER BY number';
  for (const row of rows<{ stage_id: string; trial_id: string }>(db, byNumber)) {
    const list = members.get(row.stage_id);
    if (list === undefined) members.set(row.stage_id, [row.trial_id]);
    else list.push(row.trial_id);
  }
  const open = 'SELECT stage_id, agent_id, slot FROM attempt WHERE ended_ms IS NULL';
  const leases = new Map(
    rows<{ stage_id: string; agent_id: string; slot: string }>(db, open).map((row) => [
      row.stage_id,
      { agentId: row.agent_id, slot: row.slot },
    ]),
  );
  return rows<StageRow>(db, 'SELECT * FROM stage ORDER BY rowid').map((row) =>
    toStage(row, members.get(row.stage_id) ?? [], leases.get(row.stage_id) ?? null),
  );
}

function toStage(row: StageRow, members: readonly string[], lease: Lease | null): Stage {
  return {
    id: row.stage_id,
    sweepId: row.sweep_id,
    parentId: row.parent_id,
    fromEpoch: row.from_epoch,
    members,
    state: row.state,
    attempt: row.attempt,
    lease,
    recordedEpochs: row.recorded_epochs,
    repeatedEpochs: row.repeated_epochs,
    reproducible: row.reproducible === 1,
    stepsPerEpoch: row.steps_per_epoch,
    numerics: row.numerics,
    failures: row.failures,
    losses: row.losses,
    lastFailure: row.last_failure,
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

function pendingInOrder(
  stages: ReadonlyMap<string, Stage>,
  trials: ReadonlyMap<string, Trial>,
): readonly Stage[] {
  const place = (stage: Stage): number => trials.get(stage.members[0] ?? '')?.number ?? 0;
  return [...stages.values()]
    .filter((stage) => stage.state === 'pending')
    .toSorted((a, b) => place(a) - place(b));
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
