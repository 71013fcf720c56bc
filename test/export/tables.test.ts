// CSV, JSON lines and Parquet, read by DuckDB: every cell is what the database holds.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openResults, type Results } from '../../src/results/open-results.ts';
import { toHyperparameters } from '../../src/results/hyperparameters.ts';
import { duckdb, exported, type Row } from './exported.ts';
import {
  hostileDatabase,
  LONG_NAME,
  NUMBERS,
  ODD_MESSAGE,
  ODD_NAME,
  STEP_RATES,
} from './hostile-results.ts';

const FORMATS = ['csv', 'jsonl', 'parquet'] as const;

/** A column as SQL spells it. */
const named = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function opened(database: string): Results {
  const results = openResults(database);
  onTestFinished(() => results.close());
  return results;
}

type Reading = {
  readonly results: Results;
  readonly ask: (sql: string) => Promise<readonly Row[]>;
  /** A table as DuckDB reads it: its own guess of the types but for the columns that are named as doubles. */
  readonly from: (table: string, ...doubles: readonly string[]) => string;
  readonly rows: Readonly<Record<string, number>>;
};

async function reading(format: (typeof FORMATS)[number]): Promise<Reading> {
  const database = hostileDatabase();
  const { target, rows } = await exported(database, format);
  return {
    results: opened(database),
    ask: await duckdb(),
    from: (table, ...doubles) => {
      const file = `'${join(target, `${table}.${format}`)}'`;
      const casts = doubles.map((name) => `CAST(${named(name)} AS DOUBLE) AS ${named(name)}`);
      const all = format === 'csv' ? `read_csv(${file}, strict_mode = true, escape = '"')` : file;
      return doubles.length === 0 ? all : `(SELECT * REPLACE (${casts.join(', ')}) FROM ${all})`;
    },
    rows,
  };
}

test.each(FORMATS)(
  '%s: every trial with its hyperparameters and what it came to',
  async (format) => {
    const { results, ask, from, rows } = await reading(format);
    const found = await ask(`SELECT * FROM ${from('trials', 'last_value')} ORDER BY number`);
    expect(found.length).toBe(33);
    expect(rows['trials']).toBe(33);
    for (const [i, trial] of results.trials('digits').entries()) {
      const row = found[i] ?? {};
      const { trial_id, state, best_value, best_epoch, seed, epochs_done } = trial;
      expect(row).toMatchObject({
        trial_id,
        state,
        best_value,
        best_epoch,
        seed,
        epochs_done,
        value: best_value,
      });
      const hyperparameters = toHyperparameters(trial);
      for (const name of Object.keys(row).filter((key) =>
        /^(?:config|learning_rate)\./.test(key),
      )) {
        const expected = hyperparameters[name] ?? null;
        // Text where some strategy's value of that name is no number: `6` and `2 epochs`.
        const isText = typeof row[name] === 'string' && expected !== null;
        expect(row[name], name).toBe(isText ? String(expected) : expected);
      }
    }
    expect(found[0]?.['last_value']).toBeNaN();
    expect(found[1]?.['message']).toBe(ODD_MESSAGE);
    const ranks = await ask(`SELECT trial_id FROM ${from('trials')} WHERE rank = 1`);
    expect(ranks).toEqual([{ trial_id: results.leaderboard('digits')[0]?.trial_id }]);
  },
);

test.each(FORMATS)(
  '%s: every epoch with its learning rates and all its metrics',
  async (format) => {
    const { results, ask, from, rows } = await reading(format);
    const metrics = ['accuracy', 'loss', 'val_accuracy', 'val_loss', LONG_NAME, ODD_NAME].map(
      (name) => `metric.${name}`,
    );
    const found = await ask(`SELECT * FROM ${from('epochs', ...metrics)} ORDER BY number, epoch`);
    expect(found.length).toBe(rows['epochs']);
    let i = 0;
    for (const { trial_id } of results.trials('digits'))
      for (const { epoch, first, last, seconds, metrics: expected } of results.epochs(trial_id)) {
        expect(found[i]).toMatchObject({ trial_id, epoch, first, last, seconds });
        for (const name of metrics)
          expect(found[i]?.[name], name).toBe(expected[name.slice('metric.'.length)] ?? null);
        i += 1;
      }
    expect(i).toBe(660);
  },
);

