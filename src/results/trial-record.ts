// What is on record of one trial, for whoever wants to know why it is as it is: its path and with whom, its attempts, what people
// asked for, the metric that it follows, the last it wrote.
// Promise: read-only, and made of rows alone; a database of an earlier release gives what it has.

/** Rows of one trial, in order. Times are wall milliseconds; epochs count from 0. */
export type TrialRecord = {
  readonly trial: {
    readonly trial_id: string;
    readonly sweep_id: string;
    readonly number: number;
    readonly state: string;
    readonly message: string;
    readonly epochs: number;
    readonly epochs_done: number;
    readonly strategy_json: string;
    readonly stage_id: string;
    /** Of the trial, and when its sweep was submitted. */
    readonly ended_ms: number | null;
    readonly submitted_ms: number;
  };
  readonly stages: readonly StageRecord[];
  readonly attempts: readonly AttemptRecord[];
  /** Decisions in the journal that people asked for. */
  readonly asked: readonly AskedRecord[];
  /** Forks of the stages of its path, stages that were trained again and came out otherwise, and pauses that came to pass. */
  readonly turns: readonly AskedRecord[];
  /** Trials that have ended with the same training behind them. */
  readonly equals: readonly string[];
  /** The metric that the strategy follows, by epoch; none for strategies that follow none. */
  readonly followed: readonly {
    readonly epoch: number;
    readonly value: number;
    readonly at_ms: number;
  }[];
  readonly stepsPerEpoch: number | null;
  /** The end of what the latest attempt wrote; null where it wrote nothing. */
  readonly output: {
    readonly stage_id: string;
    readonly attempt: number;
    readonly data: Uint8Array;
  } | null;
};

/** A stage of the path, with the epochs in it that are the trial's; `to_epoch` is exclusive. */
export type StageRecord = {
  readonly stage_id: string;
  readonly from_epoch: number;
  readonly to_epoch: number;
  /** When the last of the epochs was recorded; null where there is none. */
  readonly recorded_ms: number | null;
  /** Numbers of the other trials that had these epochs to the last in common. */
  readonly others: readonly number[];
};

/** An attempt that was made for the trial. */
export type AttemptRecord = {
  readonly stage_id: string;
  readonly attempt: number;
  readonly agent: string;
  readonly slot: string;
  readonly granted_ms: number;
  readonly ended_ms: number | null;
  readonly end: string | null;
  readonly message: string | null;
  readonly start_stage_id: string | null;
  readonly start_epoch: number | null;
};

/** A row of the journal. */
export type AskedRecord = {
  readonly at_ms: number;
  readonly kind: string;
  readonly subject: string;
  readonly body_json: string;
};

/** Runs a query. */
export type All = <T>(sql: string, ...values: readonly (string | number)[]) => readonly T[];

const TRIAL = `
  SELECT t.trial_id, t.sweep_id, t.number, t.state, t.message, t.epochs, t.epochs_done, t.strategy_json, t.stage_id, t.ended_ms, s.submitted_ms
  FROM trial t JOIN sweep s USING (sweep_id) WHERE t.trial_id = ?`;

const STAGES = `
  SELECT p.stage_id, p.from_epoch, coalesce(p.to_epoch, g.from_epoch + g.recorded_epochs) AS to_epoch, g.steps_per_epoch AS steps,
    (SELECT e.recorded_ms FROM epoch e WHERE e.stage_id = p.stage_id AND e.epoch < coalesce(p.to_epoch, 1 << 53)
      ORDER BY e.epoch DESC LIMIT 1) AS recorded_ms
  FROM trial_stage p JOIN stage g USING (stage_id)
  WHERE p.trial_id = ?
  ORDER BY p.from_epoch, p.to_epoch IS NULL, p.to_epoch, g.rowid`;

const OTHERS = `
  SELECT t.number FROM trial_stage o JOIN trial t USING (trial_id) JOIN stage g USING (stage_id)
  WHERE o.stage_id = ? AND o.trial_id <> ? AND coalesce(o.to_epoch, g.from_epoch + g.recorded_epochs) >= ?
  ORDER BY t.number`;

// One that began after the trial had left its stage was not made for it: some epoch behind the trial's own was recorded by an earlier
// one, or by itself first.
const ATTEMPTS = `
  SELECT a.stage_id, a.attempt, coalesce(n.name, a.agent_id) AS agent, a.slot, a.granted_ms, a.ended_ms, a.end, a.message,
    a.start_stage_id, a.start_epoch
  FROM trial_stage p JOIN attempt a USING (stage_id) JOIN stage g USING (stage_id) LEFT JOIN agent n USING (agent_id)
  WHERE p.trial_id = ? AND (p.to_epoch IS NULL OR (
    NOT EXISTS (SELECT 1 FROM epoch e WHERE e.stage_id = a.stage_id AND e.attempt < a.attempt AND e.epoch >= p.to_epoch)
    AND coalesce((SELECT min(e.epoch) < p.to_epoch FROM epoch e WHERE e.stage_id = a.stage_id AND e.attempt = a.attempt), 1)))
  ORDER BY a.granted_ms, g.rowid, a.attempt`;

