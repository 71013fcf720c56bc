// How far a database has come: numbers that only rise, so that a copy that is behind can be told.

import type { Database } from 'better-sqlite3';

/** Counts and high-water marks. */
export type Marks = {
  readonly sweeps: number;
  readonly trials: number;
  readonly stages: number;
  /** Recorded epochs, each once however many trials share it. */
  readonly epochs: number;
  /** The latest decision in the journal. */
  readonly lastFact: number;
  /** Reports of agents that were taken, by agent. */
  readonly reports: Readonly<Record<string, number>>;
};

/** What a database has now, in one read. */
export function readMarks(db: Database): Marks {
  const count = (sql: string): number => Number(db.prepare(sql).pluck().get() ?? 0);
  return db.transaction(() => ({
    sweeps: count('SELECT count(*) FROM sweep'),
    trials: count('SELECT count(*) FROM trial'),
    stages: count('SELECT count(*) FROM stage'),
    // Epochs are never removed; how many there are is what their stages say.
    epochs: count('SELECT coalesce(sum(recorded_epochs), 0) FROM stage'),
    lastFact: count('SELECT coalesce(max(fact_id), 0) FROM fact'),
    reports: readReports(db),
  }))();
}

/** Names of what is less in `found` than in `expected`. */
export function behindIn(found: Marks, expected: Marks): readonly string[] {
  const names = ['sweeps', 'trials', 'stages', 'epochs', 'lastFact'] as const;
  return [
    ...names.filter((name) => found[name] < expected[name]),
    ...Object.entries(expected.reports)
      .filter(([agentId, last]) => (found.reports[agentId] ?? 0) < last)
      .map(([agentId]) => `reports of agent ${agentId}`),
  ];
}

function readReports(db: Database): Marks['reports'] {
  const rows = db.prepare<[], { agent_id: string; last_sequence: number }>(
    'SELECT agent_id, last_sequence FROM agent ORDER BY agent_id',
  );
  return Object.fromEntries(rows.all().map((row) => [row.agent_id, row.last_sequence]));
}
