// The tables of Optuna's relational storage, as its releases from 3.0 on have them (optuna/storages/_rdb/models.py). Its own
// migrations are counted by Alembic: those of 3.0 and 3.1 stop at one before those of 3.2 and later.

/** Releases that a study can be written for. */
export const RELEASES = ['3.1', '3.2'] as const;

/** `3.1`: 3.0 and 3.1; later ones after `optuna storage upgrade`. `3.2`: 3.2 and all later ones. */
export type Release = (typeof RELEASES)[number];

/** The version of the tables themselves, of all these releases. */
export const SCHEMA_VERSION = 12;

/** What Alembic calls the last migration that has been applied. */
export const REVISIONS: Readonly<Record<Release, string>> = {
  '3.1': 'v3.0.0.d',
  '3.2': 'v3.2.0.a',
};

/** What the last migration adds. */
export const ADDED: Readonly<Record<Release, string>> = {
  '3.1': '',
  '3.2': 'CREATE INDEX trials_study_id_key ON trials (study_id);',
};

/** A table of attributes of studies or trials: a key and a value as JSON. */
const attributes = (owner: 'study' | 'trial', whose: 'user' | 'system'): string => `
CREATE TABLE ${owner}_${whose}_attributes (
  ${owner}_${whose}_attribute_id INTEGER NOT NULL PRIMARY KEY,
  ${owner}_id INTEGER REFERENCES ${owner === 'study' ? 'studies' : 'trials'} (${owner}_id),
  "key" VARCHAR(512),
  value_json TEXT,
  UNIQUE (${owner}_id, "key")
);`;

/** All tables, empty. */
export const TABLES = `
CREATE TABLE studies (study_id INTEGER NOT NULL PRIMARY KEY, study_name VARCHAR(512) NOT NULL);
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE TABLE version_info (
  version_info_id INTEGER NOT NULL PRIMARY KEY CHECK (version_info_id = 1),
  schema_version INTEGER,
  library_version VARCHAR(256)
);
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);
CREATE TABLE study_directions (
  study_direction_id INTEGER NOT NULL PRIMARY KEY,
  direction VARCHAR(8) NOT NULL,
  study_id INTEGER NOT NULL REFERENCES studies (study_id),
  objective INTEGER NOT NULL,
  UNIQUE (study_id, objective)
);
CREATE TABLE trials (
  trial_id INTEGER NOT NULL PRIMARY KEY,
  number INTEGER,
  study_id INTEGER REFERENCES studies (study_id),
  state VARCHAR(8) NOT NULL,
  datetime_start DATETIME,
  datetime_complete DATETIME
);
CREATE TABLE trial_params (
  param_id INTEGER NOT NULL PRIMARY KEY,
  trial_id INTEGER REFERENCES trials (trial_id),
  param_name VARCHAR(512),
  param_value FLOAT,
  distribution_json TEXT,
  UNIQUE (trial_id, param_name)
);
CREATE TABLE trial_values (
  trial_value_id INTEGER NOT NULL PRIMARY KEY,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id),
  objective INTEGER NOT NULL,
  value FLOAT,
  value_type VARCHAR(7) NOT NULL,
  UNIQUE (trial_id, objective)
);
CREATE TABLE trial_intermediate_values (
  trial_intermediate_value_id INTEGER NOT NULL PRIMARY KEY,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id),
  step INTEGER NOT NULL,
  intermediate_value FLOAT,
  intermediate_value_type VARCHAR(7) NOT NULL,
  UNIQUE (trial_id, step)
);
CREATE TABLE trial_heartbeats (
  trial_heartbeat_id INTEGER NOT NULL PRIMARY KEY,
  trial_id INTEGER NOT NULL UNIQUE REFERENCES trials (trial_id),
  heartbeat DATETIME NOT NULL
);
${attributes('study', 'user')}
${attributes('study', 'system')}
${attributes('trial', 'user')}
${attributes('trial', 'system')}
`;
