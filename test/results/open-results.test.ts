// The results database as scripts and commands read it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Results } from '../../src/results/open-results.ts';
import { LOG_START, openResults } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { ended, epochReport, startSmall } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';

async function recorded(): Promise<Results> {
  const { state, agent } = await startSmall();
  await agent.report('small/1@0', 1, {
    $case: 'opened',
    opened: { stepsPerEpoch: 10, backend: 'cpu', numerics: '', canSave: false },
  });
  await agent.report('small/1@0', 1, {
    $case: 'series',
    series: { epoch: 0, fromStep: 0, values: [0.5, 0.25] },
  });
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  await agent.report('small/1@0', 1, epochReport(1, Number.NaN));
  await agent.report('small/1@0', 1, {
    $case: 'log',
    log: { offsetBytes: 0, data: Buffer.from('hello\n'), droppedBytes: 0 },
  });
  await agent.report('small/1@0', 1, ended('completed'));
  const results = openResults(statePaths(state).database);
  onTestFinished(() => results.close());
  return results;
}

test('the documented views answer', async () => {
  const results = await recorded();
  const first = (sql: string): unknown => {
    const { columns, rows } = results.query(sql);
    return Object.fromEntries(columns.map((column, i) => [column, rows[0]?.[i]]));
  };
  expect(first('SELECT state, best_value, best_epoch, last_kind FROM trials')).toEqual({
    state: 'completed',
    best_value: 0.5,
    best_epoch: 0,
    last_kind: 'nan',
  });
  expect(
    first("SELECT value, kind FROM trial_metrics WHERE name = 'val_loss' AND epoch = 1"),
  ).toEqual({ value: null, kind: 'nan' });
  expect(first('SELECT epoch, first, last, steps FROM learning_rates')).toEqual({
    epoch: 0,
    first: 0.1,
    last: 0.1,
    steps: 10,
  });
  expect(first('SELECT rank, value, strategy FROM leaderboard')).toEqual({
    rank: 1,
    value: 0.5,
    strategy: 'fixed',
  });
  expect(first('SELECT recorded_epochs, reproducible, members FROM stages')).toEqual({
    recorded_epochs: 2,
    reproducible: 1,
    members: 1,
  });
  expect(first('SELECT hex(float32_values) AS bytes FROM learning_rate_series')).toEqual({
    bytes: '0000003F0000803E',
  });
});

test('columns of the same name keep their values', async () => {
  const results = await recorded();
  expect(results.query("SELECT 1 AS a, 2 AS a, x'00ff' AS b")).toEqual({
    columns: ['a', 'a', 'b'],
    rows: [[1, 2, Buffer.from([0, 255])]],
  });
});

test('logs come back byte for byte', async () => {
  const results = await recorded();
  const rows = results.logs('small/1', LOG_START);
  expect(rows.map((row) => row.data.toString())).toEqual(['hello\n']);
  expect(results.logs('small/1', rows[0] ?? LOG_START)).toEqual([]);
});

test('a query that writes or that is wrong is refused in words', async () => {
  const results = await recorded();
  for (const sql of ['DELETE FROM trial', 'SELECT nothing', 'not sql', 'SELECT 1; SELECT 2']) {
    expect(() => results.query(sql)).toThrow(/query|read-only/);
  }
});

test('a folder without results, and a file that is none, are said to be so', () => {
  const folder = temporaryFolder();
  expect(() => openResults(join(folder, 'espalier.db'))).toThrow(/no results at/);
  writeFileSync(join(folder, 'espalier.db'), 'text');
  expect(() => openResults(join(folder, 'espalier.db'))).toThrow(/not a results database/);
});
