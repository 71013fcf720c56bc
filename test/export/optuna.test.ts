// Studies, read by Optuna itself.

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { statePaths } from '../../src/storage/state-folder.ts';
import { digitsState } from '../results/digits-results.ts';
import { exported, withOptuna } from './exported.ts';
import { hostileDatabase } from './hostile-results.ts';

/** What a study says of itself; numbers that JSON lacks as their text. */
const READ = `
import json, optuna, sys
optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.load_study(study_name=sys.argv[2], storage='sqlite:///' + sys.argv[1])
plain = lambda value: value if value is None or abs(value) < 1e300 else str(value)
done = [trial for trial in study.trials if trial.state.name == 'COMPLETE']
print(json.dumps({
    'direction': study.direction.name, 'user_attrs': study.user_attrs,
    'best': [study.best_trial.number, study.best_value, study.best_params],
    'trials': [{
        'number': trial.number, 'state': trial.state.name, 'value': trial.value, 'params': trial.params,
        'distributions': {name: type(each).__name__ for name, each in trial.distributions.items()},
        'contained': all(each._contains(each.to_internal_repr(trial.params[name])) for name, each in trial.distributions.items()),
        'intermediate': {step: plain(value) for step, value in trial.intermediate_values.items()},
        'user_attrs': trial.user_attrs, 'waits_with': trial.system_attrs.get('fixed_params'),
        'seconds': trial.duration.total_seconds() if trial.duration else None,
    } for trial in study.trials],
}))`;

type Trial = {
  readonly number: number;
  readonly state: string;
  readonly value: number | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly distributions: Readonly<Record<string, string>>;
  readonly contained: boolean;
  readonly intermediate: Readonly<Record<number, number | string>>;
  readonly user_attrs: Readonly<Record<string, unknown>>;
  readonly waits_with: Readonly<Record<string, unknown>> | null;
  readonly seconds: number | null;
};

type Study = {
  readonly direction: string;
  readonly user_attrs: Readonly<Record<string, unknown>>;
  readonly best: readonly [number, number, Readonly<Record<string, unknown>>];
  readonly trials: readonly Trial[];
};

async function read(database: string, sweepId = 'digits'): Promise<Study> {
  const { target } = await exported(database, 'optuna', { sweepId, steps: false });
  // What the script prints is what its type says.
  return withOptuna(READ, target, sweepId) as Study;
}

const digits = (): string => statePaths(digitsState()).database;

test('a completed sweep is a study with its best trial, every parameter and every epoch', async () => {
  const { direction, best, trials, user_attrs } = await read(digits());
  expect([direction, user_attrs['metric'], trials.length]).toEqual(['MINIMIZE', 'val_loss', 33]);
  expect(best.slice(0, 2)).toEqual([31, 0.03273129111135399]);
  expect(best[2]).toMatchObject({
    'learning_rate.strategy': 'plateau',
    'learning_rate.patience': 3,
  });
  expect(trials.every(({ contained }) => contained)).toBe(true);
  const [first] = trials;
  expect(first).toMatchObject({
    number: 0,
    state: 'COMPLETE',
    value: 0.06208759177844603,
    seconds: 11.24,
  });
  expect(first?.user_attrs).toMatchObject({ trial_id: 'digits/1', seed: 1, epochs_done: 20 });
  expect(first?.distributions).toMatchObject({
    'learning_rate.strategy': 'CategoricalDistribution',
    'learning_rate.lr': 'FloatDistribution',
    'config.batch_size': 'IntDistribution',
  });
  expect(Object.keys(first?.intermediate ?? {}).length).toBe(20);
});

test('what diverged or failed is FAIL without a value, so that no infinity is taken for the best', async () => {
  const { best, trials } = await read(digits(), 'digits-linear');
  expect(best[1]).toBe(0.04635871946811676);
  const states = trials.map((trial) => trial.state);
  expect(states.filter((state) => state === 'COMPLETE').length).toBe(26);
  expect(states.filter((state) => state === 'FAIL').length).toBe(14);
  expect(trials.at(-1)).toMatchObject({ state: 'FAIL', value: null, intermediate: { 0: 'inf' } });
  // 1, 3, 10 and 30 are written without a point in the sweep file, and are rates all the same.
  expect(trials.at(-1)?.params['learning_rate.lr']).toBe(30);
  expect(trials.at(-1)?.distributions['learning_rate.lr']).toBe('FloatDistribution');
});

