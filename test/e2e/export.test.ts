// `espalier export` as a person runs it: beside a coordinator, again, in the wrong place, and interrupted.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { statePaths } from '../../src/storage/state-folder.ts';
import { digitsState } from '../results/digits-results.ts';
import { ended, epochReport, startSmall } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier, until } from '../support/processes.ts';

type Ran = { readonly status: number | NodeJS.Signals; readonly output: string };

async function run(state: string, ...args: readonly string[]): Promise<Ran> {
  const running = espalier(['export', ...args, '--state', state]);
  const status = await running.ended;
  return { status, output: running.output() };
}

/** What stands in a folder, without what is to be there. */
const others = (folder: string, ...names: readonly string[]): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .map((entry) => entry.name)
    .filter((name) => !names.includes(name));

test('every format has its files, says what it wrote, and leaves nothing else', async () => {
  const [state, folder] = [digitsState(), temporaryFolder()];
  for (const format of ['csv', 'jsonl', 'parquet', 'tensorboard', 'optuna']) {
    const { status, output } = await run(
      state,
      'digits',
      '--to',
      format,
      '-o',
      join(folder, format),
    );
    expect(output).toMatch(/33 (?:trials|runs)/);
    expect(status).toBe(0);
  }
  expect(others(folder, 'csv', 'jsonl', 'parquet', 'tensorboard', 'optuna')).toEqual([]);
  const tables = ['attempts.csv', 'epochs.csv', 'espalier-export.json', 'stages.csv', 'trials.csv'];
  expect(readdirSync(join(folder, 'csv')).toSorted()).toEqual(tables);
});

test('--json says what was written for programs', async () => {
  const target = join(temporaryFolder(), 'one.csv');
  const { output } = await run(
    digitsState(),
    'digits',
    '--to',
    'csv',
    '--table',
    'epochs',
    '-o',
    target,
    '--json',
  );
  expect(JSON.parse(output)).toMatchObject({
    path: target,
    sweep: 'digits',
    format: 'csv',
    rows: { epochs: 660 },
  });
  expect(readFileSync(target, 'utf8').split('\n').length).toBe(662);
});

test('what stands there stays unless --force says otherwise, and what is no export stays also then', async () => {
  const [state, folder] = [digitsState(), temporaryFolder()];
  const [target, study, mine] = [
    join(folder, 'digits'),
    join(folder, 'study.db'),
    join(folder, 'mine'),
  ];
  const tables = ['digits', '--to', 'csv', '-o', target];
  expect((await run(state, ...tables)).status).toBe(0);
  writeFileSync(join(target, 'epochs.csv'), 'mine');
  const refused = await run(state, ...tables);
  expect([refused.status, readFileSync(join(target, 'epochs.csv'), 'utf8')]).toEqual([5, 'mine']);
  expect(refused.output).toContain('--force');
  expect((await run(state, ...tables, '--force')).status).toBe(0);
  expect(readFileSync(join(target, 'epochs.csv'), 'utf8')).toContain('trial_id');

  mkdirSync(mine);
  writeFileSync(join(mine, 'thesis.tex'), 'mine');
  const guarded = await run(state, 'digits', '--to', 'csv', '-o', mine, '--force');
  expect([guarded.status, readFileSync(join(mine, 'thesis.tex'), 'utf8')]).toEqual([5, 'mine']);

  const asStudy = ['digits', '--to', 'optuna', '-o', study, '--force'];
  expect((await run(state, ...asStudy)).status).toBe(0);
  expect((await run(state, ...asStudy)).status).toBe(0);
  // A journal beside it would be played back into the new file.
  writeFileSync(`${study}-journal`, 'mine');
  const inUse = await run(state, ...asStudy);
  expect([inUse.status, inUse.output.includes('in use')]).toEqual([5, true]);
  expect(others(folder, 'digits', 'study.db', 'study.db-journal', 'mine')).toEqual([]);
});

test('no database that is not a study is replaced, least of all the one that is read', async () => {
  const state = digitsState();
  const { database } = statePaths(state);
  const before = readFileSync(database);
  const copy = join(temporaryFolder(), 'copy.db');
  writeFileSync(copy, before);
  for (const [target, why] of [
    [database, 'is in use'],
    [copy, 'is no export'],
  ] as const)
    for (const format of [['optuna'], ['csv', '--table', 'trials']]) {
      const refused = await run(state, 'digits', '--to', ...format, '-o', target, '--force');
      expect([refused.status, refused.output.includes(why)]).toEqual([5, true]);
      expect(readFileSync(target).equals(before)).toBe(true);
    }
});

test('mistakes are told and leave nothing', async () => {
  const [state, folder] = [digitsState(), temporaryFolder()];
  const at = (name: string): string => join(folder, name);
  const unknown = await run(state, 'digit', '--to', 'csv', '-o', at('a'));
  expect([unknown.status, unknown.output.includes('no sweep digit: there is')]).toEqual([4, true]);
  const nowhere = await run(state, 'digits', '--to', 'csv', '-o', at('no/such/place'));
  expect([nowhere.status, nowhere.output.includes(`no folder ${at('no/such')}`)]).toEqual([
    7,
    true,
  ]);
  const nonsense = await run(state, 'digits', '--to', 'optuna', '--table', 'trials', '-o', at('b'));
  expect(nonsense.status).toBe(2);
  expect((await run(temporaryFolder(), 'digits', '--to', 'csv', '-o', at('c'))).status).toBe(4);
  expect(readdirSync(folder)).toEqual([]);
});

test('Ctrl-C and SIGTERM leave nothing, neither under the name nor beside it', async () => {
  const [state, folder] = [digitsState(), temporaryFolder()];
  multiply(statePaths(state).database);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const running = espalier([
      'export',
      'digits',
      '--to',
      'csv',
      '--steps',
      '-o',
      join(folder, 'out'),
      '--state',
      state,
    ]);
    await until('the export to begin', () => readdirSync(folder).length > 0);
    running.child.kill(signal);
    expect(await running.ended).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  }
});

/** Gives every trial 3,000 steps an epoch, so that an export takes a while. */
function multiply(database: string): void {
  const db = new Database(database);
  db.exec('UPDATE epoch SET steps = 3000; DELETE FROM learning_rate_series');
  db.close();
}

test('an export beside a running coordinator has the sweep as it was at one moment', async () => {
  const { state, agent } = await startSmall();
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  const target = join(temporaryFolder(), 'out');
  expect((await run(state, 'small', '--to', 'jsonl', '-o', target)).status).toBe(0);
  // The coordinator takes reports after it, and so it did meanwhile: it never waits for readers.
  await agent.report('small/1@0', 1, epochReport(1, 0.25));
  await agent.report('small/1@0', 1, ended('completed'));
  const lines = readFileSync(join(target, 'epochs.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.length).toBe(1);
  const [trial] = readFileSync(join(target, 'trials.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(trial ?? '')).toMatchObject({ state: 'running', value: 0.5, epochs_done: 1 });
  expect(existsSync(target) && statSync(target).isDirectory()).toBe(true);
});
