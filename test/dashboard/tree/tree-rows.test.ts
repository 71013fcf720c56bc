// The stage tree as rows: families, order, the lines between, and how fast.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTreeRows, type TreeRow } from '../../../src/dashboard/tree/tree-rows.ts';
import type { StageView } from '../../../src/wire/generated/espalier/v1/sweep.ts';
import { range, sharedStages, stageView } from '../sample-tree.ts';

const SEED = 20_261_114;

const drawn = (rows: readonly TreeRow[]): readonly string[] =>
  rows.map((row) => {
    if (row.kind === 'family') return `family ${row.root.stageId}: ${row.stages} stages`;
    const rails: number[] = [];
    for (let rail = row.rails; rail !== undefined; rail = rail.outer) rails.push(rail.epoch);
    return `${row.key}${row.hasParted ? ' parted' : ''}${rails.length > 0 ? ` | ${rails.join(' ')}` : ''}`;
  });

test('a parent comes before its children, and a root that parts at once is its heading only', () => {
  expect(drawn(toTreeRows(sharedStages(), 's1'))).toEqual([
    'family s1/1+@0: 7 stages',
    's1/1@0 parted | 0',
    's1/1@10 parted | 10 0',
    's1/1@15 | 15 10 0',
    's1/3@15 | 10 0',
    's1/4@10 | 10 0',
    's1/7@10 | 0',
    's1/9@0',
    's1/13+@0',
    's1/25@0',
  ]);
});

test('the order is the same however the stages arrive', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(sharedStages(), { minLength: 10 }), (stages) => {
      expect(drawn(toTreeRows(stages, 's1'))).toEqual(drawn(toTreeRows(sharedStages(), 's1')));
    }),
    { seed: SEED, numRuns: 50 },
  );
});

test('of siblings the one that begins latest is first, so that no line crosses it', () => {
  const parentId = 'a';
  const rows = toTreeRows(
    [
      stageView({ stageId: 'a', recordedEpochs: 8, state: 'ended', leading: [1, 2, 3] }),
      stageView({ stageId: 'early', parentId, fromEpoch: 4, leading: [1] }),
      stageView({ stageId: 'late', parentId, fromEpoch: 8, leading: [2] }),
    ],
    's1',
  );
  expect(drawn(rows)).toEqual(['family a: 3 stages', 'a parted', 'late | 4', 'early']);
});

test('stages of other sweeps are left out; one whose parent is not known stands alone', () => {
  const stages = [
    stageView({ stageId: 'a', parentId: 'unknown' }),
    stageView({ stageId: 'b', sweepId: 's2' }),
  ];
  expect(drawn(toTreeRows(stages, 's1'))).toEqual(['a']);
});

test(`every stage has one row or is a parted one without epochs (seed ${SEED})`, () => {
  const stage = fc.record({
    parent: fc.nat({ max: 40 }),
    fromEpoch: fc.nat({ max: 30 }),
    recordedEpochs: fc.nat({ max: 3 }),
    state: fc.constantFrom('pending', 'running', 'paused', 'ended'),
  });
  fc.assert(
    fc.property(fc.array(stage, { maxLength: 40 }), (fields) => {
      const stages = fields.map(({ parent, ...rest }, index): StageView =>
        stageView({
          stageId: String(index),
          parentId: parent < index ? String(parent) : '',
          ...rest,
        }),
      );
      const keys = toTreeRows(stages, 's1').flatMap((row) =>
        row.kind === 'stage' ? [row.key] : [],
      );
      const parents = new Set(stages.map(({ parentId }) => parentId));
      const shown = stages.filter(
        ({ stageId, state, recordedEpochs }) =>
          state !== 'ended' || recordedEpochs > 0 || !parents.has(stageId),
      );
      expect(keys.toSorted()).toEqual(shown.map(({ stageId }) => stageId).toSorted());
    }),
    { seed: SEED, numRuns: 200 },
  );
});

test('parents that go round in a circle end nothing', () => {
  const stages = [
    stageView({ stageId: 'a', parentId: 'b' }),
    stageView({ stageId: 'b', parentId: 'a' }),
    stageView({ stageId: 'c', parentId: 'c' }),
  ];
  expect(toTreeRows(stages, 's1')).toEqual([]);
});

test('ten thousand stages in one chain are rows too', () => {
  const stages = range(1, 10_000).map((number) =>
    stageView({
      stageId: String(number),
      parentId: number === 1 ? '' : String(number - 1),
      fromEpoch: number,
      recordedEpochs: 1,
      state: 'ended',
    }),
  );
  expect(toTreeRows(stages, 's1')).toHaveLength(10_001);
});
