// The page of promises names what is there: tests, planted bugs and invariants of the simulation.

import { expect, test } from 'vitest';
import { MUTANTS } from '../../mutants/catalogue.ts';
import { CATALOGUE } from '../simulation/invariants/catalogue.ts';
import { promisesOf, read, testsOf } from './pages.ts';

const PROMISES = promisesOf(read('docs/promises.md'));

test('there are ten promises, each with tests, with planted bugs and with invariants', () => {
  expect(PROMISES.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const { number, tests, bugs, invariants } of PROMISES)
    expect([number, tests.length > 2, bugs.length > 1, invariants.length > 0]).toEqual([
      number,
      true,
      true,
      true,
    ]);
});

test('every test that a promise names is in the file that it names', () => {
  const missing = PROMISES.flatMap(({ tests }) => tests).filter(
    ({ file, name }) => !testsOf(read(file)).has(name),
  );
  expect(missing).toEqual([]);
});

test('every planted bug that a promise names is planted', () => {
  const planted = new Set(MUTANTS.map(({ name }) => name));
  const missing = PROMISES.flatMap(({ bugs }) => bugs).filter((name) => !planted.has(name));
  expect(missing).toEqual([]);
});

test('no planted bug stands for two promises', () => {
  const named = PROMISES.flatMap(({ bugs }) => bugs);
  expect(named.filter((name, i) => named.indexOf(name) !== i)).toEqual([]);
});

test('of each promise the page names the invariants that hold it, and no others', () => {
  for (const { number, invariants } of PROMISES) {
    const listed = CATALOGUE.filter(({ promises }) => promises.includes(number));
    expect([number, ...invariants]).toEqual([number, ...listed.map(({ name }) => name)]);
  }
});