const ASKED = `
  SELECT at_ms, kind, subject, body_json FROM fact
  WHERE subject IN (?, ?) AND kind IN ('person-asked', 'trial-cloned', 'trial-prioritised', 'sweep-prioritised') ORDER BY fact_id`;

const TURNS = `
  SELECT f.at_ms, f.kind, f.subject, f.body_json FROM trial_stage p JOIN fact f ON f.subject = p.stage_id
  WHERE p.trial_id = ? AND (f.kind IN ('stage-forked', 'stage-paused')
    OR (f.kind = 'epoch-repeated' AND json_extract(f.body_json, '$.isSame') = 0))
  ORDER BY f.fact_id`;

const EQUALS = `
  SELECT trial_id FROM trial
  WHERE stage_id = ? AND epochs_done = ? AND trial_id <> ? AND state NOT IN ('pending', 'running', 'paused')
  ORDER BY number`;

const FOLLOWED = `
  SELECT m.epoch, CASE m.kind WHEN 'nan' THEN 'NaN' WHEN '+inf' THEN 'Infinity' WHEN '-inf' THEN '-Infinity' ELSE m.value END AS value,
    e.recorded_ms AS at_ms
  FROM trial_metrics m JOIN epoch e USING (stage_id, epoch) WHERE m.trial_id = ? AND m.name = ? ORDER BY m.epoch`;

const OUTPUT = `
  SELECT data FROM log_chunk WHERE stage_id = ? AND attempt = ? ORDER BY offset_bytes DESC LIMIT 4`;

type Row = TrialRecord['trial'];
type StageRow = Omit<StageRecord, 'others'> & { readonly steps: number | null };

/** What is on record of a trial; undefined if there is no such trial. */
export function readTrialRecord(all: All, trialId: string): TrialRecord | undefined {
  const [trial] = all<Row>(TRIAL, trialId);
  if (trial === undefined) return undefined;
  const stages = all<StageRow>(STAGES, trialId);
  const attempts = all<AttemptRecord>(ATTEMPTS, trialId);
  return {
    trial,
    stages: stages.map((stage) => withOthers(all, trialId, stage)),
    attempts,
    asked: all<AskedRecord>(ASKED, trialId, trial.sweep_id),
    turns: all<AskedRecord>(TURNS, trialId),
    equals: readEquals(all, trial),
    followed: readFollowed(all, trial),
    stepsPerEpoch: stages.find(({ steps }) => steps !== null)?.steps ?? null,
    output: readOutput(all, attempts),
  };
}

function withOthers(
  all: All,
  trialId: string,
  { stage_id, from_epoch, to_epoch, recorded_ms }: StageRow,
): StageRecord {
  const others =
    to_epoch > from_epoch ? all<{ number: number }>(OTHERS, stage_id, trialId, to_epoch) : [];
  return {
    stage_id,
    from_epoch,
    to_epoch,
    recorded_ms,
    others: others.map(({ number }) => number),
  };
}

function readEquals(all: All, { trial_id: id, stage_id, state, epochs_done: done }: Row): string[] {
  if (done === 0 || state === 'pending' || state === 'running' || state === 'paused') return [];
  return all<{ trial_id: string }>(EQUALS, stage_id, done, id).map((row) => row.trial_id);
}

function readFollowed(all: All, { trial_id: id, strategy_json }: Row): TrialRecord['followed'] {
  const { monitor }: { monitor?: unknown } = JSON.parse(strategy_json);
  if (typeof monitor !== 'string') return [];
  const rows = all<{ epoch: number; value: number | string; at_ms: number }>(FOLLOWED, id, monitor);
  return rows.map(({ epoch, value, at_ms }) => ({ epoch, value: Number(value), at_ms }));
}

/** Of the latest attempt that wrote something. */
function readOutput(all: All, attempts: readonly AttemptRecord[]): TrialRecord['output'] {
  const last = attempts.at(-1);
  if (last === undefined) return null;
  const { stage_id, attempt } = last;
  const chunks = all<{ data: Uint8Array }>(OUTPUT, stage_id, attempt).toReversed();
  if (chunks.length === 0) return null;
  return { stage_id, attempt, data: Buffer.concat(chunks.map(({ data }) => data)) };
}
