// Each fact as rows. The one place that writes; `load` is its inverse, and a property test holds the two together.
// Facts are never refused: a statement that does not change the row it must change is a bug and ends the process.

import type { Database, Statement } from 'better-sqlite3';
import assert from 'node:assert/strict';
import type { Fact, FactOf } from '../core/fact.ts';
import { prepareStatements } from './statements.ts';
import { writeCheckpoint, writeClone, writeStage, writeTrial } from './write-records.ts';
import type { Statements } from './statements.ts';
import { toStored } from './number.ts';

/** Writes facts; to be called inside a transaction. */
export type FactWriter = (fact: Fact, wallMs: number) => void;

/** Prepares the statements once. */
export function createFactWriter(db: Database): FactWriter {
  const sql = prepareStatements(db);
  return (fact, wallMs) => {
    project(sql, fact.kind, fact);
    journal(sql.fact, fact, wallMs);
  };
}

function project<K extends Fact['kind']>(sql: Statements, kind: K, fact: FactOf[K]): void {
  WRITE[kind](sql, fact);
}

/** Facts without rows of their own. */
const nothing = (): void => undefined;

const WRITE: { readonly [K in Fact['kind']]: (sql: Statements, fact: FactOf[K]) => void } = {
  'sweep-submitted': writeSweep,
  'trial-created': (sql, { trial }) => writeTrial(sql, trial),
  'trial-cloned': writeClone,
  'sweep-prioritised': (sql, { priority, sweepId }) => one(sql.sweepPrioritised, priority, sweepId),
  'trial-prioritised': (sql, { priority, trialId }) => one(sql.trialPrioritised, priority, trialId),
  'person-asked': nothing,
  'stage-created': (sql, { stage }) => writeStage(sql, stage),
  'agent-joined': writeAgent,
  'agent-seen': nothing,
  'agent-lost': (sql, { agentId }) => one(sql.agentState, 'lost', agentId),
  'agent-left': (sql, { agentId }) => one(sql.agentState, 'gone', agentId),
  'agent-excused': nothing,
  'agent-held': nothing,
  'slot-struck': nothing,
  'slot-set-aside': nothing,
  'agent-trusted': nothing,
  'agent-drained': (sql, { agentId }) => one(sql.agentToLeave, agentId),
  'report-taken': (sql, { sequence, agentId }) => one(sql.agentSequence, sequence, agentId),
  'reports-forgotten': (sql, { toSequence, agentId }) =>
    one(sql.agentSequence, toSequence, agentId),
  'attempt-passed': (sql, { attempt, stageId }) => one(sql.stagePassed, attempt, stageId, attempt),
  'lease-granted': writeGrant,
  'lease-ended': writeLeaseEnd,
  'numerics-learned': nothing,
  'stage-opened': writeOpened,
  'stage-forked': nothing,
  'epoch-recorded': writeEpoch,
  'epoch-repeated': (sql, { isSame, stageId, attempt }) =>
    one(sql.epochRepeated, Number(isSame), stageId, attempt),
  'series-recorded': writeSeries,
  'log-recorded': (sql, { stageId, attempt, offsetBytes, droppedBytes, data }) => {
    sql.log.run(stageId, attempt, offsetBytes, droppedBytes, Buffer.from(data));
  },
  'checkpoint-saved': (sql, { checkpoint }) => writeCheckpoint(sql, checkpoint),
  'checkpoint-stored': (sql, { stageId, epoch }) => one(sql.checkpointStored, stageId, epoch),
  'checkpoint-released': (sql, { stageId, epoch }) => one(sql.checkpointReleased, stageId, epoch),
  'pause-requested': (sql, { isPausing, trialId }) =>
    one(sql.trialPausing, Number(isPausing), trialId),
  'stage-paused': (sql, { stageId }) => {
    one(sql.stagePaused, stageId);
    sql.trialsPaused.run(stageId);
  },
  'stage-resumed': (sql, { stageId }) => {
    one(sql.stageResumed, stageId);
    sql.trialsPending.run(stageId);
  },
  'rates-found': writeRates,
  'strategy-settled': (sql, { strategy, strategyLabel, trialId }) =>
    one(sql.trialSettled, JSON.stringify(strategy), strategyLabel, trialId),
  'trial-reopened': (sql, { trialId }) => one(sql.trialReopened, trialId),
  'trial-ended': (sql, { state, message, wallMs, trialId }) => {
    one(sql.trialEnded, state, message, wallMs, trialId);
    sql.trialStageClosed.run(trialId);
  },
  'stage-ended': (sql, { stageId }) => one(sql.stageEnded, stageId),
  'sweep-ended': (sql, { state, wallMs, sweepId }) => one(sql.sweepEnded, state, wallMs, sweepId),
  'sweep-reopened': (sql, { sweepId }) => one(sql.sweepReopened, sweepId),
};

