import { expect, test } from 'vitest';
import { toFilter } from '../../src/dashboard/filter.ts';
import { trialView } from './sample.ts';

const trial = trialView({
  number: 17,
  state: 'running',
  strategy: 'plateau',
  strategyValues: 'lr 0.05 factor 0.5',
  strategyFields: [
    { name: 'lr', value: '0.05' },
    { name: 'factor', value: '0.5' },
  ],
  configFields: [{ name: 'optimizer', value: 'Adam' }],
  config: 'optimizer Adam',
  seed: 3,
  epoch: 12,
  hasValue: true,
  bestValue: 0.041,
});

test.each([
  ['', true],
  ['plateau adam', true],
  ['plateau sgd', false],
  ['#17', true],
  ['strategy=plateau', true],
  ['strategy=PLATEAU', true],
  ['strategy=plat', false],
  ['strategy!=plateau', false],
  ['factor=0.50', true],
  ['lr>0.01', true],
  ['lr>0.05', false],
  ['lr>=0.05', true],
  ['best<0.05 seed=3', true],
  ['best<0.04', false],
  ['optimizer=adam', true],
  ['gamma=0.5', false],
  ['gamma>0', false],
  ['gamma!=0.5', true],
  ['!failed', true],
  ['!plateau', false],
  ['!', false],
  ['lr>', false],
  ['epoch<=12 epoch>=12', true],
])('the filter “%s” lets the trial through: %s', (typed, passes) => {
  expect(toFilter(typed)(trial)).toBe(passes);
});

test('a trial without a value is on neither side of a number', () => {
  const blank = trialView({ number: 1 });
  expect([toFilter('best<1')(blank), toFilter('best>=1')(blank)]).toEqual([false, false]);
});
