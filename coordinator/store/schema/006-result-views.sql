-- More views for the questions that people ask (docs/queries.md). docs/results.md documents each view and each column.

DROP VIEW trial_metrics;
DROP VIEW learning_rates;
DROP VIEW IF EXISTS sweeps;
DROP VIEW IF EXISTS attempts;
DROP VIEW IF EXISTS epochs;
DROP VIEW IF EXISTS cuts;
DROP VIEW IF EXISTS sharing;
DROP VIEW IF EXISTS hyperparameters;
DROP VIEW IF EXISTS agents;

-- One row for each metric of each epoch of each trial.
CREATE VIEW trial_metrics AS
SELECT ts.trial_id, m.epoch, m.name, m.value, m.kind, m.stage_id,
  -- What was reported, also where SQLite cannot hold it: a number, or the text NaN, Infinity or -Infinity.
  CASE m.kind WHEN 'finite' THEN m.value WHEN 'nan' THEN 'NaN' WHEN '+inf' THEN 'Infinity' ELSE '-Infinity' END AS reported
FROM trial_stage ts JOIN metric m USING (stage_id)
WHERE m.epoch >= ts.from_epoch AND (ts.to_epoch IS NULL OR m.epoch < ts.to_epoch);

-- One row for each epoch of each trial: the learning rates that its steps were trained with.
CREATE VIEW learning_rates AS
SELECT
  ts.trial_id, e.epoch, e.steps,
  e.lr_first AS first, e.lr_last AS last, e.lr_least AS least, e.lr_greatest AS greatest, e.lr_applied AS applied,
  e.seconds, e.stage_id, e.attempt, e.recorded_ms
FROM trial_stage ts JOIN epoch e USING (stage_id)
WHERE e.epoch >= ts.from_epoch AND (ts.to_epoch IS NULL OR e.epoch < ts.to_epoch);

-- One row a sweep, with its trials counted by state.
CREATE VIEW sweeps AS
SELECT
  s.sweep_id, s.name, s.state, s.metric, s.mode, s.at, count(t.trial_id) AS trials,
  coalesce(sum(t.state = 'pending'), 0) AS pending, coalesce(sum(t.state = 'running'), 0) AS running,
  coalesce(sum(t.state = 'paused'), 0) AS paused, coalesce(sum(t.state = 'completed'), 0) AS completed,
  coalesce(sum(t.state = 'failed'), 0) AS failed, coalesce(sum(t.state = 'diverged'), 0) AS diverged,
  coalesce(sum(t.state = 'cancelled'), 0) AS cancelled, s.submitted_ms, s.ended_ms, s.sweep_file
FROM sweep s LEFT JOIN trial t USING (sweep_id)
GROUP BY s.sweep_id;

-- One row for each execution of a stage on a slot.
CREATE VIEW attempts AS
SELECT
  a.stage_id, g.sweep_id, a.attempt, coalesce(n.name, a.agent_id) AS agent, a.slot, a.backend,
  a.granted_ms, a.ended_ms, (a.ended_ms - a.granted_ms) / 1000.0 AS seconds, a.end, a.message,
  a.start_stage_id, a.start_epoch,
  (SELECT count(*) FROM epoch e WHERE e.stage_id = a.stage_id AND e.attempt = a.attempt) AS recorded_epochs,
  a.agent_id
FROM attempt a JOIN stage g USING (stage_id) LEFT JOIN agent n USING (agent_id);

-- One row for each epoch that was trained, however many trials it counts for.
CREATE VIEW epochs AS
SELECT
  e.stage_id, g.sweep_id, e.epoch, e.attempt, coalesce(n.name, a.agent_id) AS agent, a.slot, a.backend, e.steps, e.seconds,
  e.lr_first AS first, e.lr_last AS last, e.lr_least AS least, e.lr_greatest AS greatest, e.lr_applied AS applied, e.recorded_ms,
  (SELECT count(*) FROM trial_stage ts WHERE ts.stage_id = e.stage_id AND e.epoch >= ts.from_epoch
    AND (ts.to_epoch IS NULL OR e.epoch < ts.to_epoch)) AS trials
FROM epoch e JOIN stage g USING (stage_id) LEFT JOIN attempt a USING (stage_id, attempt) LEFT JOIN agent n USING (agent_id);

-- One row for each time that a plateau lowered the learning rate of a trial.
CREATE VIEW cuts AS
SELECT trial_id, sweep_id, number, epoch, before, after, after / before AS factor
FROM (
  SELECT
    t.trial_id, t.sweep_id, t.number, r.epoch, r.first AS after,
    lag(r.last) OVER (PARTITION BY t.trial_id ORDER BY r.epoch) AS before
  FROM trial t JOIN learning_rates r USING (trial_id)
  WHERE t.strategy = 'plateau'
)
WHERE after < before;

-- One row a sweep: what training common beginnings once has saved.
CREATE VIEW sharing AS
SELECT
  s.sweep_id,
  (SELECT count(*) FROM learning_rates r JOIN trial t USING (trial_id) WHERE t.sweep_id = s.sweep_id) AS epochs_delivered,
  (SELECT count(*) FROM epoch e JOIN stage g USING (stage_id) WHERE g.sweep_id = s.sweep_id) AS epochs_trained,
  (SELECT coalesce(sum(g.repeated_epochs), 0) FROM stage g WHERE g.sweep_id = s.sweep_id) AS epochs_repeated,
  (SELECT coalesce(sum(r.seconds), 0) FROM learning_rates r JOIN trial t USING (trial_id) WHERE t.sweep_id = s.sweep_id)
    AS seconds_delivered,
  (SELECT coalesce(sum(e.seconds), 0) FROM epoch e JOIN stage g USING (stage_id) WHERE g.sweep_id = s.sweep_id) AS seconds_trained
FROM sweep s;

-- One row for each value that a trial was set up with, named as the sweep file spells it.
CREATE VIEW hyperparameters AS
SELECT t.trial_id, t.sweep_id, 'config.' || j.key AS name, j.value, j.type AS kind FROM trial t, json_each(t.config_json) j
UNION ALL
SELECT t.trial_id, t.sweep_id, 'learning_rate.' || j.key, j.value, j.type FROM trial t, json_each(t.strategy_json) j
UNION ALL
SELECT trial_id, sweep_id, 'seed', seed, 'integer' FROM trial
UNION ALL
SELECT trial_id, sweep_id, 'epochs', epochs, 'integer' FROM trial;

-- One row for each agent that was ever seen.
CREATE VIEW agents AS
SELECT agent_id, name, version, state, json_array_length(slots_json) AS slots, draining, to_leave, slots_json FROM agent;