function writeSweep(sql: Statements, fact: FactOf['sweep-submitted']): void {
  const { id, spec, fingerprint, state, sweepFile, bundle, files, submittedWallMs } = fact.sweep;
  const { priority } = fact.sweep;
  const { metric, mode, at } = spec.objective;
  const json = [JSON.stringify(spec), sweepFile, JSON.stringify(bundle), JSON.stringify(files)];
  const head = [id, spec.name, fingerprint, state, metric, mode, at];
  one(sql.sweep, ...head, ...json, submittedWallMs, priority);
}

function writeRates(sql: Statements, fact: FactOf['rates-found']): void {
  const { sweepId, config, rates, wallMs } = fact;
  for (const { find, max_lr, base_lr, least, greatest, found, tested, words } of rates) {
    const key = [sweepId, JSON.stringify(config), JSON.stringify(find)];
    one(sql.foundRate, ...key, max_lr, base_lr, least, greatest, found, tested, words, wallMs);
  }
}

function writeAgent(sql: Statements, fact: FactOf['agent-joined']): void {
  const { agentId, incarnation, name, version, slots, draining } = fact;
  one(
    sql.agentJoined,
    agentId,
    incarnation,
    name,
    version,
    JSON.stringify(slots),
    Number(draining),
  );
}

function writeGrant(sql: Statements, fact: FactOf['lease-granted']): void {
  const { stageId, attempt, agentId, slot, start, wallMs } = fact;
  const from = [start?.stageId ?? null, start?.epoch ?? null];
  one(sql.attempt, stageId, attempt, agentId, slot, wallMs, ...from);
  one(sql.stageGranted, attempt, stageId, attempt);
  sql.trialsRunning.run(stageId);
  if (start !== null)
    sql.checkpointFetched.run({ stage: start.stageId, epoch: start.epoch, agent: agentId });
}

function writeOpened(sql: Statements, fact: FactOf['stage-opened']): void {
  const { stageId, attempt, stepsPerEpoch, numerics, backend } = fact;
  one(sql.stageOpened, stepsPerEpoch, numerics, numerics, stageId, attempt);
  one(sql.attemptBackend, backend, stageId, attempt);
}

function writeLeaseEnd(sql: Statements, fact: FactOf['lease-ended']): void {
  one(sql.attemptEnded, fact.wallMs, fact.end, fact.message, fact.stageId, fact.attempt);
  one(
    sql.stageReleased,
    Number(fact.end === 'failed'),
    Number(fact.end === 'lost'),
    fact.failure,
    fact.stageId,
    fact.attempt,
  );
  sql.trialsPending.run(fact.stageId);
}

function writeEpoch(sql: Statements, fact: FactOf['epoch-recorded']): void {
  const { stageId, attempt, epoch, rates, seconds, metrics, wallMs } = fact;
  const { steps, first, last, least, greatest, applied } = rates;
  one(
    sql.epoch,
    stageId,
    epoch,
    attempt,
    steps,
    first,
    last,
    least,
    greatest,
    applied,
    seconds,
    wallMs,
  );
  for (const [name, value] of Object.entries(metrics)) {
    const stored = toStored(value);
    one(sql.metric, stageId, epoch, name, stored.kind, stored.value);
  }
  sql.seriesOfOthers.run(stageId, epoch, attempt);
  one(sql.stageRecorded, epoch, stageId, attempt);
  const value = toStored(fact.value);
  sql.trialsRecorded.run(epoch + 1, value.kind, value.value, last, stageId);
  if (fact.isBest) sql.trialsBest.run(epoch, value.value, stageId);
}

function writeSeries(sql: Statements, fact: FactOf['series-recorded']): void {
  const { stageId, epoch, attempt, fromStep, values } = fact;
  sql.series.run(stageId, epoch, attempt, fromStep, toFloat32Bytes(values));
}

/** Facts whose rows are all that is to be known of them. */
const UNJOURNALED = new Set<Fact['kind']>([
  'checkpoint-saved',
  'checkpoint-stored',
  'checkpoint-released',
  'numerics-learned',
  'trial-created',
  'stage-created',
  'agent-seen',
  'report-taken',
  'epoch-recorded',
  'series-recorded',
  'log-recorded',
]);

function journal(statement: Statement, fact: Fact, wallMs: number): void {
  if (UNJOURNALED.has(fact.kind)) return;
  const { kind, ...body } = fact;
  statement.run(wallMs, kind, subjectOf(fact), JSON.stringify(body));
}

function subjectOf(fact: Fact): string {
  if ('stageId' in fact) return fact.stageId;
  if (fact.kind === 'person-asked') return fact.trialId ?? fact.sweepId;
  if ('trialId' in fact) return fact.trialId;
  if ('agentId' in fact) return fact.agentId;
  if ('sweepId' in fact) return fact.sweepId;
  if ('trial' in fact) return fact.trial.id;
  if ('checkpoint' in fact) return fact.checkpoint.stageId;
  return 'stage' in fact ? fact.stage.id : fact.sweep.id;
}

function toFloat32Bytes(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4);
  return bytes;
}

function one(statement: Statement, ...values: readonly (string | number | null)[]): void {
  assert.equal(
    statement.run(...values).changes,
    1,
    `a write changed other than one row: ${statement.source}`,
  );
}
