// What has happened, read for people: the journal, attempts, output of trials.

import type { Database } from 'better-sqlite3';
import type { Fact } from '../core/fact.ts';
import type { AttemptRow, OutputPlace, OutputRow, Store } from './store.ts';

type FactRow = { at_ms: number; kind: string; body_json: string };
type LogRow = {
  place: number;
  stage_id: string;
  attempt: number;
  offset_bytes: number;
  dropped_bytes: number;
  data: Buffer;
};

const ATTEMPT = `SELECT stage_id AS stageId, attempt, agent_id AS agentId, slot, granted_ms AS fromMs,
  coalesce(ended_ms, 0) AS untilMs, coalesce("end", '') AS "end" FROM attempt`;

const OUTPUT = `SELECT g.rowid AS place, l.stage_id, l.attempt, l.offset_bytes, l.dropped_bytes, l.data
  FROM trial_stage ts JOIN stage g USING (stage_id) JOIN log_chunk l USING (stage_id) WHERE ts.trial_id = ?`;

/** The store's readers of history. */
export function createHistoryReader(
  db: Database,
): Pick<Store, 'latestFacts' | 'latestAttempts' | 'attempt' | 'outputEnd' | 'outputAfter'> {
  const facts = db.prepare('SELECT at_ms, kind, body_json FROM fact ORDER BY fact_id DESC LIMIT ?');
  const latest = db.prepare(`${ATTEMPT} ORDER BY granted_ms DESC, stage_id DESC LIMIT ?`);
  const one = db.prepare(`${ATTEMPT} WHERE stage_id = ? AND attempt = ?`);
  const end = db.prepare(`${OUTPUT} ORDER BY g.rowid DESC, l.attempt DESC, l.offset_bytes DESC`);
  const after = db.prepare(
    `${OUTPUT} AND (g.rowid, l.attempt, l.offset_bytes) > (?, ?, ?) ORDER BY g.rowid, l.attempt, l.offset_bytes`,
  );
  return {
    latestFacts: (most) => (facts.all(most) as FactRow[]).map(toEntry).toReversed(),
    latestAttempts: (most) => (latest.all(most) as AttemptRow[]).toReversed(),
    attempt: (stageId, attempt) => one.get(stageId, attempt) as AttemptRow | undefined,
    outputEnd: (trialId, mostBytes) =>
      takeBytes(end.iterate(trialId) as Iterable<LogRow>, mostBytes).toReversed(),
    outputAfter: (trialId, { order, attempt, offsetBytes }: OutputPlace, mostBytes) =>
      takeBytes(after.iterate(trialId, order, attempt, offsetBytes) as Iterable<LogRow>, mostBytes),
  };
}

function toEntry({ at_ms: atMs, kind, body_json }: FactRow): ReturnType<Store['latestFacts']>[0] {
  // The journal is written from facts alone, each as its kind and the rest of it.
  return { fact: { kind, ...(JSON.parse(body_json) as object) } as Fact, atMs };
}

function takeBytes(rows: Iterable<LogRow>, mostBytes: number): readonly OutputRow[] {
  const taken: OutputRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    taken.push({
      place: { order: row.place, attempt: row.attempt, offsetBytes: row.offset_bytes },
      stageId: row.stage_id,
      droppedBytes: row.dropped_bytes,
      data: row.data,
    });
    bytes += row.data.length;
    if (bytes >= mostBytes) break;
  }
  return taken;
}
