// Every statement that writes. What belongs to an attempt names it and asks that it is the current one; what ends a record
// asks that it has not ended; members that have ended are passed over.

import type { Database, Statement } from 'better-sqlite3';

const SQL = {
  sweep: 'INSERT INTO sweep VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)',
  sweepPrioritised: 'UPDATE sweep SET priority = ? WHERE sweep_id = ?',
  sweepReopened:
    "UPDATE sweep SET state = 'running', ended_ms = NULL WHERE sweep_id = ? AND state <> 'running'",
  sweepEnded: "UPDATE sweep SET state = ?, ended_ms = ? WHERE sweep_id = ? AND state = 'running'",
  trial:
    'INSERT INTO trial VALUES (:trial_id, :sweep_id, :number, :strategy, :strategy_json, :strategy_label, :config_json, :config_label, ' +
    ':seed, :epochs, :state, :message, :epochs_done, :best_epoch, :best_value, :last_kind, :last_value, :learning_rate, :stage_id, NULL, 0, NULL, 0)',
  trialCloned: 'UPDATE trial SET cloned_from = ? WHERE trial_id = ?',
  trialPrioritised: 'UPDATE trial SET priority = ? WHERE trial_id = ?',
  trialEnded:
    'UPDATE trial SET state = ?, message = ?, ended_ms = ?, pausing = 0 WHERE trial_id = ? AND ended_ms IS NULL',
  trialReopened:
    "UPDATE trial SET state = 'pending', message = '', ended_ms = NULL WHERE trial_id = ? AND ended_ms IS NOT NULL",
  trialPausing: 'UPDATE trial SET pausing = ? WHERE trial_id = ? AND ended_ms IS NULL',
  trialSettled:
    'UPDATE trial SET strategy_json = ?, strategy_label = ? WHERE trial_id = ? AND ended_ms IS NULL',
  foundRate: 'INSERT OR REPLACE INTO found_rate VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  trialMoved: "UPDATE trial SET stage_id = ?, state = 'pending' WHERE trial_id = ?",
  trialMovedPaused:
    "UPDATE trial SET stage_id = ?, state = 'paused', pausing = 0 WHERE trial_id = ?",
  trialsRunning: "UPDATE trial SET state = 'running' WHERE stage_id = ? AND ended_ms IS NULL",
  trialsPending: "UPDATE trial SET state = 'pending' WHERE stage_id = ? AND ended_ms IS NULL",
  trialsPaused:
    "UPDATE trial SET state = 'paused', pausing = 0 WHERE stage_id = ? AND ended_ms IS NULL",
  trialsRecorded:
    'UPDATE trial SET epochs_done = ?, last_kind = ?, last_value = ?, learning_rate = ? WHERE stage_id = ? AND ended_ms IS NULL',
  trialsBest:
    'UPDATE trial SET best_epoch = ?, best_value = ? WHERE stage_id = ? AND ended_ms IS NULL',
  stage:
    'INSERT INTO stage VALUES (:stage_id, :sweep_id, :parent_id, :from_epoch, :state, :attempt, :recorded_epochs, :repeated_epochs, ' +
    ':reproducible, :steps_per_epoch, :numerics, :failures, :losses, :last_failure, :root_id, :until_epoch)',
  stagePaused: "UPDATE stage SET state = 'paused' WHERE stage_id = ? AND state = 'pending'",
  stageResumed: "UPDATE stage SET state = 'pending' WHERE stage_id = ? AND state = 'paused'",
  trialStage: 'INSERT INTO trial_stage VALUES (?, ?, ?, NULL)',
  trialStageShared: 'INSERT INTO trial_stage VALUES (?, ?, ?, ?)',
  stageJoined:
    "UPDATE stage SET until_epoch = max(until_epoch, ?) WHERE stage_id = ? AND state = 'pending'",
  trialStageClosed:
    'UPDATE trial_stage SET to_epoch = (SELECT epochs_done FROM trial t WHERE t.trial_id = trial_stage.trial_id) WHERE trial_id = ? AND to_epoch IS NULL',
  trialStageLeft: 'UPDATE trial_stage SET to_epoch = ? WHERE trial_id = ? AND to_epoch IS NULL',
  stagePassed:
    "UPDATE stage SET attempt = ? WHERE stage_id = ? AND state <> 'leased' AND attempt < ?",
  stageGranted:
    "UPDATE stage SET state = 'leased', attempt = ? WHERE stage_id = ? AND state = 'pending' AND attempt < ?",
  stageReleased:
    "UPDATE stage SET state = 'pending', failures = failures + ?, losses = losses + ?, last_failure = coalesce(?, last_failure) " +
    "WHERE stage_id = ? AND state = 'leased' AND attempt = ?",
  stageOpened:
    'UPDATE stage SET steps_per_epoch = ?, reproducible = CASE WHEN numerics <> ? THEN 0 ELSE reproducible END, ' +
    "numerics = ? WHERE stage_id = ? AND state = 'leased' AND attempt = ?",
  stageRecorded:
    "UPDATE stage SET recorded_epochs = ? - from_epoch + 1 WHERE stage_id = ? AND state = 'leased' AND attempt = ?",
  stageEnded: "UPDATE stage SET state = 'ended' WHERE stage_id = ? AND state <> 'ended'",
  epochRepeated:
    'UPDATE stage SET repeated_epochs = repeated_epochs + 1, reproducible = min(reproducible, ?) ' +
    "WHERE stage_id = ? AND state = 'leased' AND attempt = ?",
  attempt: 'INSERT INTO attempt VALUES (?, ?, ?, ?, NULL, ?, NULL, NULL, NULL, ?, ?)',
  attemptBackend:
    'UPDATE attempt SET backend = ? WHERE stage_id = ? AND attempt = ? AND ended_ms IS NULL',
  attemptEnded:
    'UPDATE attempt SET ended_ms = ?, end = ?, message = ? WHERE stage_id = ? AND attempt = ? AND ended_ms IS NULL',
  checkpoint: 'INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?, ?, ?)',
  checkpointStored: 'UPDATE checkpoint SET stored = 1 WHERE stage_id = ? AND epoch = ?',
  checkpointReleased: 'DELETE FROM checkpoint WHERE stage_id = ? AND epoch = ?',
  checkpointFetched:
    "UPDATE checkpoint SET agents_json = json_insert(agents_json, '$[#]', :agent) WHERE stage_id = :stage AND epoch = :epoch " +
    'AND NOT EXISTS (SELECT 1 FROM json_each(agents_json) WHERE value = :agent)',
  epoch: 'INSERT INTO epoch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  metric: 'INSERT INTO metric VALUES (?, ?, ?, ?, ?)',
  series: 'INSERT OR IGNORE INTO learning_rate_series VALUES (?, ?, ?, ?, ?)',
  seriesOfOthers:
    'DELETE FROM learning_rate_series WHERE stage_id = ? AND epoch = ? AND attempt <> ?',
  log: 'INSERT OR IGNORE INTO log_chunk VALUES (?, ?, ?, ?, ?)',
  agentJoined:
    "INSERT INTO agent VALUES (?, ?, ?, ?, ?, 'connected', ?, 0, 0) ON CONFLICT (agent_id) DO UPDATE SET " +
    'to_leave = CASE WHEN incarnation = excluded.incarnation THEN to_leave ELSE 0 END, incarnation = excluded.incarnation, ' +
    "name = excluded.name, version = excluded.version, slots_json = excluded.slots_json, state = 'connected', draining = excluded.draining",
  agentToLeave: 'UPDATE agent SET to_leave = 1 WHERE agent_id = ?',
  agentState: 'UPDATE agent SET state = ? WHERE agent_id = ?',
  agentSequence: 'UPDATE agent SET last_sequence = ? WHERE agent_id = ?',
  fact: 'INSERT INTO fact (at_ms, kind, subject, body_json) VALUES (?, ?, ?, ?)',
} as const;

export type Statements = Readonly<Record<keyof typeof SQL, Statement>>;

/** Compiles them for one database. */
export function prepareStatements(db: Database): Statements {
  const entries = Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]);
  // fromEntries forgets the names that SQL has.
  return Object.fromEntries(entries) as Statements;
}
