// What plots are made from: columns, maps, names at the ends of curves.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIVE, type Sample, sampleRows } from '../../../bench/report/sample-rows.ts';
import { toColumns } from '../../../src/report/plots/columns.ts';
import { spreadLabels } from '../../../src/report/plots/end-labels.ts';
import { toHeatMaps } from '../../../src/report/plots/heat-map.ts';
import type { ReportData } from '../../../src/report/report-data.ts';
import { toReport } from '../../../src/report/to-report.ts';

function reportOf(sample: Sample): ReportData {
  return toReport(sampleRows(sample), { nowMs: 0, version: '', node: '' });
}

test('axes are the fields that vary within a strategy, what varies of the config, and the seed', () => {
  const data = reportOf({
    settings: FIVE.map((setting, i) => ({ ...setting, config: { width: 32, depth: i % 2 } })),
  });
  expect(toColumns(data, data.trials).map(({ name }) => name)).toEqual([
    'strategy',
    'lr',
    'factor',
    'patience',
    'base_lr',
    'max_lr',
    'depth',
    'seed',
  ]);
});

test('a word that means something else in another strategy is passed by', () => {
  const data = reportOf({
    settings: [
      { strategy: 'plateau', fields: { mode: 'min', lr: 1 }, level: 1 },
      { strategy: 'cyclic', fields: { mode: 'triangular' }, level: 1 },
      { strategy: 'cyclic', fields: { mode: 'triangular2' }, level: 1 },
    ],
    seeds: [1],
  });
  const mode = toColumns(data, data.trials).find(({ name }) => name === 'mode');
  expect(data.trials.map((trial) => mode?.valueOf(trial, data.settings[trial.setting]))).toEqual([
    undefined,
    'triangular',
    'triangular2',
  ]);
});

test('strategies with two fields that vary have a map, factor × patience and base × max first', () => {
  expect(toHeatMaps(reportOf({ settings: FIVE }))).toEqual([
    { strategy: 'plateau', y: 'factor', x: 'patience' },
    { strategy: 'cyclic', y: 'base_lr', x: 'max_lr' },
  ]);
});

test('names that stand free stay, those in a crowd part around its middle', () => {
  expect(spreadLabels([10, 100], 14, 300)).toEqual([10, 100]);
  expect(spreadLabels([100, 100, 200], 14, 300)).toEqual([93, 107, 200]);
  expect(spreadLabels([300, 299], 14, 300)).toEqual([300, 286]);
});

test('whatever the ends, names keep their order, their distance and stay inside', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 15 }),
      (places) => {
        const moved = spreadLabels(places, 14, 300);
        const order = places
          .map((_, i) => i)
          .toSorted((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
        const sorted = order.map((i) => moved[i] ?? Number.NaN);
        for (const [i, place] of sorted.entries()) {
          if (i > 0) expect(place - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(14 - 1e-6);
          expect(place).toBeGreaterThanOrEqual(-1e-6);
          expect(place).toBeLessThanOrEqual(300 + 1e-6);
        }
      },
    ),
    { seed: 20260101, numRuns: 500 },
  );
});
