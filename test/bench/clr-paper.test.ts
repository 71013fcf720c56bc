// The comparison of cyclical with fixed learning rates: what is read of a sweep, what is made of it, what is printed.

import { expect, test } from 'vitest';

import { analyse } from '../../bench/clr-paper/analyse.ts';
import { type Curve, readCurves } from '../../bench/clr-paper/curves.ts';
import { toReport } from '../../bench/clr-paper/report.ts';
import { recordedSweep } from './recorded-sweep.ts';

/** A curve with a look every ten steps. */
function toCurve(setting: string, seed: number, accuracies: readonly number[]): Curve {
  const [strategy = '', mode = ''] = setting.split(' ');
  return { setting, strategy, mode, seed, stepsPerLook: 10, accuracies };
}

const SLOW = toCurve('fixed 0.1', 1, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
const CURVES = [
  SLOW,
  toCurve('fixed 0.1', 2, [0.1, 0.1, 0.1, 0.1, 0.9, 0.1, 0.1, 0.6]),
  toCurve('fixed 0.2', 1, [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.6]),
  toCurve('fixed 0.2', 2, [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.7]),
  toCurve('cyclic triangular2 low', 1, [0.6, 0.71, 0.7, 0.7, 0.7, 0.6, 0.8, 0.8]),
  toCurve('cyclic triangular2 low', 2, [0.1, 0.1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]),
  toCurve('cyclic triangular2 high', 1, [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.84]),
  toCurve('cyclic triangular2 high', 2, [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.84]),
  toCurve('cyclic triangular', 1, [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.99]),
  toCurve('cyclic triangular', 2, [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.99]),
];

test('the level is the best mean over seeds of what a fixed learning rate ends with', () => {
  const { fixed, level, iterations } = analyse(CURVES);
  expect(fixed).toMatchObject({ setting: 'fixed 0.1', seeds: 2, final: { least: 0.6, most: 0.8 } });
  expect(level).toBeCloseTo(0.7, 12);
  expect(iterations).toBe(80);
});

test('triangular2 is represented by its setting with the best mean at the end, and by no other mode', () => {
  expect(analyse(CURVES).triangular2).toMatchObject({ setting: 'cyclic triangular2 low' });
});

test('iterations end with the look that is at the level, and with the last look of the first window whose mean is', () => {
  const { triangular2, outcomes } = analyse(CURVES);
  expect(triangular2.touched).toEqual({ median: 30, least: 20, most: 30 });
  expect(triangular2.held).toEqual({ median: 70, least: 60, most: 70 });
  const steady = outcomes.find(({ setting }) => setting === 'fixed 0.2');
  expect(steady).toMatchObject({ touched: { most: 10 }, held: { least: 50, most: 50 } });
});

test('a seed that never gets there counts as later than all', () => {
  const { fixed } = analyse(CURVES);
  expect(fixed.held).toEqual({ median: Infinity, least: Infinity, most: Infinity });
  const report = toReport(analyse(CURVES));
  expect(report.find((line) => line.startsWith('| fixed 0.1'))).toMatch(
    /never \(never – never\) \| – \|$/,
  );
});

test('the report has all settings, the best first, and the two ratios with that of the paper', () => {
  const report = toReport(analyse(CURVES));
  expect(report[0]).toBe(
    'level: 70.00 %, the mean final val_accuracy of the best fixed learning rate, fixed 0.1, after 80 iterations',
  );
  const settings = report
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ')[0]);
  expect(settings).toEqual([
    '| setting',
    '| ---',
    '| cyclic triangular',
    '| cyclic triangular2 low',
    '| cyclic triangular2 high',
    '| fixed 0.1',
    '| fixed 0.2',
  ]);
  expect(report.slice(-3)).toEqual([
    'first look: cyclic triangular2 low needs 30 (20 – 30) of 80 iterations, 0.38; fixed 0.1 itself 70 (50 – 70)',
    'mean of a pass: cyclic triangular2 low needs 70 (60 – 70) of 80 iterations, 0.88; fixed 0.1 itself never (never – never)',
    'paper, CIFAR-10: 25,000 of 70,000 iterations, 0.36',
  ]);
});

test('trials of different lengths, and sweeps without one of the two, are not compared', () => {
  const short = { ...SLOW, accuracies: SLOW.accuracies.slice(1) };
  expect(() => analyse([...CURVES, short])).toThrow('trials of 80, 70 iterations');
  expect(() => analyse([SLOW])).toThrow('the sweep has no triangular2');
  expect(() => analyse(CURVES.filter(({ strategy }) => strategy === 'cyclic'))).toThrow('no fixed');
});

test('a sweep is read trial by trial, with the values of its objective', () => {
  const sql = `UPDATE trial SET strategy = 'cyclic', strategy_label = 'low', seed = 7,
    strategy_json = '{"mode":"triangular2"}' WHERE number = 2`;
  const results = recordedSweep((db) => db.exec(sql));
  const curves = readCurves(results);
  results.close();
  expect(curves).toHaveLength(3);
  expect(curves[1]).toEqual({
    setting: 'cyclic low',
    strategy: 'cyclic',
    mode: 'triangular2',
    seed: 7,
    stepsPerLook: 20,
    accuracies: [1 / 3, 1 / 4, 1 / 5, 1 / 6],
  });
});

test.each([
  ["UPDATE trial SET state = 'failed' WHERE number = 2", '2 of 3 trials are completed'],
  ["UPDATE stage SET steps_per_epoch = 30 WHERE stage_id = 'left'", 'stages of 20 and of 30 steps'],
  ['DELETE FROM trial; DELETE FROM sweep', 'the state folder holds 0 sweeps'],
])('a sweep after %s is refused', (sql, words) => {
  const results = recordedSweep((db) => db.exec(sql));
  expect(() => readCurves(results)).toThrow(words);
  results.close();
});
