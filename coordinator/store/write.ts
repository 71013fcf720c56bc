// Each fact as rows. The one place that writes; `load` is its inverse, and a property test holds the two together.
// Facts are never refused: a statement that does not change the row it must change is a bug and ends the process.

import type { Database, Statement } from 'better-sqlite3';
import assert from 'node:assert/strict';
import type { Fact } from '../core/fact.ts';
import { prepareStatements } from './statements.ts';
import { writeStage, writeTrial } from './write-records.ts';
import type { Statements } from './statements.ts';
import { toStored } from './number.ts';

type Of<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

/** Writes facts; to be called inside a transaction. */
export type FactWriter = (fact: Fact, wallMs: number) => void;

/** Prepares the statements once. */
export function createFactWriter(db: Database): FactWriter {
  const sql = prepareStatements(db);
  return (fact, wallMs) => {
    project(sql, fact);
    journal(sql.fact, fact, wallMs);
  };
}

function project(sql: Statements, fact: Fact): void {
  switch (fact.kind) {
    case 'sweep-submitted':
      return writeSweep(sql, fact);
    case 'trial-created':
      return writeTrial(sql, fact.trial);
    case 'stage-created':
      return writeStage(sql, fact.stage);
    case 'agent-joined':
      return writeAgent(sql, fact);
    case 'agent-seen':
      return;
    case 'agent-lost':
      return one(sql.agentState, 'lost', fact.agentId);
    case 'agent-left':
      return one(sql.agentState, 'gone', fact.agentId);
    case 'report-taken':
      return one(sql.agentSequence, fact.sequence, fact.agentId);
    case 'lease-granted':
      return writeGrant(sql, fact);
    case 'lease-ended':
      return writeLeaseEnd(sql, fact);
    case 'stage-opened':
      one(sql.stageOpened, fact.stepsPerEpoch, fact.numerics, fact.stageId, fact.attempt);
      return one(sql.attemptBackend, fact.backend, fact.stageId, fact.attempt);
    case 'epoch-recorded':
      return writeEpoch(sql, fact);
    case 'epoch-repeated':
      return one(sql.epochRepeated, Number(fact.isSame), fact.stageId, fact.attempt);
    case 'series-recorded':
      return writeSeries(sql, fact);
    case 'log-recorded':
      sql.log.run(
        fact.stageId,
        fact.attempt,
        fact.offsetBytes,
        fact.droppedBytes,
        Buffer.from(fact.data),
      );
      return;
    case 'trial-ended':
      one(sql.trialEnded, fact.state, fact.message, fact.wallMs, fact.trialId);
      sql.trialStageClosed.run(fact.trialId);
      return;
    case 'stage-ended':
      return one(sql.stageEnded, fact.stageId);
    case 'sweep-ended':
      return one(sql.sweepEnded, fact.state, fact.wallMs, fact.sweepId);
  }
}

function writeSweep(sql: Statements, fact: Of<'sweep-submitted'>): void {
  const { id, spec, fingerprint, state, sweepFile, bundle, files, submittedWallMs } = fact.sweep;
  const { metric, mode, at } = spec.objective;
  const json = [JSON.stringify(spec), sweepFile, JSON.stringify(bundle), JSON.stringify(files)];
  one(sql.sweep, id, spec.name, fingerprint, state, metric, mode, at, ...json, submittedWallMs);
}

function writeAgent(sql: Statements, fact: Of<'agent-joined'>): void {
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

function writeGrant(sql: Statements, fact: Of<'lease-granted'>): void {
  one(sql.attempt, fact.stageId, fact.attempt, fact.agentId, fact.slot, fact.wallMs);
  one(sql.stageGranted, fact.attempt, fact.stageId, fact.attempt);
  sql.trialsRunning.run(fact.stageId, fact.stageId);
}

function writeLeaseEnd(sql: Statements, fact: Of<'lease-ended'>): void {
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

function writeEpoch(sql: Statements, fact: Of<'epoch-recorded'>): void {
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

function writeSeries(sql: Statements, fact: Of<'series-recorded'>): void {
  const { stageId, epoch, attempt, fromStep, values } = fact;
  sql.series.run(stageId, epoch, attempt, fromStep, toFloat32Bytes(values));
}

/** Facts whose rows are all that is to be known of them. */
const UNJOURNALED = new Set<Fact['kind']>([
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
  if ('trialId' in fact) return fact.trialId;
  if ('agentId' in fact) return fact.agentId;
  if ('sweepId' in fact) return fact.sweepId;
  if ('trial' in fact) return fact.trial.id;
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
