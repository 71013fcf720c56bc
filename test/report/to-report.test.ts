// From rows to what a report is made of: settings, paths, curves, and what does not fit.

import { expect, test } from 'vitest';
import { FIVE, sampleRows } from '../../bench/report/sample-rows.ts';
import { rateAt } from '../../src/report/html/trial-page.ts';
import { chooseLargestTriangles } from '../../src/report/largest-triangles.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { planCurves } from '../../src/report/to-curves.ts';
import { toReport } from '../../src/report/to-report.ts';
import type { SweepRows } from '../../src/results/sweep-rows.ts';

function reportOf(rows: SweepRows): ReportData {
  return toReport(rows, { nowMs: 0, version: '0.1.0', node: '20' });
}

test('trials that differ in the seed alone are one setting', () => {
  const { settings, trials } = reportOf(sampleRows({ settings: FIVE }));
  expect(settings.map(({ strategy, label }) => `${strategy} ${label}`)).toEqual([
    'fixed lr 0.1',
    'fixed lr 0.01',
    'plateau lr 0.1 factor 0.5 patience 2',
    'plateau lr 0.1 factor 0.1 patience 5',
    'cyclic base_lr 0.01 max_lr 0.1 mode triangular',
    'cyclic base_lr 0.001 max_lr 0.5 mode triangular',
  ]);
  expect(trials.map(({ setting }) => setting).slice(0, 7)).toEqual([0, 0, 0, 1, 1, 1, 2]);
});

test('a curve follows its trial along the stage tree, with what is not finite by name', () => {
  const rows = sampleRows({
    settings: FIVE.slice(0, 2),
    seeds: [1],
    report: (value, trial, epoch) => {
      if (trial === 2 && epoch === 2) return ['nan', null];
      return epoch === 3 ? ['-inf', null] : ['finite', Number(value.toFixed(2))];
    },
  });
  const { trials, stages } = reportOf(rows);
  const [first, second] = trials;
  expect(first?.path.map((place) => stages[place]?.id)).toEqual(['root1', 'own1']);
  expect(first?.curves.metrics['val_loss']?.slice(2)).toEqual([expect.any(Number), '-Infinity']);
  expect(second?.curves.metrics['val_loss']?.slice(2)).toEqual(['NaN', '-Infinity']);
  expect(second?.curves.metrics['val_loss']?.[0]).toBe(first?.curves.metrics['val_loss']?.[0]);
  expect(first?.curves.epochs).toBeUndefined();
});

test('a member leaves a stage where it parts from it', () => {
  const rows = sampleRows({ settings: FIVE.slice(0, 1), seeds: [1], epochs: 6 });
  const members = rows.members.map((member) =>
    member.stage_id === 'own1' ? { ...member, to_epoch: 3 } : member,
  );
  const [trial] = reportOf({ ...rows, members }).trials;
  expect(trial?.curves.metrics['val_loss']).toHaveLength(3);
});

test('the first rate of each epoch can be read from the points that are kept', () => {
  const level = [0, 0.1, 3, 0.1, 3, 0.05, 4, 0.05];
  expect([0, 1, 2, 3].map((epoch) => rateAt(level, epoch))).toEqual([0.1, 0.1, 0.1, 0.05]);
  expect(rateAt([], 0)).toBeNaN();
});

test('what does not fit is thinned, and that is said', () => {
  const rows = sampleRows({ settings: FIVE, epochs: 60 });
  expect(planCurves(rows)).toMatchObject({ full: 'all', leftOut: [] });
  const tight = planCurves(rows, 1_000);
  expect(tight.points).toBe(13);
  expect(tight.leftOut.join(' ')).toContain('thinned to 13 points a trial');
});

test('thinning keeps the ends and the spike', () => {
  const points = Array.from(
    { length: 1000 },
    (_, i) => [i, i === 421 ? 50 : Math.sin(i / 40)] as const,
  );
  const kept = chooseLargestTriangles(points, 30);
  expect(kept).toHaveLength(30);
  expect(kept).toContain(421);
  expect([kept[0], kept.at(-1)]).toEqual([0, 999]);
  expect(kept.every((place, i) => i === 0 || place > (kept[i - 1] ?? 0))).toBe(true);
  expect(chooseLargestTriangles(points.slice(0, 5), 30)).toEqual([0, 1, 2, 3, 4]);
});
