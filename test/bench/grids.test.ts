// The grids of the benchmark of sharing: as many trials and epochs as the README says, and the plan counts what brute force counts.

import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { countByBruteForce, type Histories } from '../../bench/sharing/count-by-brute-force.ts';
import { GRIDS } from '../../bench/sharing/grid-run.ts';
import { rngFor } from '../../src/domain/random.ts';
import type { SweepSpec } from '../../src/domain/sweep.ts';
import { CATALOGUE } from '../../src/lr/catalogue.ts';
import { type Plan, planSweep } from '../../src/plan/plan-sweep.ts';
import { trials } from '../../src/space/grid.ts';
import { readSweepFile } from '../../src/submission/prepare-submission.ts';

const STEPS_PER_EPOCH = 20;

function specOf(name: string): SweepSpec {
  const url = new URL(`../../bench/sharing/grids/${name}.yaml`, import.meta.url);
  return readSweepFile(fileURLToPath(url)).spec;
}

function planOf(spec: SweepSpec): Plan {
  return planSweep({ ...spec, steps_per_epoch: STEPS_PER_EPOCH });
}

/** The same metrics for every trial, so that trials that are alike are so in their metrics too. */
function historiesOf(spec: SweepSpec, lossAt: (epoch: number) => number): Histories {
  return new Map(
    Array.from(trials(spec), ({ epochs }, i) => [
      i + 1,
      Array.from({ length: epochs }, (_, epoch) => ({ val_loss: lossAt(epoch) })),
    ]),
  );
}

test.each([
  ['plateau', 60, 1800],
  ['multistep', 81, 7290],
  ['step', 60, 1800],
  ['mixed', 176, 4400],
])('%s has %i trials of %i epochs', (name, count, delivered) => {
  expect(planOf(specOf(name))).toMatchObject({ trials: count, families: 1, delivered });
});

test.each(GRIDS)('%s says that it shares', (name) => {
  expect(specOf(name).sharing).toBe('on');
});

test('mixed has seven strategies: those with cuts, cycles and plateaus, and none that is not in the catalogue', () => {
  const names = new Set(specOf('mixed').learning_rate.map(({ strategy }) => strategy));
  expect(names.size).toBe(7);
  expect([...names].filter((name) => !Object.hasOwn(CATALOGUE, name))).toEqual([]);
});

test.each([
  ['multistep', 2850],
  ['step', 1150],
])('of %s the plan says what brute force counts: %i epochs', (name, count) => {
  const spec = specOf(name);
  expect(countByBruteForce(spec, STEPS_PER_EPOCH)).toBe(count);
  expect(planOf(spec).trained).toMatchObject({ least: count, most: count });
});

describe.each(['plateau', 'mixed'])('of %s the plan holds what brute force counts', (name) => {
  const spec = specOf(name);
  const { least = 0, most = 0 } = planOf(spec).trained ?? {};
  const count = (lossAt: (epoch: number) => number): number =>
    countByBruteForce(spec, STEPS_PER_EPOCH, historiesOf(spec, lossAt));

  test('at the least, where nothing ever cuts', () => {
    expect(count((epoch) => 1 / (epoch + 1))).toBe(least);
  });

  test('below the most, where everything cuts as soon as it can', () => {
    expect(count(() => 1)).toBeGreaterThan(least);
    expect(count(() => 1)).toBeLessThanOrEqual(most);
  });

  test.each([1, 2, 3, 4, 5])('in between for a random loss, seed %i', (seed) => {
    const random = rngFor(seed, 'loss');
    const losses = Array.from({ length: 30 }, (_, epoch) => random() + 10 / (epoch + 1));
    const counted = count((epoch) => losses[epoch] ?? 0);
    expect(counted).toBeGreaterThanOrEqual(least);
    expect(counted).toBeLessThanOrEqual(most);
  });
});
