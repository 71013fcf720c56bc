// All that a sweep has left in its results database, in a form in which two recordings can be compared bit for bit.

import type { Metrics } from '../../src/domain/objective.ts';
import type { Results, Value } from '../../src/results/open-results.ts';
import type { Histories } from './count-by-brute-force.ts';

/** A state folder holds one sweep; so does a recording. */
export type Recording = {
  /** How many trials ended how, such as `60 completed`. */
  readonly states: string;
  /** A line for each rank. */
  readonly leaderboard: readonly string[];
  /** A line for each learning rate and each metric of each epoch of each trial, in order. Equal lines are equal bits. */
  readonly lines: readonly string[];
  readonly histories: Histories;
  readonly stepsPerEpoch: number;
  /** Epochs of all trials together. */
  readonly delivered: number;
  /** Epochs that were trained for them. */
  readonly trained: number;
  /** Epochs that were trained more than once. */
  readonly repeated: number;
  /** Stages of which a repeated epoch differed from its record. */
  readonly irreproducible: number;
  /** Attempts that ended out of order, or began before their stage does: why epochs were repeated. */
  readonly troubles: readonly string[];
};

const STATES = 'SELECT state, count(*) FROM trials GROUP BY state ORDER BY state';

const LEADERBOARD = 'SELECT rank, number, value FROM leaderboard ORDER BY rank';

const METRICS = `
  SELECT t.number, m.epoch, m.name, m.kind, m.value
  FROM trial_metrics m JOIN trials t USING (trial_id) ORDER BY t.number, m.epoch, m.name`;

const RATES = `
  SELECT t.number, r.epoch, 'steps and rates', r.steps, r.first, r.last, r.least, r.greatest, r.applied
  FROM learning_rates r JOIN trials t USING (trial_id) ORDER BY t.number, r.epoch`;

const STAGES = `
  SELECT (SELECT count(*) FROM epoch), sum(repeated_epochs), sum(1 - reproducible), max(steps_per_epoch) FROM stages`;

const TROUBLES = `
  SELECT a.stage_id || ', attempt ' || a.attempt || ': ' || a.end || coalesce(' ' || nullif(a.message, ''), '')
    || ', began at epoch ' || coalesce(a.start_epoch, 0) || ' of a stage from epoch ' || g.from_epoch
  FROM attempt a JOIN stage g USING (stage_id)
  WHERE a.end NOT IN ('completed', 'forked') OR coalesce(a.start_epoch, 0) < g.from_epoch ORDER BY a.granted_ms`;

/** Reads a database that holds one sweep. */
export function readRecording(results: Results): Recording {
  const rows = (sql: string): readonly (readonly Value[])[] => results.query(sql).rows;
  const metrics = rows(METRICS);
  const rates = rows(RATES);
  const [trained = 0, repeated = 0, irreproducible = 0, stepsPerEpoch = 0] =
    rows(STAGES)[0]?.map(Number) ?? [];
  return {
    states: rows(STATES)
      .map(([state, count]) => `${toText(count)} ${toText(state)}`)
      .join(', '),
    leaderboard: rows(LEADERBOARD).map(toLine),
    lines: [...metrics, ...rates].map(toLine),
    histories: toHistories(metrics),
    delivered: rates.length,
    trained,
    repeated,
    irreproducible,
    stepsPerEpoch,
    troubles: rows(TROUBLES).map(toLine),
  };
}

function toHistories(rows: readonly (readonly Value[])[]): Histories {
  const histories = new Map<number, Record<string, number>[]>();
  for (const [number, epoch, name, kind, value] of rows) {
    const history: Record<string, number>[] = histories.get(Number(number)) ?? [];
    histories.set(Number(number), history);
    const metrics: Metrics = history[Number(epoch)] ?? {};
    history[Number(epoch)] = { ...metrics, [toText(name)]: toNumber(toText(kind), value) };
  }
  return histories;
}

function toNumber(kind: string, value: Value | undefined): number {
  if (kind === 'finite') return Number(value);
  return { nan: Number.NaN, '+inf': Infinity, '-inf': -Infinity }[kind] ?? Number.NaN;
}

function toLine(row: readonly Value[]): string {
  return row.map(toText).join(' ');
}

/** The shortest text that gives the same number back, as JavaScript writes it; it drops the sign of zero. */
function toText(value: Value | undefined): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