test('intermediate values that are not finite are what they were', async () => {
  const { trials } = await read(hostileDatabase());
  expect(trials[3]?.intermediate).toMatchObject({
    0: 'nan',
    1: 'inf',
    2: '-inf',
    3: 0.1,
    5: '1.7976931348623157e+308',
  });
});

test('states of a sweep that was ended or still runs', async () => {
  const database = digits();
  const db = new Database(database);
  const set = (number: number, state: string, epochs: number): unknown =>
    db
      .prepare(
        "UPDATE trial SET state = ?, epochs_done = ?, ended_ms = NULL WHERE sweep_id = 'digits' AND number = ?",
      )
      .run(state, epochs, number);
  set(1, 'running', 4);
  set(2, 'paused', 4);
  set(3, 'pending', 0);
  set(4, 'pending', 2);
  set(5, 'cancelled', 4);
  set(6, 'failed', 4);
  db.prepare(
    "UPDATE trial SET best_value = NULL, last_value = NULL WHERE sweep_id = 'digits' AND number = 7",
  ).run();
  set(7, 'cancelled', 0);
  db.prepare("UPDATE trial SET best_value = NULL WHERE sweep_id = 'digits' AND number = 8").run();
  db.prepare("DELETE FROM trial_stage WHERE trial_id = 'digits/3'").run();
  db.close();
  const { trials } = await read(database);
  expect(trials.slice(0, 9).map(({ state }) => state)).toEqual(
    'RUNNING RUNNING WAITING RUNNING PRUNED FAIL FAIL FAIL COMPLETE'.split(' '),
  );
  expect(trials[2]).toMatchObject({
    params: {},
    intermediate: {},
    waits_with: { 'learning_rate.lr': 0.05 },
  });
  expect(trials[4]?.value).toBeTypeOf('number');
});

test('Optuna goes on with a study: it begins with the trial that waits, and then draws values within the grid', async () => {
  const database = digits();
  const db = new Database(database);
  db.prepare(
    "UPDATE trial SET state = 'pending', epochs_done = 0, ended_ms = NULL WHERE trial_id = 'digits/33'",
  ).run();
  db.close();
  const { target } = await exported(database, 'optuna', { steps: false });
  const script = `
import json, optuna, sys
optuna.logging.set_verbosity(optuna.logging.ERROR)
sampler = optuna.samplers.TPESampler(seed=1)
study = optuna.load_study(study_name='digits', storage='sqlite:///' + sys.argv[1], sampler=sampler)
def objective(trial):
    trial.suggest_categorical('learning_rate.strategy', ('cyclic', 'exponential', 'fixed', 'multistep', 'plateau', 'step'))
    return trial.suggest_float('learning_rate.lr', 0.01, 0.05)
study.optimize(objective, n_trials=3)
print(json.dumps([[trial.number, trial.params] for trial in study.trials if trial.number in (32, 33, 34)]))`;
  const [waited, ...drawn] = withOptuna(script, target) as readonly [
    number,
    Readonly<Record<string, unknown>>,
  ][];
  expect(waited).toEqual([32, { 'learning_rate.strategy': 'plateau', 'learning_rate.lr': 0.05 }]);
  expect(drawn.map(([number]) => number)).toEqual([33, 34]);
});

test('for later releases the study says so, and has what their migration adds', async () => {
  const { target } = await exported(digits(), 'optuna', { steps: false, release: '3.2' });
  const db = new Database(target, { readonly: true });
  expect(db.prepare('SELECT version_num FROM alembic_version').pluck().get()).toBe('v3.2.0.a');
  const indices = db.prepare("SELECT name FROM pragma_index_list('trials')").pluck().all();
  expect(indices).toEqual(['trials_study_id_key']);
  db.close();
});

test('the tables are those that Optuna makes itself', async () => {
  const { target } = await exported(digits(), 'optuna', { steps: false });
  const script = `
import json, optuna, sqlite3, sys
optuna.logging.set_verbosity(optuna.logging.ERROR)
own = sys.argv[1] + '.own'
optuna.create_study(storage='sqlite:///' + own)
def tables(path):
    db = sqlite3.connect(path)
    names = sorted(name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
    return {name: db.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)).fetchall() for name in names}
versions = [sqlite3.connect(path).execute('SELECT schema_version, version_num FROM version_info, alembic_version').fetchall() for path in (own, sys.argv[1])]
print(json.dumps([tables(own), tables(sys.argv[1]), versions]))`;
  const [own, ours, versions] = withOptuna(script, target) as readonly [
    object,
    object,
    readonly [unknown, unknown],
  ];
  expect(ours).toEqual(own);
  expect(versions[1]).toEqual(versions[0]);
});
