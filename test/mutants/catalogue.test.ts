// The planted bugs themselves: none is stale, and all ask a suite that is there.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from '../../mutants/catalogue.ts';
import { PROMISES } from '../../mutants/mutant.ts';
import { plant } from '../../mutants/plant.ts';

const ROOT = join(import.meta.dirname, '../..');

test('every planted bug still fits exactly one place in the source', () => {
  for (const mutant of MUTANTS)
    expect(() => plant(readFileSync(join(ROOT, mutant.file), 'utf8'), mutant)).not.toThrow();
});

test('names are unique, and each names a suite that is there', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  const missing = MUTANTS.filter(({ suite }) => !existsSync(join(ROOT, suite.file)));
  expect(missing).toEqual([]);
});

test('every promise is broken by some bug', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
  const broken = new Set(MUTANTS.map(({ promise }) => promise));
  expect([...broken].toSorted()).toEqual(Object.keys(PROMISES).toSorted());
});
