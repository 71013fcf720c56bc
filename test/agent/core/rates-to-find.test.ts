// Which range tests the members of a stage need, and what is made of the curves.

import { expect, test } from 'vitest';
import type { MemberSpec } from '../../../agent/core/cohort.ts';
import { toFoundRates, toRangeTests } from '../../../agent/core/rates-to-find.ts';
import { toFinding } from '../../../src/lr/find.ts';
import { analyzeLosses, type LossCurve } from '../../../src/lr/range-test/analyze-losses.ts';
import { chooseRates } from '../../../src/lr/range-test/choose-rates.ts';
import { toLearningRates } from '../../../src/lr/range-test/ramp.ts';
import { testLosses } from '../../simulation/toy-range-test.ts';
import { toFixed, toSpec } from './member.ts';

const FIND = toFinding({ find: {} }).find;

/** A member whose rate is found so. */
function toFound(number: number, find: object = {}): MemberSpec {
  return toSpec(number, { strategy: 'fixed', lr: { find } });
}

/** What a find is with these changes. */
function findOf(change: object): typeof FIND {
  return { ...FIND, ...change };
}

function curveOf(seed: number): LossCurve {
  const learningRates = toLearningRates(FIND);
  return { learningRates, losses: testLosses({}, seed, learningRates) };
}

function flat(): LossCurve {
  const learningRates = toLearningRates(FIND);
  return { learningRates, losses: learningRates.map(() => 1) };
}

test('members that leave nothing to a test need none', () => {
  expect(toRangeTests([])).toEqual([]);
  expect(toRangeTests([toFixed(1), toFixed(2, 0.5)])).toEqual([]);
});

test('one test serves all members that ask for the same, whatever times they take of it', () => {
  const tests = toRangeTests([
    toFixed(1),
    toFound(2),
    toFound(3, { steps: 100 }),
    toSpec(4, {
      strategy: 'cyclic',
      base_lr: { find: { times: 2 } },
      max_lr: { find: {} },
      step_size: 2,
    }),
  ]);
  expect(tests).toHaveLength(1);
  expect(tests[0]?.finds).toHaveLength(1);
});

test('each way to read the curves is told of one test, and each way to test is one of its own', () => {
  const tests = toRangeTests([
    toFound(1),
    toFound(2, { suggest: 'steepest' }),
    toFound(3, { steps: 50 }),
    toFound(4, { seeds: [7] }),
  ]);
  expect(tests).toEqual([
    { find: FIND, finds: [FIND, findOf({ suggest: 'steepest' })] },
    { find: findOf({ steps: 50 }), finds: [findOf({ steps: 50 })] },
    { find: findOf({ seeds: [7] }), finds: [findOf({ seeds: [7] })] },
  ]);
});

test('what the curves of all seeds suggest comes for each way to read them, as the analysis has it', () => {
  const curves = [1, 2, 3].map(curveOf);
  const finds = [FIND, findOf({ suggest: 'steepest', times: 2 })];
  const rates = toFoundRates({ find: FIND, finds }, curves);
  const analyses = curves.map((curve) => analyzeLosses(curve));
  expect(rates.missing).toEqual([]);
  expect(rates.rates).toEqual(
    finds.map((find) => {
      const chosen = chooseRates(analyses, find.suggest);
      if (chosen.kind === 'none') throw new Error(chosen.why);
      const { max_lr: maxLr, base_lr: baseLr, least, greatest, words } = chosen;
      const counts = { found: 3, tested: 3, words };
      return { findJson: JSON.stringify(find), maxLr, baseLr, least, greatest, ...counts };
    }),
  );
});

test('seeds that suggest nothing are counted as long as most suggest something', () => {
  const rates = toFoundRates({ find: FIND, finds: [FIND] }, [curveOf(1), flat(), curveOf(2)]);
  expect(rates).toMatchObject({ rates: [{ found: 2, tested: 3 }], missing: [] });
});

test('where most seeds suggest nothing, it is said for which way and why', () => {
  const finds = [FIND, findOf({ suggest: 'minimum' })];
  const why =
    'the loss does not fall by more than its noise, from 1 to 1 at best: test more steps, or higher learning rates';
  expect(toFoundRates({ find: FIND, finds }, [flat(), flat(), curveOf(1)])).toEqual({
    rates: [],
    missing: finds.map((find) => ({
      findJson: JSON.stringify(find),
      words: `the range test found no learning rate (${find.suggest}): ${why}`,
    })),
  });
});

test('one way to read the curves may find nothing where another does', () => {
  const learningRates = toLearningRates(FIND);
  const falling = { learningRates, losses: learningRates.map((_, step) => 2 - step / 100) };
  const finds = [FIND, findOf({ suggest: 'minimum' })];
  expect(toFoundRates({ find: FIND, finds }, [falling])).toMatchObject({
    rates: [{ findJson: JSON.stringify(FIND) }],
    missing: [{ words: expect.stringContaining('(minimum): the smoothed loss still falls') }],
  });
});
