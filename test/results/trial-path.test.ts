// Paths of trials in a database with a small tree, made with the schema as it is.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { pathJson, pathLines } from '../../src/cli/path-lines.ts';
import { openResults, type Results } from '../../src/results/open-results.ts';
import { temporaryFolder } from '../support/folder.ts';

const SCHEMA = join(import.meta.dirname, '../../coordinator/store/schema');

/** A table's columns that have no default, with values that say nothing. */
const BLANK: Readonly<Record<string, Readonly<Record<string, string | number | null>>>> = {
  sweep: {
    name: 's',
    fingerprint: '',
    state: 'running',
    metric: 'val_loss',
    mode: 'min',
    at: 'best',
    spec_json: '{}',
    sweep_file: '',
    bundle_json: '{}',
    files_json: '[]',
    submitted_ms: 0,
  },
  trial: {
    sweep_id: 's',
    strategy: 'fixed',
    strategy_json: '{}',
    strategy_label: '',
    config_json: '{}',
    config_label: '',
    seed: 1,
    epochs: 10,
    message: '',
    pausing: 0,
  },
  stage: {
    sweep_id: 's',
    state: 'ended',
    attempt: 1,
    repeated_epochs: 0,
    reproducible: 1,
    failures: 0,
    losses: 0,
    last_failure: '',
    root_id: 's/1+@0',
    until_epoch: 10,
  },
  trial_stage: {},
  agent: {
    incarnation: '1',
    version: '0',
    slots_json: '[]',
    state: 'connected',
    draining: 0,
    last_sequence: 0,
  },
  checkpoint: { files_json: '[]', stored: 0, agents_json: '["a-1","a-2"]' },
};

type Row = Readonly<Record<string, string | number | null>>;

/**
 * Trials 1 to 4 part at once; 1, 2 and 3 train five epochs together, 1 and 2 the other five; 3 fails alone, not reproducible;
 * 5 is cancelled before those two end, 6 while it trains with 4, which still does.
 */
const ROWS: readonly (readonly [table: string, row: Row])[] = [
  ['agent', { agent_id: 'a-1', name: 'atlas' }],
  ['sweep', { sweep_id: 's' }],
  ['stage', { stage_id: 's/1+@0', from_epoch: 0, recorded_epochs: 0 }],
  [
    'stage',
    { stage_id: 's/1@0', parent_id: 's/1+@0', from_epoch: 0, recorded_epochs: 5, attempt: 2 },
  ],
  ['stage', { stage_id: 's/1@5', parent_id: 's/1@0', from_epoch: 5, recorded_epochs: 5 }],
  [
    'stage',
    { stage_id: 's/3@5', parent_id: 's/1@0', from_epoch: 5, recorded_epochs: 1, reproducible: 0 },
  ],
  [
    'stage',
    { stage_id: 's/4@0', parent_id: 's/1+@0', from_epoch: 0, recorded_epochs: 3, state: 'leased' },
  ],
  ...[
    ['completed', 10, 's/1@5'],
    ['completed', 10, 's/1@5'],
    ['failed', 6, 's/3@5'],
    ['running', 3, 's/4@0'],
    ['cancelled', 7, 's/1@5'],
    ['cancelled', 3, 's/4@0'],
  ].map(([state = '', epochs_done = 0, stage_id = ''], index): [string, Row] => [
    'trial',
    { trial_id: `s/${index + 1}`, number: index + 1, state, epochs_done, stage_id },
  ]),
  ...[
    ['s/1', 's/1+@0', 0, 0],
    ['s/2', 's/1+@0', 0, 0],
    ['s/3', 's/1+@0', 0, 0],
    ['s/4', 's/1+@0', 0, 0],
    ['s/5', 's/1+@0', 0, 0],
    ['s/1', 's/1@0', 0, 5],
    ['s/2', 's/1@0', 0, 5],
    ['s/3', 's/1@0', 0, 5],
    ['s/5', 's/1@0', 0, 5],
    ['s/1', 's/1@5', 5, null],
    ['s/2', 's/1@5', 5, null],
    ['s/5', 's/1@5', 5, 7],
    ['s/3', 's/3@5', 5, 6],
    ['s/4', 's/4@0', 0, null],
    ['s/6', 's/4@0', 0, 3],
  ].map(([trial_id = '', stage_id = '', from_epoch = 0, to_epoch = null]): [string, Row] => [
    'trial_stage',
    { trial_id, stage_id, from_epoch, to_epoch },
  ]),
  [
    'checkpoint',
    { stage_id: 's/1@0', epoch: 5, checkpoint_id: 'a', size_bytes: 1_234_000, stored: 1 },
  ],
  ['checkpoint', { stage_id: 's/1@5', epoch: 10, checkpoint_id: 'b', size_bytes: 999 }],
];

