// The strategies against each other, and their values as a map.

import { expect, test } from 'vitest';
import { lineWidth } from '../../src/dashboard/frame/line.ts';
import { heatShares, toHeatMap } from '../../src/dashboard/strategies/heat-map.ts';
import { heatLines } from '../../src/dashboard/strategies/heat-lines.ts';
import { strategyRows } from '../../src/dashboard/strategies/strategy-rows.ts';
import { after, blank } from './after.ts';
import { trialView } from './sample.ts';
import { seededSweep } from './sample-panes.ts';

const MIN = { mode: 'min', countsLast: false } as const;
const won = after(blank(), seededSweep());

const valued = (
  number: number,
  strategy: string,
  values: Readonly<Record<string, string>>,
  bestValue?: number,
): ReturnType<typeof trialView> =>
  trialView({
    number,
    strategy,
    strategyFields: Object.entries(values).map(([name, value]) => ({ name, value })),
    hasValue: bestValue !== undefined,
    bestValue: bestValue ?? 0,
  });

test('rows come with the best setting first, which is that of the best median over seeds', () => {
  const rows = strategyRows(won);
  expect(rows.map(({ strategy }) => strategy)).toEqual(['plateau', 'fixed', 'step', 'cyclic']);
  const [first] = rows[0]?.settings ?? [];
  expect([first?.label, first?.median, first?.values.length]).toEqual([
    'lr 0.05 factor 0.5 patience 3',
    0.0347,
    3,
  ]);
});

test('rows of the same trials are not made twice', () => {
  expect(strategyRows(after(won, 'tab'))).toBe(strategyRows(won));
  expect(strategyRows(after(won, seededSweep()))).not.toBe(strategyRows(won));
});

test('Enter shows the trials of the strategy, the best first', () => {
  const list = after(won, '6', 'j', 'enter');
  expect([list.pane, list.filter, list.sort.key]).toEqual(['trials', 'strategy=fixed', 'best']);
  expect(list.rows).toHaveLength(6);
});

test('a plateau is mapped by factor and patience, even where only one of them differs', () => {
  const map = toHeatMap(
    [
      valued(1, 'plateau', { lr: '0.1', factor: '0.5', patience: '10' }, 4),
      valued(2, 'plateau', { lr: '0.01', factor: '0.5', patience: '2' }, 3),
      valued(3, 'plateau', { lr: '0.1', factor: '0.5', patience: '2' }, 1),
      valued(4, 'plateau', { lr: '0.1', factor: '0.1', patience: '2' }),
    ],
    MIN,
    'best',
  );
  expect(map).toEqual({
    across: 'factor',
    down: 'patience',
    columns: ['0.1', '0.5'],
    rows: ['2', '10'],
    cells: [
      [undefined, 1],
      [undefined, 4],
    ],
  });
});

test('other strategies are mapped by the two values that differ most, and one that never differs is not mapped', () => {
  const trials = [1, 2, 3].map((at) => valued(at, 'step', { lr: '0.1', gamma: `0.${at}` }, at));
  expect(toHeatMap(trials, MIN, 'median')).toMatchObject({ across: 'gamma', down: 'lr' });
  expect(toHeatMap(trials.slice(0, 1), MIN, 'median')).toBeUndefined();
});

test('a cell is the best, the median or how far apart its trials are', () => {
  const trials = [5, 1, 2].map((value, at) =>
    valued(at, 'plateau', { factor: '1', patience: '1' }, value),
  );
  const cell = (of: 'best' | 'median' | 'spread'): number | undefined =>
    toHeatMap(trials, MIN, of)?.cells[0]?.[0];
  expect([cell('best'), cell('median'), cell('spread')]).toEqual([1, 2, 4]);
});

test('shares run from the best to the worst, and a small spread is better for every objective', () => {
  const map = { across: 'a', down: 'b', columns: ['1', '2'], rows: ['1'], cells: [[1, 3]] };
  expect([1, 3].map(heatShares(map, 'min', 'best'))).toEqual([0, 1]);
  expect([1, 3].map(heatShares(map, 'max', 'best'))).toEqual([1, 0]);
  expect([1, 3].map(heatShares(map, 'max', 'spread'))).toEqual([0, 1]);
});

test('a map that is too wide loses columns from the right, and says so', () => {
  const columns = Array.from({ length: 20 }, (_, at) => String(at));
  const map = { across: 'a', down: 'b', columns, rows: ['1'], cells: [columns.map(Number)] };
  const lines = heatLines({ map, mode: 'min', heatOf: 'best', depth: 'none' }, 60);
  for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(60);
  expect(lines[1]?.at(-1)?.text).toMatch(/…$/);
});
