-- The stage tree: trials that pause, stages with children and checkpoints. SQLite cannot change a CHECK, so that tables whose
-- states are more now are made anew with what they held; views that read them likewise.

DROP VIEW trials;
DROP VIEW trial_metrics;
DROP VIEW learning_rates;
DROP VIEW leaderboard;
DROP VIEW stages;

-- A trial: one config, one learning-rate strategy, one seed; a path from a root to a leaf of the stage tree.
CREATE TABLE new_trial (
  trial_id         TEXT PRIMARY KEY,
  sweep_id         TEXT NOT NULL REFERENCES sweep,
  number           INTEGER NOT NULL,         -- from 1, in the order of the grid
  strategy         TEXT NOT NULL,            -- its name
  strategy_json    TEXT NOT NULL,            -- with every field, defaults filled in
  strategy_label   TEXT NOT NULL,
  config_json      TEXT NOT NULL,
  config_label     TEXT NOT NULL,
  seed             INTEGER NOT NULL,
  epochs           INTEGER NOT NULL,         -- how many it trains in all
  state            TEXT NOT NULL CHECK (state IN ('pending', 'running', 'paused', 'completed', 'failed', 'diverged', 'cancelled')),
  message          TEXT NOT NULL,            -- why it failed, diverged or was cancelled
  epochs_done      INTEGER NOT NULL,
  best_epoch       INTEGER,                  -- 0-based epoch of the best value of the objective
  best_value       REAL,                     -- always finite
  last_kind        TEXT,                     -- the latest value of the objective
  last_value       REAL,
  learning_rate    REAL,                     -- of the latest step
  stage_id         TEXT NOT NULL,            -- the stage that trains it now, or trained it last
  ended_ms         INTEGER,                  -- wall time
  pausing          INTEGER NOT NULL CHECK (pausing IN (0, 1)), -- 1: asked to pause at the next epoch boundary
  UNIQUE (sweep_id, number)
) STRICT;
INSERT INTO new_trial SELECT *, 0 FROM trial;
DROP TABLE trial;
ALTER TABLE new_trial RENAME TO trial;
CREATE INDEX trial_by_stage ON trial (stage_id);

-- A stretch of epochs, trained once for all its member trials; a node of the stage tree.
CREATE TABLE new_stage (
  stage_id         TEXT PRIMARY KEY,
  sweep_id         TEXT NOT NULL REFERENCES sweep,
  parent_id        TEXT REFERENCES stage,    -- NULL for a root
  from_epoch       INTEGER NOT NULL,         -- 0-based
  state            TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'paused', 'ended')),
  attempt          INTEGER NOT NULL,         -- number of the latest attempt, 0 before the first
  recorded_epochs  INTEGER NOT NULL,
  repeated_epochs  INTEGER NOT NULL,         -- epochs trained again after a failure, or to come to where it begins
  reproducible     INTEGER NOT NULL CHECK (reproducible IN (0, 1)), -- 0: a repeated epoch differed from its record
  steps_per_epoch  INTEGER,
  numerics         TEXT,                     -- backend, version, threads, device: what decides the bits
  failures         INTEGER NOT NULL,         -- of the trial itself
  losses           INTEGER NOT NULL,         -- of the hosts it ran on
  last_failure     TEXT NOT NULL,
  root_id          TEXT NOT NULL,            -- the first stage on its path; a root's own id
  until_epoch      INTEGER NOT NULL          -- the most epochs that one of its trials trains in all
) STRICT;
INSERT INTO new_stage SELECT *, stage_id,
  (SELECT max(t.epochs) FROM trial_stage ts JOIN trial t USING (trial_id) WHERE ts.stage_id = stage.stage_id) FROM stage;
DROP TABLE stage;
ALTER TABLE new_stage RENAME TO stage;

-- One execution of a stage on a slot. At most one of a stage is open.
CREATE TABLE new_attempt (
  stage_id         TEXT NOT NULL REFERENCES stage,
  attempt          INTEGER NOT NULL,         -- 1, 2, 3, …
  agent_id         TEXT NOT NULL,
  slot             TEXT NOT NULL,
  backend          TEXT,
  granted_ms       INTEGER NOT NULL,         -- wall time
  ended_ms         INTEGER,                  -- NULL while it holds the lease
  end              TEXT CHECK (end IN ('completed', 'diverged', 'failed', 'lost', 'withdrawn', 'released', 'forked')),
  message          TEXT,
  start_stage_id   TEXT,                     -- the stage of the checkpoint that it resumed from; NULL: it began from scratch
  start_epoch      INTEGER,                  -- the epochs behind that checkpoint
  PRIMARY KEY (stage_id, attempt)
) STRICT, WITHOUT ROWID;
INSERT INTO new_attempt SELECT *, NULL, NULL FROM attempt;
DROP TABLE attempt;
ALTER TABLE new_attempt RENAME TO attempt;
CREATE UNIQUE INDEX attempt_open ON attempt (stage_id) WHERE ended_ms IS NULL;

ALTER TABLE agent ADD COLUMN to_leave INTEGER NOT NULL DEFAULT 0 CHECK (to_leave IN (0, 1)); -- 1: a person has asked it to leave

-- A checkpoint that is held: what a stage can resume from. Its files are content-addressed, on agents and here.
CREATE TABLE checkpoint (
  stage_id         TEXT NOT NULL REFERENCES stage, -- that saved it
  epoch            INTEGER NOT NULL,         -- epochs behind it, counted from the trials' start
  checkpoint_id    TEXT NOT NULL,            -- SHA-256 of its manifest
  files_json       TEXT NOT NULL,            -- the manifest: path, SHA-256 and size of each file
  size_bytes       INTEGER NOT NULL,
  stored           INTEGER NOT NULL CHECK (stored IN (0, 1)), -- 1: the coordinator has all its files
  agents_json      TEXT NOT NULL,            -- ids of the agents that have it
  PRIMARY KEY (stage_id, epoch)
) STRICT, WITHOUT ROWID;

-- One row a trial: what it is, how far it is, how well it did.
CREATE VIEW trials AS
SELECT
  t.trial_id, t.sweep_id, t.number, t.state,
  t.strategy, t.strategy_label, t.strategy_json, t.config_label, t.config_json, t.seed,
  t.epochs, t.epochs_done,
  s.metric, s.mode,
  t.best_value, t.best_epoch,
  t.last_value,                              -- NULL if the latest value was not finite: last_kind says what it was
  t.last_kind, t.learning_rate, t.message, t.stage_id, t.ended_ms, t.pausing
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
  (SELECT count(*) FROM trial_stage ts WHERE ts.stage_id = g.stage_id) AS members, -- trials that began it
  g.root_id, g.until_epoch
FROM stage g;

-- One row for each checkpoint that is held.
CREATE VIEW checkpoints AS
SELECT c.stage_id, s.sweep_id, c.epoch, c.checkpoint_id, c.size_bytes, c.stored, c.files_json, c.agents_json
FROM checkpoint c JOIN stage s USING (stage_id);