function recorded(after = ''): Results {
  const path = join(temporaryFolder(), 'espalier.db');
  const db = new Database(path);
  for (const file of readdirSync(SCHEMA).toSorted())
    db.exec(readFileSync(join(SCHEMA, file), 'utf8'));
  db.exec("INSERT INTO meta (only, application) VALUES (1, 'espalier')");
  db.transaction(() => {
    for (const [table, row] of ROWS) insert(db, table, { ...BLANK[table], ...row });
  })();
  db.exec(after);
  db.close();
  const results = openResults(path);
  onTestFinished(() => results.close());
  return results;
}

function insert(db: Database.Database, table: string, row: Row): void {
  const columns = Object.keys(row);
  db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  ).run(Object.values(row));
}

function linesOf(results: Results, trialId: string): readonly string[] {
  const trial = results.trial(trialId);
  if (trial === undefined) throw new Error(`no trial ${trialId}`);
  return pathLines(results.path(trial));
}

test('a trial is a path of stages, equal to those that ended with it, and what is held of it is named', () => {
  const results = recorded();
  expect(linesOf(results, 's/1')).toEqual([
    'path: s/1@0 epochs 0–4 shared by 4 trials in 2 attempts',
    '    → s/1@5 epochs 5–9 shared by 3 trials',
    'equal to: s/2: the same training, done once',
    'checkpoint: s/1@0 after 5 epochs, 1.23 MB, on the coordinator, atlas, a-2',
    'checkpoint: s/1@5 after 10 epochs, 999 B, on atlas, a-2',
  ]);
});

test('a trial that left a stage earlier is equal to none of it, and has no later checkpoint', () => {
  expect(linesOf(recorded(), 's/5')).toEqual([
    'path: s/1@0 epochs 0–4 shared by 4 trials in 2 attempts',
    '    → s/1@5 epochs 5–6 shared by 3 trials',
    'checkpoint: s/1@0 after 5 epochs, 1.23 MB, on the coordinator, atlas, a-2',
  ]);
});

test('a stage that was not reproducible is named', () => {
  expect(linesOf(recorded(), 's/3')).toEqual([
    'path: s/1@0 epochs 0–4 shared by 4 trials in 2 attempts',
    '    → s/3@5 epoch 5 alone',
    'not reproducible: s/3@5 gave other numbers when it was trained again',
    'checkpoint: s/1@0 after 5 epochs, 1.23 MB, on the coordinator, atlas, a-2',
  ]);
});

test('an open stage counts as far as it is recorded, and equals nothing yet', () => {
  expect(linesOf(recorded(), 's/4')).toEqual(['path: s/4@0 epochs 0–2 shared by 2 trials']);
});

test('as JSON the path has every stage, those without an epoch too', () => {
  const results = recorded();
  const trial = results.trial('s/1');
  expect(pathJson(trial === undefined ? expect.fail() : results.path(trial))).toMatchObject({
    path: [
      { stage_id: 's/1+@0', from_epoch: 0, to_epoch: 0, members: 5, reproducible: true },
      { stage_id: 's/1@0', from_epoch: 0, to_epoch: 5, members: 4, attempts: 2 },
      { stage_id: 's/1@5', from_epoch: 5, to_epoch: 10, members: 3, attempts: 1 },
    ],
    equals: ['s/2'],
    reproducible: true,
    checkpoints: [
      { stage_id: 's/1@0', epoch: 5, stored: true, agents: ['atlas', 'a-2'] },
      { stage_id: 's/1@5', epoch: 10, stored: false, size_bytes: 999 },
    ],
  });
});

test('a sweep counts what is delivered, what was trained for it, and paused trials', () => {
  expect(recorded().sweep('s')).toMatchObject({
    trials: 6,
    paused: 0,
    epochs_total: 60,
    epochs_delivered: 39,
    epochs_trained: 14,
  });
});

test('a database of an earlier release, which has no checkpoints, can be read', () => {
  const lines = linesOf(recorded('DROP VIEW checkpoints; DROP TABLE checkpoint'), 's/2');
  expect(lines).toContain('equal to: s/1: the same training, done once');
  expect(lines.filter((line) => line.startsWith('checkpoint'))).toEqual([]);
});
