// What an agent has told and what of it was acknowledged, on record beside its spool and apart from the coordinator's database.
// Promise: the agent's own transactions write it, by triggers: a report is in it before it is sent, and marked as acknowledged when
// the agent lets go of it.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AgentStore } from '../../agent/state/agent-store.ts';
import { ReportRequest } from '../../src/wire/generated/espalier/v1/agent.ts';

/** A report, when the agent wrote it down, and when it heard that it is on record: wall times in milliseconds. */
export type Told = {
  readonly report: ReportRequest;
  readonly keptMs: number;
  readonly acknowledgedMs: number | undefined;
};

const NOW_MS = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

const TRIGGERS = `
  CREATE TABLE told (sequence INTEGER PRIMARY KEY, report BLOB NOT NULL, kept_ms INTEGER NOT NULL, acknowledged_ms INTEGER) STRICT;
  CREATE TRIGGER told_kept AFTER INSERT ON spool
    BEGIN INSERT INTO told VALUES (new.sequence, new.report, ${NOW_MS}, NULL); END;
  CREATE TRIGGER told_acknowledged AFTER DELETE ON spool
    BEGIN UPDATE told SET acknowledged_ms = ${NOW_MS} WHERE sequence = old.sequence; END;`;

type Row = {
  readonly report: Buffer;
  readonly kept_ms: number;
  readonly acknowledged_ms: number | null;
};

/** Makes the folder of an agent that keeps such a record, and returns the agent's id. */
export function prepareAgent(folder: string): string {
  const store = AgentStore.open(folder);
  const { agentId } = store;
  store.close();
  const database = new Database(join(folder, 'agent.sqlite'));
  database.exec(TRIGGERS);
  database.close();
  return agentId;
}

/** Everything that an agent has told, in order. It must have ended. */
export function readTold(folder: string): readonly Told[] {
  const database = new Database(join(folder, 'agent.sqlite'));
  try {
    const rows = database
      .prepare<[], Row>('SELECT report, kept_ms, acknowledged_ms FROM told ORDER BY sequence')
      .all();
    return rows.map(({ report, kept_ms, acknowledged_ms }) => ({
      report: ReportRequest.decode(report),
      keptMs: kept_ms,
      acknowledgedMs: acknowledged_ms ?? undefined,
    }));
  } finally {
    database.close();
  }
}
