// The benchmark of learning rates: that it times all there is to time, and judges by the least.

import { expect, test } from 'vitest';

import { checkMixes, checkStrategies } from '../../bench/lr/checks.ts';
import { MIXES } from '../../bench/lr/mixes.ts';
import { OBJECTIVE, SETTINGS, WARMUP } from '../../bench/lr/settings.ts';
import { CATALOGUE } from '../../src/lr/catalogue.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';

test('every strategy of the catalogue is timed', () => {
  const timed = new Set(Object.values(SETTINGS).map(({ strategy }) => strategy));
  expect(timed).toEqual(new Set(Object.keys(CATALOGUE)));
});

test.each(Object.entries(SETTINGS))('%s can be run, also behind a warm-up', (_, spec) => {
  expect(parseStrategy(spec)).toMatchObject({ ok: true });
  expect(parseStrategy({ ...spec, warmup: WARMUP })).toMatchObject({ ok: true });
});

test.each(Object.entries(MIXES))('all members of %s can be run', (_, strategyOf) => {
  for (const member of [0, 1, 500, 999])
    expect(parseStrategy(strategyOf(member), OBJECTIVE)).toMatchObject({ ok: true });
});

test('a strategy is judged by the least of its runs, in the slower of the two ways', () => {
  const all = new Map([
    ['quick', { stretch: [500, 99], epochs: [99, 500] }],
    ['slow', { stretch: [20, 20], epochs: [130, 100] }],
  ]);
  expect(checkStrategies(all).flaw).toBe('slow takes 100 ms');
  all.delete('slow');
  expect(checkStrategies(all).flaw).toBeUndefined();
});

test('a mix is judged by the least of its runs', () => {
  expect(checkMixes(new Map([['some', [5000, 999]]])).flaw).toBeUndefined();
  expect(checkMixes(new Map([['some', [5000, 1000]]])).flaw).toBe('some takes 1000 ms');
});
