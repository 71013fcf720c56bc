// What the agents were acknowledged, held against what the database has.
// Promise: of every report that was acknowledged it is known whether it is on record as it was told; nothing is taken from the
// database that the agents have not told.

import type { EpochReport } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Results, Value } from '../../src/results/open-results.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import type { Told } from './spool-record.ts';

/** Counts of reports, and words for those that are wrong. */
export type Account = {
  readonly acknowledged: number;
  /** Epochs among them. */
  readonly epochs: number;
  /** Acknowledged, and not on record or as something else. */
  readonly lost: readonly string[];
  /** On record more often than told, or never told. */
  readonly doubled: readonly string[];
};

/** What one agent has told. */
export type Teller = { readonly agentId: string; readonly told: readonly Told[] };

/** Cells as text: equal texts are equal bits. */
type Rows = (sql: string) => readonly (readonly string[])[];

/** Holds one against the other. */
export function toAccount(tellers: readonly Teller[], results: Results): Account {
  const rows: Rows = (sql) => results.query(sql).rows.map((row) => row.map(toText));
  const all = tellers.flatMap(({ told }) => told);
  const acknowledged = all.filter(({ acknowledgedMs }) => acknowledgedMs !== undefined);
  return {
    acknowledged: acknowledged.length,
    epochs: acknowledged.filter(({ report }) => report.item?.$case === 'epoch').length,
    lost: [
      ...findForgotten(tellers, rows),
      ...findLostEpochs(acknowledged, rows),
      ...findLostEnds(acknowledged, rows),
      ...findLostOutput(acknowledged, rows),
    ],
    doubled: [...findDoubledEpochs(all, rows), ...findDoubledEnds(rows), ...findUntold(all, rows)],
  };
}

/** Numbers of reports rise by one, and the coordinator knows the highest that it has acknowledged. */
function findForgotten(tellers: readonly Teller[], rows: Rows): readonly string[] {
  const known = new Map(
    rows('SELECT agent_id, last_sequence FROM agent').map(([id, last]) => [id, Number(last)]),
  );
  return tellers.flatMap(({ agentId, told }) => {
    const gap = told.findIndex(({ report }, i) => report.sequence !== i + 1);
    const heard = told.findLast(({ acknowledgedMs }) => acknowledgedMs !== undefined);
    const [last, most] = [heard?.report.sequence ?? 0, known.get(agentId) ?? 0];
    return [
      ...(gap === -1 ? [] : [`agent ${agentId} has lost its report ${gap + 1}`]),
      ...(most >= last ? [] : [`agent ${agentId} heard of ${last} reports, ${most} are on record`]),
    ];
  });
}

/** An epoch that a stage had to train again to come to where it begins is on record with a stage before it. */
function findLostEpochs(acknowledged: readonly Told[], rows: Rows): readonly string[] {
  const recorded = readEpochs(rows);
  const parents = new Map(
    rows('SELECT stage_id, parent_id FROM stage').map(([id = '', parent = '']) => [id, parent]),
  );
  return acknowledged.flatMap(({ report: { stageId, item } }) => {
    if (item?.$case !== 'epoch') return [];
    let at: string | undefined = stageId;
    while (at !== undefined && !recorded.has(`${at} ${item.epoch.epoch}`)) at = parents.get(at);
    const found = recorded.get(`${at} ${item.epoch.epoch}`);
    const wanted = toEpochLine(item.epoch);
    if (found === wanted) return [];
    return [`${stageId} epoch ${item.epoch.epoch}: "${found ?? 'nothing'}" for "${wanted}"`];
  });
}

/** The first end that is told is the one on record; that of an attempt which was taken away is told too late. */
function findLostEnds(acknowledged: readonly Told[], rows: Rows): readonly string[] {
  const ends = readEnds(rows);
  return acknowledged.flatMap(({ report: { stageId, attempt, item } }) => {
    const outcome = item?.$case === 'forked' ? 'forked' : undefined;
    const told = item?.$case === 'ended' ? item.ended.outcome : outcome;
    const end = ends.get(`${stageId} ${attempt}`);
    if (told === undefined || end === told || isTakenAway(end)) return [];
    return [`${stageId} attempt ${attempt}: ended as "${end ?? 'nothing'}", not as "${told}"`];
  });
}

