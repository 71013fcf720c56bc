// The state from its rows: what `evolve` would have made of all facts so far.
// Leases are stored as grants, never as deadlines: every agent that holds one gets the grace period.

import type { Database } from 'better-sqlite3';
import { groupBy } from '../../src/domain/group-by.ts';
import type {
  Agent,
  Checkpoint,
  FileRef,
  Lease,
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
import type { NumberKind } from './number.ts';
import { fromStored } from './number.ts';

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

type TrialRow = readonly [
  id: string,
  sweepId: string,
  number: number,
  config: string,
  strategy: string,
  seed: number,
  epochs: number,
  strategyLabel: string,
  configLabel: string,
  state: Trial['state'],
  message: string,
  epochsDone: number,
  bestEpoch: number | null,
  bestValue: number | null,
  lastKind: NumberKind | null,
  lastValue: number | null,
  learningRate: number | null,
  stageId: string,
  pausing: number,
  clonedFrom: string | null,
  priority: number,
];

const TRIALS = `
  SELECT trial_id, sweep_id, number, config_json, strategy_json, seed, epochs, strategy_label, config_label, state, message,
    epochs_done, best_epoch, best_value, last_kind, last_value, learning_rate, stage_id, pausing, cloned_from, priority
  FROM trial ORDER BY rowid`;

function loadTrials(db: Database): Map<string, Trial> {
  const trials = new Map<string, Trial>();
  // Trials of a grid have few configs and few strategies: each is read once.
  const parse = cached(JSON.parse);
  for (const row of each<TrialRow>(db, TRIALS)) trials.set(row[0], toTrial(row, parse));
  return trials;
}

function toTrial(row: TrialRow, parse: (json: string) => unknown): Trial {
  const [id, sweepId, number, config, strategy, seed, epochs, strategyLabel, configLabel] = row;
  const [, , , , , , , , , state, message, epochsDone, epoch, value, kind, last] = row;
  return {
    id,
    sweepId,
    number,
    config: parse(config) as Trial['config'],
    strategy: parse(strategy) as Trial['strategy'],
    seed,
    epochs,
    strategyLabel,
    configLabel,
    state,
    message,
    epochsDone,
    best: epoch === null || value === null ? null : { epoch, value },
    last: kind === null ? null : fromStored({ kind, value: last }),
    learningRate: row[16],
    stageId: row[17],
    isPausing: row[18] === 1,
    clonedFrom: row[19],
    priority: row[20],
  };
}

function cached<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const value = make(text);
    made.set(text, value);
    return value;
  };
}

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

const STAGES = `
  SELECT stage_id, sweep_id, root_id, parent_id, from_epoch, until_epoch, state, attempt, recorded_epochs, repeated_epochs,
    reproducible, steps_per_epoch, numerics, failures, losses, last_failure
  FROM stage ORDER BY rowid`;

type LeaseRow = {
  stage_id: string;
  agent_id: string;
  slot: string;
  granted_ms: number;
  start_stage_id: string | null;
  start_epoch: number | null;
  backend: string | null;
};

const MEMBERS = 'SELECT stage_id, trial_id FROM trial_stage';
const LEASES =
  'SELECT stage_id, agent_id, slot, granted_ms, start_stage_id, start_epoch, backend FROM attempt WHERE ended_ms IS NULL';

function loadStages(db: Database, trials: ReadonlyMap<string, Trial>): Map<string, Stage> {
  const members = loadMembers(db, trials);
  const leases = new Map(rows<LeaseRow>(db, LEASES).map((row) => [row.stage_id, toLease(row)]));
  const stages = new Map<string, Stage>();
  for (const row of each<StageRow>(db, STAGES))
    stages.set(row[0], toStage(row, members.get(row[0]) ?? [], leases.get(row[0]) ?? null));
  return stages;
}

/** Trials of each stage, by rising number. */
function loadMembers(
  db: Database,
  trials: ReadonlyMap<string, Trial>,
): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const [stageId, trialId] of each<readonly [string, string]>(db, MEMBERS)) {
    const list = members.get(stageId);
    if (list === undefined) members.set(stageId, [trialId]);
    else list.push(trialId);
  }
  const numberOf = (id: string): number => trials.get(id)?.number ?? 0;
  for (const list of members.values())
    if (list.length > 1) list.sort((a, b) => numberOf(a) - numberOf(b));
  return members;
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

function toStage(row: StageRow, members: readonly string[], lease: Lease | null): Stage {
  const [id, sweepId, rootId, parentId, fromEpoch, untilEpoch, state, attempt] = row;
  const [, , , , , , , , recordedEpochs, repeatedEpochs, reproducible] = row;
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

/** The same one after another, as lists of columns: of a hundred thousand, in a third of the time. */
function each<T extends readonly unknown[]>(db: Database, sql: string): IterableIterator<T> {
  return db.prepare<[], T>(sql).raw().iterate();
}
