// A sweep as an Optuna study in SQLite. Promise: `optuna.load_study` reads it; what waits is enqueued there with its values, so that
// `study.optimize` goes on with it. Times are UTC.

import Database from 'better-sqlite3';
import { toHyperparameters } from '../../results/hyperparameters.ts';
import { epochsOf } from '../epochs-of.ts';
import { readDomains, valueIn } from '../hyperparameter-domains.ts';
import type { Tick } from '../pages.ts';
import type { Snapshot, SnapshotTrial } from '../snapshot.ts';
import { type Parameter, toParameter } from './distribution.ts';
import { toOutcome } from './outcome.ts';
import { ADDED, type Release, REVISIONS, SCHEMA_VERSION, TABLES } from './schema.ts';

const STUDY = 1;

/** Writes the study, named as the sweep. Returns the number of its trials. */
export async function writeStudy(
  snapshot: Snapshot,
  path: string,
  release: Release,
  tick: Tick,
): Promise<number> {
  const db = new Database(path);
  try {
    // Until it has its name the file is nobody's: nothing has to survive here. What is new in a database needs no journal.
    db.pragma('journal_mode = MEMORY');
    db.pragma('synchronous = OFF');
    db.exec(`BEGIN; ${TABLES} ${ADDED[release]}`);
    writeHead(db, snapshot, release);
    const write = trialWriter(db, snapshot, readDomains(snapshot).map(toParameter));
    let count = 0;
    for (const trial of snapshot.trials()) {
      count += 1;
      write(trial, count);
      await tick(1);
    }
    db.exec('COMMIT');
    return count;
  } finally {
    db.close();
  }
}

function writeHead(db: Database.Database, { sweep }: Snapshot, release: Release): void {
  db.prepare('INSERT INTO version_info VALUES (1, ?, ?)').run(SCHEMA_VERSION, `${release}.0`);
  db.prepare('INSERT INTO alembic_version VALUES (?)').run(REVISIONS[release]);
  db.prepare('INSERT INTO studies VALUES (?, ?)').run(STUDY, sweep.sweep_id);
  const direction = sweep.mode === 'min' ? 'MINIMIZE' : 'MAXIMIZE';
  db.prepare('INSERT INTO study_directions VALUES (1, ?, ?, 0)').run(direction, STUDY);
  const user = db.prepare(
    'INSERT INTO study_user_attributes (study_id, "key", value_json) VALUES (?, ?, ?)',
  );
  for (const key of ['metric', 'at', 'sweep_file'] as const)
    user.run(STUDY, key, JSON.stringify(sweep[key]));
  // Optuna's later releases call the objective by it.
  db.prepare(
    'INSERT INTO study_system_attributes (study_id, "key", value_json) VALUES (?, ?, ?)',
  ).run(STUDY, 'study:metric_names', JSON.stringify([sweep.metric]));
}

function trialWriter(
  db: Database.Database,
  snapshot: Snapshot,
  parameters: readonly Parameter[],
): (trial: SnapshotTrial, id: number) => void {
  const insertTrial = db.prepare('INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?)');
  const insertValue = db.prepare('INSERT INTO trial_values VALUES (NULL, ?, 0, ?, ?)');
  const insertStep = db.prepare('INSERT INTO trial_intermediate_values VALUES (NULL, ?, ?, ?, ?)');
  const insertParameter = db.prepare('INSERT INTO trial_params VALUES (NULL, ?, ?, ?, ?)');
  const attribute = (whose: string): Database.Statement =>
    db.prepare(
      `INSERT INTO trial_${whose}_attributes (trial_id, "key", value_json) VALUES (?, ?, ?)`,
    );
  const [insertUser, insertSystem] = [attribute('user'), attribute('system')];
  const { sweep } = snapshot;
  return (trial, id) => {
    const { state, value } = toOutcome(trial, sweep.at);
    const started = state === 'WAITING' ? null : trial.started_ms;
    insertTrial.run(id, id - 1, STUDY, state, toTime(started), toTime(trial.ended_ms));
    if (value !== undefined) insertValue.run(id, ...toTyped(value));
    const values = valuesOf(trial, parameters);
    if (state === 'WAITING') insertSystem.run(id, 'fixed_params', JSON.stringify(toFixed(values)));
    else
      for (const [parameter, held] of values)
        insertParameter.run(
          id,
          parameter.domain.name,
          parameter.toStored(held),
          parameter.distributionJson,
        );
    for (const { epoch, metrics } of epochsOf(snapshot, trial.trial_id)) {
      const reported = metrics.get(sweep.metric);
      if (reported !== undefined) insertStep.run(id, epoch, ...toTyped(reported));
    }
    for (const [key, held] of Object.entries(attributesOf(trial)))
      insertUser.run(id, key, JSON.stringify(held));
  };
}

type Values = readonly (readonly [Parameter, string | number | boolean])[];

function valuesOf(trial: SnapshotTrial, parameters: readonly Parameter[]): Values {
  const all = toHyperparameters(trial);
  return parameters.flatMap((parameter) => {
    const value = valueIn(parameter.domain, all);
    return value === null ? [] : [[parameter, value] as const];
  });
}

function toFixed(values: Values): object {
  return Object.fromEntries(values.map(([{ domain }, value]) => [domain.name, value]));
}

function attributesOf(trial: SnapshotTrial): object {
  const { trial_id, strategy_label, config_label, seed, epochs, epochs_done, best_epoch, message } =
    trial;
  return {
    trial_id,
    state: trial.state,
    strategy_label,
    config_label,
    seed,
    epochs,
    epochs_done,
    best_epoch,
    message,
  };
}

/** A number with what Optuna calls its type; NaN only as an intermediate value. */
function toTyped(value: number): readonly [number | null, string] {
  if (Number.isFinite(value)) return [value, 'FINITE'];
  if (Number.isNaN(value)) return [null, 'NAN'];
  return [null, value > 0 ? 'INF_POS' : 'INF_NEG'];
}

/** As Python's `datetime` is stored: `2026-01-31 12:00:00.123000`. */
function toTime(ms: number | null): string | null {
  if (ms === null) return null;
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}000`;
}