test.each(FORMATS)(
  '%s: NaN, infinities and extreme doubles are what they were, under any name',
  async (format) => {
    const { ask, from } = await reading(format);
    for (const name of [LONG_NAME, ODD_NAME].map((metric) => `metric.${metric}`)) {
      const table = from('epochs', name);
      const found = await ask(
        `SELECT ${named(name)} AS value FROM ${table} WHERE number = 4 AND ${named(name)} IS NOT NULL ORDER BY epoch`,
      );
      expect(found.map((row) => row['value'])).toEqual([...NUMBERS]);
      // Also where a reader skips what the statistics of a file say cannot match.
      const above = await ask(
        `SELECT count(*) AS count FROM ${table} WHERE trial_id = 'digits/4' AND ${named(name)} > 1e300 AND NOT isnan(${named(name)})`,
      );
      expect(above).toEqual([{ count: 2 }]);
    }
  },
);

test.each(FORMATS)('%s: the rate of every step, with the sign of a zero', async (format) => {
  const { ask, from } = await reading(format);
  const found = await ask(
    `SELECT learning_rate FROM ${from('steps', 'learning_rate')} WHERE number = 16 AND epoch = 0 ORDER BY step`,
  );
  expect(found.map((row) => row['learning_rate'])).toEqual([...STEP_RATES]);
  expect(found[0]?.['learning_rate']).toBe(-0);
});

test.each(FORMATS)('%s: the stage tree and what was executed', async (format) => {
  const { results, ask, from, rows } = await reading(format);
  const stages = await ask(
    `SELECT stage_id, parent_id, recorded_epochs, reproducible FROM ${from('stages')}`,
  );
  expect(stages.toSorted(byStage)).toEqual(
    results
      .stages('digits')
      .map(({ stage_id, parent_id, recorded_epochs, reproducible }) => ({
        stage_id,
        parent_id,
        recorded_epochs,
        reproducible,
      }))
      .toSorted(byStage),
  );
  const lost = await ask(
    `SELECT agent, message, granted_ms FROM ${from('attempts')} WHERE "end" = 'lost'`,
  );
  expect(lost).toEqual(
    results
      .attempts('digits')
      .filter(({ end }) => end === 'lost')
      .map(({ agent, message, granted_ms }) => ({ agent, message, granted_ms })),
  );
  expect(rows['attempts']).toBe(results.attempts('digits').length);
});

function byStage(a: Row, b: Row): number {
  return String(a['stage_id']) < String(b['stage_id']) ? -1 : 1;
}

test('JSON lines can be parsed one by one, and numbers that JSON lacks are their names', async () => {
  const { target } = await exported(hostileDatabase(), 'jsonl');
  const lines = readFileSync(join(target, 'epochs.jsonl'), 'utf8').split('\n');
  const fourth = lines.filter((line) => line.startsWith('{"trial_id":"digits/4"'));
  const values = fourth.slice(0, 3).map((line) => (JSON.parse(line) as Row)[`metric.${ODD_NAME}`]);
  expect(values).toEqual(['NaN', 'Infinity', '-Infinity']);
  const steps = readFileSync(join(target, 'steps.jsonl'), 'utf8').split('\n');
  const zero = steps.find((line) => line.startsWith('{"trial_id":"digits/16"'));
  expect((JSON.parse(zero ?? '{}') as Row)['learning_rate']).toBe(-0);
});

test('one table can be had alone, as a file', async () => {
  const { target, rows } = await exported(hostileDatabase(), 'parquet', { table: 'stages' });
  const ask = await duckdb();
  expect(await ask(`SELECT count(*) AS count FROM read_parquet('${target}')`)).toEqual([
    { count: rows['stages'] },
  ]);
  expect(Object.keys(rows)).toEqual(['stages']);
});

test('a sweep without an epoch has tables without a row', async () => {
  const database = hostileDatabase();
  for (const format of FORMATS) {
    const { target, rows } = await exported(database, format, { sweepId: 'digits-broken' });
    expect(rows).toMatchObject({ trials: 1, epochs: 0, steps: 0 });
    const ask = await duckdb();
    const file = join(target, `epochs.${format}`);
    if (format === 'parquet')
      expect(await ask(`SELECT count(*) AS count FROM '${file}'`)).toEqual([{ count: 0 }]);
    else expect(readFileSync(file, 'utf8').split('\n').length).toBe(format === 'csv' ? 2 : 1);
  }
});
