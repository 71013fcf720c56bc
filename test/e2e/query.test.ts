// `espalier query` as people and scripts run it: formats, parameters, what is refused, the limit of time, and a coordinator beside it.

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statePaths } from '../../src/storage/state-folder.ts';
import { digitsState } from '../results/digits-results.ts';
import { epochReport, startSmall } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, processesWith, type Running, until } from '../support/processes.ts';

const CLI = join(import.meta.dirname, '../../dist/src/cli/main.js');

/** Counts for ever. */
const ENDLESS =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n, trials';

type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

function query(state: string, args: readonly string[], input?: string): Ran {
  return spawnSync(process.execPath, [CLI, 'query', ...args, '--state', state], {
    encoding: 'utf8',
    input: input ?? '',
  });
}

test('answers are tables for people, and CSV, JSON and JSON lines for programs', () => {
  const state = digitsState();
  const sql =
    'SELECT number, strategy, value FROM leaderboard WHERE sweep_id = :sweep AND rank <= 2 ORDER BY rank';
  const args = [sql, '--param', 'sweep=digits'];
  expect(query(state, args).stdout).toBe(
    'number  strategy      value\n    32  plateau    0.032731\n    12  multistep  0.036365\n',
  );
  const csv =
    'number,strategy,value\n32,plateau,0.03273129111135399\n12,multistep,0.03636505692214756\n';
  expect(query(state, [...args, '--format', 'csv']).stdout).toBe(csv);
  const records = [
    { number: 32, strategy: 'plateau', value: 0.03273129111135399 },
    { number: 12, strategy: 'multistep', value: 0.03636505692214756 },
  ];
  expect(JSON.parse(query(state, [...args, '--json']).stdout)).toEqual(records);
  const lines = query(state, [...args, '--format', 'jsonl'])
    .stdout.trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(records);
});

test('the SQL comes from the command line, from a file, or from standard input', () => {
  const [state, file] = [digitsState(), join(temporaryFolder(), 'question.sql')];
  writeFileSync(file, 'SELECT count(*) AS trials FROM trials;\n');
  const expected = 'trials\n    74\n';
  expect(query(state, ['--file', file]).stdout).toBe(expected);
  expect(query(state, ['-'], readFileSync(file, 'utf8')).stdout).toBe(expected);
  expect(query(state, [], readFileSync(file, 'utf8')).stdout).toBe(expected);
  expect(query('/nowhere', ['--db', statePaths(state).database, '--file', file]).stdout).toBe(
    expected,
  );
});

test('a table stops at its limit and says so where it is not read by programs', () => {
  const { stdout, stderr } = query(digitsState(), ['SELECT number FROM trials', '--limit', '3']);
  expect(stdout.split('\n').length).toBe(5);
  expect(stderr).toContain('the first 3 rows; --limit ROWS shows more');
});

test.each([
  ['DELETE FROM trial', 'DELETE: the results are read-only'],
  ['PRAGMA journal_mode = DELETE', 'PRAGMA: ask the table-valued functions'],
  ["ATTACH '/tmp/other.db' AS other", 'ATTACH: a query reads one database'],
  ["VACUUM INTO '/tmp/copy.db'", 'VACUUM: the results are read-only'],
  ['SELECT 1; DELETE FROM trial', 'the query failed'],
  ['WITH t AS (SELECT 1) DELETE FROM trial', 'a statement that writes'],
  ['SELECT nonsense FROM trials', 'no such column: nonsense'],
  ['SELECT :sweep', '--param sweep=VALUE'],
  ['', 'there is no SQL'],
])('refused and told why: %s', (sql, why) => {
  const state = digitsState();
  const before = readFileSync(statePaths(state).database);
  const { status, stdout, stderr } = query(state, [sql]);
  expect(stderr).toContain(why);
  expect([status, stdout]).toEqual([3, '']);
  expect(readFileSync(statePaths(state).database).equals(before)).toBe(true);
});

test('a query that takes too long is ended, prints nothing, and says what to do', () => {
  const { status, stdout, stderr } = query(digitsState(), [
    ENDLESS,
    '--timeout',
    '0.5',
    '--format',
    'csv',
  ]);
  expect([status, stdout]).toEqual([5, '']);
  expect(stderr).toBe(
    'espalier: the query was ended after 0.5 s: ask for less, or give it more time with --timeout SECONDS\n',
  );
});

/** The process that runs a query on a database, once it has it open. */
async function childOf(database: string): Promise<number> {
  return until('the query to run', () =>
    processesWith('query/child').find((pid) => hasOpen(pid, database)),
  );
}

function hasOpen(pid: number, file: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === file);
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

test('a coordinator records and acknowledges while a long query runs', async () => {
  const { state, agent } = await startSmall();
  const { database } = statePaths(state);
  const long: Running = espalier(['query', ENDLESS, '--state', state, '--timeout', '3000']);
  const child = await childOf(database);
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  await agent.report('small/1@0', 1, epochReport(1, 0.25));
  expect([long.child.exitCode, hasOpen(child, database)]).toEqual([null, true]);
  expect(
    query(state, ['SELECT epochs_done FROM trials WHERE number = 1', '--format', 'csv']).stdout,
  ).toBe('epochs_done\n2\n');
  long.child.kill('SIGKILL');
  await until('the query to end with its command', () => !hasOpen(child, database));
});

test('a reader that has seen enough ends it quietly', async () => {
  const state = digitsState();
  const command = `"${process.execPath}" "${CLI}" query "SELECT * FROM trial_metrics" --format csv --state "${state}" | head -2`;
  const piped = spawn('bash', ['-c', `set -o pipefail; ${command}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, failed] = ['', ''];
  piped.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  piped.stderr.on('data', (chunk: Buffer) => (failed += chunk.toString()));
  const status = await new Promise((resolve) => piped.once('close', resolve));
  expect([status, failed, said.trimEnd().split('\n').length]).toEqual([0, '', 2]);
});
