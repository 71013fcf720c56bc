-- Espalier's results database. One writer: the coordinator. Anyone may read.
-- Tables are named in the singular and hold what is; the views of 002-views.sql are what people query.
-- Numbers that SQLite cannot hold (NaN becomes NULL) are stored as a kind ('finite', 'nan', '+inf', '-inf') and a value.

-- One row: what this database is.
CREATE TABLE meta (
  only             INTEGER PRIMARY KEY CHECK (only = 1),
  application      TEXT NOT NULL             -- always 'espalier'
) STRICT;

-- A sweep as it was submitted.
CREATE TABLE sweep (
  sweep_id         TEXT PRIMARY KEY,
  name             TEXT NOT NULL,
  fingerprint      TEXT NOT NULL,            -- SHA-256 over spec, bundle and files
  state            TEXT NOT NULL CHECK (state IN ('running', 'completed', 'cancelled')),
  metric           TEXT NOT NULL,            -- the objective
  mode             TEXT NOT NULL CHECK (mode IN ('min', 'max')),
  at               TEXT NOT NULL CHECK (at IN ('best', 'last')),
  spec_json        TEXT NOT NULL,            -- the sweep file as it was understood
  sweep_file       TEXT NOT NULL,            -- the sweep file as it was written
  bundle_json      TEXT NOT NULL,            -- path, SHA-256 and size of the bundled module
  files_json       TEXT NOT NULL,            -- the same of each data file
  submitted_ms     INTEGER NOT NULL,         -- wall time, milliseconds since 1970
  ended_ms         INTEGER                   -- wall time
) STRICT;

-- A trial: one config, one learning-rate strategy, one seed.
CREATE TABLE trial (
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
  state            TEXT NOT NULL CHECK (state IN ('pending', 'running', 'completed', 'failed', 'diverged', 'cancelled')),
  message          TEXT NOT NULL,            -- why it failed, diverged or was cancelled
  epochs_done      INTEGER NOT NULL,
  best_epoch       INTEGER,                  -- 0-based epoch of the best value of the objective
  best_value       REAL,                     -- always finite
  last_kind        TEXT,                     -- the latest value of the objective
  last_value       REAL,
  learning_rate    REAL,                     -- of the latest step
  stage_id         TEXT NOT NULL,            -- the stage that trains it now, or trained it last
  ended_ms         INTEGER,                  -- wall time
  UNIQUE (sweep_id, number)
) STRICT;

-- A stretch of epochs, trained once for all its member trials; a node of the stage tree.
CREATE TABLE stage (
  stage_id         TEXT PRIMARY KEY,
  sweep_id         TEXT NOT NULL REFERENCES sweep,
  parent_id        TEXT REFERENCES stage,    -- NULL for a root
  from_epoch       INTEGER NOT NULL,         -- 0-based
  state            TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'ended')),
  attempt          INTEGER NOT NULL,         -- number of the latest attempt, 0 before the first
  recorded_epochs  INTEGER NOT NULL,
  repeated_epochs  INTEGER NOT NULL,         -- epochs trained again after a failure
  reproducible     INTEGER NOT NULL CHECK (reproducible IN (0, 1)), -- 0: a repeated epoch differed from its record
  steps_per_epoch  INTEGER,
  numerics         TEXT,                     -- backend, version, threads, device: what decides the bits
  failures         INTEGER NOT NULL,         -- of the trial itself
  losses           INTEGER NOT NULL,         -- of the hosts it ran on
  last_failure     TEXT NOT NULL
) STRICT;

