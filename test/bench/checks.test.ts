// The checks of the benchmark of sharing: all hold for a good pair of runs, and each fails for what it is there for.

import { expect, test } from 'vitest';

import { checkGrid } from '../../bench/sharing/checks.ts';
import type { GridRun, Run } from '../../bench/sharing/grid-run.ts';
import { toMainTable, toPauseTable } from '../../bench/sharing/tables.ts';
import { toDistribution } from '../../bench/distribution.ts';
import { sweepSpec } from '../space/sweep-spec.ts';

/** Two rates that are the same for two epochs. */
const SPEC = sweepSpec({
  epochs: [4],
  learning_rate: [{ strategy: 'step', axes: { lr: [1], step_size: [2], gamma: [0.5, 0.1] } }],
});

const OFF: Run = {
  seconds: 100,
  recording: {
    states: '2 completed',
    leaderboard: ['1 2 0.5', '2 1 0.6'],
    lines: ['1 0 val_loss finite 0.5', '1 1 val_loss finite 0.25'],
    histories: new Map(),
    stepsPerEpoch: 3,
    delivered: 8,
    trained: 8,
    repeated: 0,
    irreproducible: 0,
    troubles: [],
  },
  pauses: {
    epoch: toDistribution([100]),
    between: toDistribution([2]),
    inPlace: toDistribution([]),
    fromCheckpoint: toDistribution([]),
    fromScratch: toDistribution([10]),
  },
};

const ON: Run = {
  seconds: 80,
  recording: { ...OFF.recording, trained: 6 },
  pauses: { ...OFF.pauses, inPlace: toDistribution([9]), fromCheckpoint: toDistribution([49]) },
};

const GOOD: GridRun = { name: 'good', spec: SPEC, trials: 2, on: ON, off: OFF };

function withOn(recording: Partial<Run['recording']>): GridRun {
  return { ...GOOD, on: { ...ON, recording: { ...ON.recording, ...recording } } };
}

function withPauses(pauses: Partial<Run['pauses']>): GridRun {
  return { ...GOOD, on: { ...ON, pauses: { ...ON.pauses, ...pauses } } };
}

function flawsOf(run: GridRun): readonly string[] {
  return checkGrid(run).flatMap(({ claim, flaw }) =>
    flaw === undefined ? [] : [`${claim}: ${flaw}`],
  );
}

test('a good pair of runs has no flaw', () => {
  expect(checkGrid(GOOD)).toHaveLength(9);
  expect(flawsOf(GOOD)).toEqual([]);
});

test.each<[string, GridRun, string]>([
  ['a trial failed', withOn({ states: '1 completed, 1 failed' }), '1 completed, 1 failed'],
  ['an epoch is missing', withOn({ delivered: 7 }), '7 of 8 epochs'],
  ['a value differs', withOn({ leaderboard: ['1 2 0.5', '2 1 0.61'] }), 'row 2 is "2 1 0.61"'],
  ['a rank is missing', withOn({ leaderboard: ['1 2 0.5'] }), 'row 2 is "undefined"'],
  ['nothing is recorded', withOn({ leaderboard: [] }), 'leaderboards'],
  [
    'a metric differs',
    withOn({ lines: ['1 0 val_loss finite 0.5', '1 1 val_loss finite 0.25000000000000006'] }),
    'row 2',
  ],
  ['an epoch was repeated', withOn({ repeated: 1 }), '1 repeated'],
  ['an attempt was lost', withOn({ troubles: ['left: lost'] }), 'reproducible; left: lost'],
  ['an epoch did not reproduce', withOn({ irreproducible: 1 }), '1 stages not reproducible'],
  ['too many epochs were trained', withOn({ trained: 7 }), '7 were trained'],
  [
    'too few were trained without sharing',
    { ...GOOD, off: { ...OFF, recording: { ...OFF.recording, trained: 7 } } },
    '7 were trained for 8',
  ],
  ['it took too long', { ...GOOD, on: { ...ON, seconds: 95 } }, 'by 0.789'],
  ['forks pause', withPauses({ inPlace: toDistribution([10]) }), 'for 0.100'],
  ['no fork went on in place', withPauses({ inPlace: toDistribution([]) }), 'for NaN'],
  ['starts are slow', withPauses({ fromCheckpoint: toDistribution([50]) }), 'in 50.0 ms'],
])('it is a flaw if %s', (_, run, words) => {
  expect(flawsOf(run).join('\n')).toContain(words);
});

test('what was found is a Markdown table', () => {
  expect(toMainTable([GOOD])).toEqual([
    '| grid | trials | epochs delivered | epochs trained, sharing off / on | ratio | wall time off / on | ratio | of the epochs’ |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    '| good | 2 | 8 | 8 / 6 | 1.33 | 100 s / 80 s | 1.25 | 0.94 |',
  ]);
  expect(toPauseTable([GOOD]).at(-1)).toBe(
    '| good | 100 / 100 / 100 ms | 2 / 2 / 2 ms | 9 / 9 / 9 ms (1) | 0.090 | 49 / 49 / 49 ms (1) |',
  );
});