function findLostOutput(acknowledged: readonly Told[], rows: Rows): readonly string[] {
  const ends = readEnds(rows);
  const chunks = new Map(
    rows('SELECT stage_id, attempt, offset_bytes, hex(data) FROM log_chunk').map((row) => [
      row.slice(0, 3).join(' '),
      row[3],
    ]),
  );
  return acknowledged.flatMap(({ report: { stageId, attempt, item } }) => {
    if (item?.$case !== 'log' || isTakenAway(ends.get(`${stageId} ${attempt}`))) return [];
    const found = chunks.get(`${stageId} ${attempt} ${item.log.offsetBytes}`);
    if (found === Buffer.from(item.log.data).toString('hex').toUpperCase()) return [];
    return [`${stageId} attempt ${attempt}: output from byte ${item.log.offsetBytes}`];
  });
}

/** A stage counts no more epochs, first or again, than were told of it. */
function findDoubledEpochs(all: readonly Told[], rows: Rows): readonly string[] {
  const told = groupBy(
    all.filter(({ report }) => report.item?.$case === 'epoch'),
    ({ report }) => report.stageId,
  );
  const counts = `
    SELECT stage_id, recorded_epochs, repeated_epochs, (SELECT count(*) FROM epoch e WHERE e.stage_id = g.stage_id)
    FROM stage g`;
  return rows(counts).flatMap(([id = '', recorded, repeated, kept]) => {
    const reports = told.get(id)?.length ?? 0;
    const words = `${id}: counts ${recorded} epochs and ${repeated} again, has ${kept}, was told ${reports}`;
    const isRight = recorded === kept && Number(recorded) + Number(repeated) <= reports;
    return isRight ? [] : [words];
  });
}

function findDoubledEnds(rows: Rows): readonly string[] {
  const sql = `
    SELECT subject || ' ended ' || count(*) || ' times' FROM fact WHERE kind = 'trial-ended'
    GROUP BY subject HAVING count(*) > 1`;
  return rows(sql).flat();
}

function findUntold(all: readonly Told[], rows: Rows): readonly string[] {
  const told = new Set(
    all.flatMap(({ report: { stageId, attempt, item } }) =>
      item?.$case === 'epoch' ? [`${stageId} ${attempt} ${item.epoch.epoch}`] : [],
    ),
  );
  const recorded = rows('SELECT stage_id, attempt, epoch FROM epoch').map((row) => row.join(' '));
  return recorded.filter((key) => !told.has(key)).map((key) => `${key}: nobody has told it`);
}

function isTakenAway(end: string | undefined): boolean {
  return end === 'lost' || end === 'withdrawn';
}

function readEnds(rows: Rows): ReadonlyMap<string, string> {
  const ended = rows('SELECT stage_id, attempt, end FROM attempt WHERE end IS NOT NULL');
  return new Map(ended.map(([id, attempt, end = '']) => [`${id} ${attempt}`, end]));
}

function readEpochs(rows: Rows): ReadonlyMap<string, string> {
  const metrics = groupBy(
    rows('SELECT stage_id, epoch, name, coalesce(value, kind) FROM metric ORDER BY name'),
    ([id, epoch]) => `${id} ${epoch}`,
  );
  const rates = 'steps, lr_first, lr_last, lr_least, lr_greatest, lr_applied';
  return new Map(
    rows(`SELECT stage_id, epoch, ${rates} FROM epoch`).map(([id, epoch, ...values]) => {
      const key = `${id} ${epoch}`;
      const named = metrics.get(key) ?? [];
      return [key, [...values, ...named.flatMap((row) => row.slice(2))].join(' ')];
    }),
  );
}

function toEpochLine(epoch: EpochReport): string {
  const { steps, lrFirst, lrLast, lrLeast, lrGreatest, lrApplied, metrics } = epoch;
  const named = metrics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...[steps, lrFirst, lrLast, lrLeast, lrGreatest, lrApplied].map(toText),
    ...named.flatMap(({ name, value }) => [name, toText(value)]),
  ].join(' ');
}

/** JavaScript writes the shortest text that gives the same number back, but for the sign of zero. */
function toText(value: Value): string {
  if (typeof value !== 'number' || Number.isFinite(value))
    return Object.is(value, -0) ? '-0' : String(value);
  return Number.isNaN(value) ? 'nan' : (KIND[String(value)] ?? '');
}

const KIND: Readonly<Record<string, string>> = { Infinity: '+inf', '-Infinity': '-inf' };