-- Which trial trains in which stage, and for which of its epochs.
CREATE TABLE trial_stage (
  trial_id         TEXT NOT NULL REFERENCES trial,
  stage_id         TEXT NOT NULL REFERENCES stage,
  from_epoch       INTEGER NOT NULL,
  to_epoch         INTEGER,                  -- exclusive; NULL while it is open: all recorded epochs are the trial's
  PRIMARY KEY (trial_id, stage_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_stage_by_stage ON trial_stage (stage_id);

-- One execution of a stage on a slot. At most one of a stage is open.
CREATE TABLE attempt (
  stage_id         TEXT NOT NULL REFERENCES stage,
  attempt          INTEGER NOT NULL,         -- 1, 2, 3, …
  agent_id         TEXT NOT NULL,
  slot             TEXT NOT NULL,
  backend          TEXT,
  granted_ms       INTEGER NOT NULL,         -- wall time
  ended_ms         INTEGER,                  -- NULL while it holds the lease
  end              TEXT CHECK (end IN ('completed', 'diverged', 'failed', 'lost', 'withdrawn', 'released')),
  message          TEXT,
  PRIMARY KEY (stage_id, attempt)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX attempt_open ON attempt (stage_id) WHERE ended_ms IS NULL;

-- One trained epoch of a stage. The first row stays.
CREATE TABLE epoch (
  stage_id         TEXT NOT NULL REFERENCES stage,
  epoch            INTEGER NOT NULL,         -- 0-based, counted from the trial's start
  attempt          INTEGER NOT NULL,         -- the attempt that trained it
  steps            INTEGER NOT NULL,
  lr_first         REAL NOT NULL,
  lr_last          REAL NOT NULL,
  lr_least         REAL NOT NULL,
  lr_greatest      REAL NOT NULL,
  lr_applied       REAL NOT NULL,            -- as read back from the optimizer after the last step
  seconds          REAL NOT NULL,
  recorded_ms      INTEGER NOT NULL,         -- wall time
  PRIMARY KEY (stage_id, epoch)
) STRICT, WITHOUT ROWID;

-- Metrics of an epoch.
CREATE TABLE metric (
  stage_id         TEXT NOT NULL,
  epoch            INTEGER NOT NULL,
  name             TEXT NOT NULL,
  kind             TEXT NOT NULL CHECK (kind IN ('finite', 'nan', '+inf', '-inf')),
  value            REAL,                     -- NULL unless finite
  PRIMARY KEY (stage_id, epoch, name)
) STRICT, WITHOUT ROWID;

-- The learning rate of every step, for epochs in which it is not constant: stretches of little-endian float32.
-- A recorded epoch has those of the attempt that trained it, and no other's.
CREATE TABLE learning_rate_series (
  stage_id         TEXT NOT NULL,
  epoch            INTEGER NOT NULL,
  attempt          INTEGER NOT NULL,
  from_step        INTEGER NOT NULL,         -- counted from the start of the epoch
  float32_values   BLOB NOT NULL,
  PRIMARY KEY (stage_id, epoch, attempt, from_step)
) STRICT, WITHOUT ROWID;

-- What trials wrote to standard output and standard error.
CREATE TABLE log_chunk (
  stage_id         TEXT NOT NULL,
  attempt          INTEGER NOT NULL,
  offset_bytes     INTEGER NOT NULL,
  dropped_bytes    INTEGER NOT NULL,         -- left out before this chunk
  data             BLOB NOT NULL,
  PRIMARY KEY (stage_id, attempt, offset_bytes)
) STRICT, WITHOUT ROWID;

-- Every agent that was ever seen.
CREATE TABLE agent (
  agent_id         TEXT PRIMARY KEY,
  incarnation      TEXT NOT NULL,            -- changes with every start of the agent
  name             TEXT NOT NULL,
  version          TEXT NOT NULL,
  slots_json       TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('connected', 'lost', 'gone')),
  draining         INTEGER NOT NULL CHECK (draining IN (0, 1)),
  last_sequence    INTEGER NOT NULL          -- of its latest report that was taken
) STRICT;

-- What has become true, in order: the journal of decisions. Epochs, series and logs are their own record.
CREATE TABLE fact (
  fact_id          INTEGER PRIMARY KEY,
  at_ms            INTEGER NOT NULL,         -- wall time
  kind             TEXT NOT NULL,
  subject          TEXT NOT NULL,            -- the sweep, trial, stage or agent that it is about
  body_json        TEXT NOT NULL
) STRICT;
CREATE INDEX fact_by_subject ON fact (subject);
