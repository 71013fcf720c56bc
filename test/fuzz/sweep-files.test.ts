// Sweep files that mean harm: whatever they say, reading them ends with a spec that is what it seems, or with problems in words.

import { expect, test, vi } from 'vitest';
import { BOUNDS } from '../../src/domain/bounds.ts';
import type { SweepSpec } from '../../src/domain/sweep.ts';
import { countTrials, trialAt } from '../../src/space/grid.ts';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';
import { formatProblems } from '../../src/spec/problem.ts';
import { forSeeds } from './seeds.ts';
import { randomSweepFile } from './sweep-files.ts';

vi.setConfig({ testTimeout: 3_600_000 });

/** Everything a program prints of a problem is on lines, without a sequence that a terminal obeys. */
const CONTROLS = /[^\P{C}\n]/u;

test('a sweep file that means harm becomes a spec that is what it seems, or problems in words', async () => {
  const pristine = Object.getOwnPropertyNames(Object.prototype);
  let good = 0;
  await forSeeds('sweep files', 1_500, (dice) => {
    const text = randomSweepFile(dice);
    const parsed = parseSweepFile(text);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(pristine);
    if (parsed.ok) {
      good += 1;
      return checkSpec(parsed.spec);
    }
    expect(parsed.problems.length).toBeGreaterThan(0);
    expect(formatProblems(parsed.problems, text)).not.toMatch(CONTROLS);
  });
  // Else nothing was looked at but the first obstacle.
  expect(good).toBeGreaterThan(0);
});

function checkSpec(spec: SweepSpec): void {
  // What is stored and sent is what was checked: JSON has no NaN, no infinity and no sign of a zero.
  expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  const count = countTrials(spec);
  expect(count).toBeGreaterThan(0n);
  expect(count).toBeLessThanOrEqual(BigInt(BOUNDS.trialsOfSweep));
  for (const n of [0, Number(count) - 1]) expect(trialAt(spec, n).epochs).toBeGreaterThan(0);
}
