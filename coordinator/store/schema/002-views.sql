-- What people query. Documented here and in the README; columns are only ever added.

-- One row a trial: what it is, how far it is, how well it did.
CREATE VIEW trials AS
SELECT
  t.trial_id, t.sweep_id, t.number, t.state,
  t.strategy, t.strategy_label, t.strategy_json, t.config_label, t.config_json, t.seed,
  t.epochs, t.epochs_done,
  s.metric, s.mode,
  t.best_value, t.best_epoch,
  t.last_value,                              -- NULL if the latest value was not finite: last_kind says what it was
  t.last_kind, t.learning_rate, t.message, t.stage_id, t.ended_ms
FROM trial t JOIN sweep s USING (sweep_id);

-- One row for each metric of each epoch of each trial.
CREATE VIEW trial_metrics AS
SELECT ts.trial_id, m.epoch, m.name, m.value, m.kind, m.stage_id
FROM trial_stage ts JOIN metric m USING (stage_id)
WHERE m.epoch >= ts.from_epoch AND (ts.to_epoch IS NULL OR m.epoch < ts.to_epoch);

-- One row for each epoch of each trial: the learning rates that its steps were trained with.
CREATE VIEW learning_rates AS
SELECT
  ts.trial_id, e.epoch, e.steps,
  e.lr_first AS first, e.lr_last AS last, e.lr_least AS least, e.lr_greatest AS greatest, e.lr_applied AS applied,
  e.seconds, e.stage_id
FROM trial_stage ts JOIN epoch e USING (stage_id)
WHERE e.epoch >= ts.from_epoch AND (ts.to_epoch IS NULL OR e.epoch < ts.to_epoch);

-- Completed trials of each sweep, best first; `value` is the best or the last value of the objective, as the sweep asks.
CREATE VIEW leaderboard AS
SELECT
  sweep_id,
  row_number() OVER (PARTITION BY sweep_id ORDER BY value IS NULL, CASE mode WHEN 'min' THEN value ELSE -value END, number) AS rank,
  trial_id, number, strategy, strategy_label, config_label, seed, metric, value, best_epoch, epochs_done,
  strategy_json, config_json, epochs
FROM (
  SELECT t.*, s.metric, s.mode, CASE s.at WHEN 'best' THEN t.best_value ELSE t.last_value END AS value
  FROM trial t JOIN sweep s USING (sweep_id)
  WHERE t.state = 'completed'
);

-- One row a stage: the nodes of the stage tree.
CREATE VIEW stages AS
SELECT
  g.stage_id, g.sweep_id, g.parent_id, g.from_epoch, g.state, g.attempt, g.recorded_epochs, g.repeated_epochs,
  g.reproducible, g.steps_per_epoch, g.numerics, g.failures, g.losses,
  (SELECT count(*) FROM trial_stage ts WHERE ts.stage_id = g.stage_id) AS members
FROM stage g;
