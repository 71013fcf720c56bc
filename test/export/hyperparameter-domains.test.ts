// Kinds of hyperparameters: what a column or a parameter is made from.

import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { type Domain, readDomains } from '../../src/export/hyperparameter-domains.ts';
import { openSnapshot } from '../../src/export/snapshot.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { digitsState } from '../results/digits-results.ts';

/** Those of the sweep `digits` after an update of its trials. */
function domains(change = ''): ReadonlyMap<string, Domain> {
  const { database } = statePaths(digitsState());
  if (change !== '') {
    const db = new Database(database);
    db.exec(change);
    db.close();
  }
  const snapshot = openSnapshot(database, 'digits');
  onTestFinished(() => snapshot.close());
  return new Map(readDomains(snapshot).map((domain) => [domain.name, domain]));
}

/** Sets a field of the config to JSON that depends on the trial's number. */
const withConfig = (json: string): string =>
  `UPDATE trial SET config_json = json_set(config_json, '$.extra', json(${json})) WHERE sweep_id = 'digits'`;

test('the config comes first, then the strategy and its fields', () => {
  const names = [...domains().keys()];
  const strategy = names.indexOf('learning_rate.strategy');
  expect(names.slice(0, strategy).every((name) => name.startsWith('config.'))).toBe(true);
  expect(names.slice(strategy).every((name) => name.startsWith('learning_rate.'))).toBe(true);
  expect(names.includes('seed')).toBe(false);
});

test('values are distinct and sorted by size, lengths are written as in a sweep file', () => {
  const found = domains();
  expect(found.get('learning_rate.lr')).toEqual({
    name: 'learning_rate.lr',
    kind: 'real',
    values: [0.01, 0.05],
  });
  expect(found.get('learning_rate.patience')).toMatchObject({ kind: 'integer', values: [1, 3] });
  expect(found.get('learning_rate.staircase')).toMatchObject({ kind: 'boolean', values: [false] });
  expect(found.get('learning_rate.step_size')).toMatchObject({
    kind: 'text',
    values: ['2 epochs', '6'],
  });
  expect(found.get('learning_rate.milestones')).toMatchObject({
    kind: 'text',
    values: ['[10,15]'],
  });
});

test('rates that happen to be whole numbers are real numbers all the same', () => {
  const change = `UPDATE trial SET strategy_json = json_set(strategy_json, '$.lr', 1 + number % 2)
    WHERE sweep_id = 'digits' AND json_type(strategy_json, '$.lr') IS NOT NULL`;
  expect(domains(change).get('learning_rate.lr')).toMatchObject({ kind: 'real', values: [1, 2] });
});

test.each([
  ['nothing but nulls', "'null'", { kind: 'text', values: ['null'] }],
  ['numbers and nulls', "iif(number = 1, 'null', number % 2)", { kind: 'integer', values: [0, 1] }],
  ['whole numbers and others', "iif(number = 1, '0.5', '2')", { kind: 'real', values: [0.5, 2] }],
  ['numbers and texts', `iif(number = 1, '"adam"', '2')`, { kind: 'text', values: ['2', 'adam'] }],
  ['truth and numbers', "iif(number = 1, 'true', '2')", { kind: 'text', values: ['2', 'true'] }],
  ['truth', "iif(number = 1, 'true', 'false')", { kind: 'boolean', values: [false, true] }],
  [
    'more than doubles count',
    "'9007199254740993000'",
    { kind: 'real', values: [9007199254740993000] },
  ],
])('%s', (_, json, expected) => {
  expect(domains(withConfig(json)).get('config.extra')).toMatchObject(expected);
});
