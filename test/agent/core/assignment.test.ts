import { expect, test } from 'vitest';
import {
  parseAssignment,
  parseMembers,
  type SourcedAssignment,
  toSourced,
  toWishes,
} from '../../../agent/core/assignment.ts';

const GOOD: SourcedAssignment = {
  stageId: 's1',
  attempt: 2,
  slot: 'cpu0',
  sweepId: 'w1',
  bundleSha256: 'ab'.repeat(32),
  files: [{ path: 'data/a.csv', sha256: 'cd'.repeat(32), sizeBytes: 3 }],
  configJson: '{"units": 4}',
  seed: 7,
  fromEpoch: 0,
  backends: ['wasm'],
  objective: { metric: 'val_loss', mode: 'min' },
  recordedEpochs: 1,
  start: undefined,
  checkpointEvery: 5,
  keep: 'best',
  bestValue: undefined,
  absent: [],
  pausing: [],
  memberCount: 1,
  mostEpochs: 5,
  exclusive: true,
};

const WEIGHTS = { path: 'weights/1.bin', sha256: 'cd'.repeat(32), sizeBytes: 3 };
const START = { checkpointId: 'ef'.repeat(32), epoch: 1, files: [WEIGHTS] };

const MEMBER = {
  trialId: 't1',
  strategyJson: '{"strategy":"fixed","lr":0.1}',
  epochs: 5,
  number: 7,
};

test('a good assignment is read', () => {
  expect(parseAssignment(GOOD)).toMatchObject({
    stageId: 's1',
    attempt: 2,
    config: { units: 4 },
    files: [{ path: 'data/a.csv', sha256: 'cd'.repeat(32) }],
    objective: { metric: 'val_loss', mode: 'min' },
    start: undefined,
    checkpointEvery: 5,
    keep: 'best',
    mostEpochs: 5,
  });
});

test('what it starts from is read with its manifest', () => {
  const { start } = parseAssignment({ ...GOOD, start: START });
  expect(start).toEqual({ id: 'ef'.repeat(32), epoch: 1, files: [WEIGHTS] });
});

test('checkpoints for recovery have at least an epoch between them', () => {
  expect(parseAssignment({ ...GOOD, checkpointEvery: 0 }).checkpointEvery).toBe(1);
});

test('what is wanted of a running attempt is read by itself', () => {
  const wishes = toWishes({ ...GOOD, absent: [3, 1], pausing: [2], bestValue: 0.5 });
  expect(wishes).toEqual({
    absent: new Set([1, 3]),
    pausing: new Set([2]),
    bestValue: 0.5,
    isToLeave: false,
  });
});

test('the trials of a stage are read', () => {
  const spec = { strategy: 'fixed', lr: 0.1 };
  expect(parseMembers([MEMBER])).toEqual([{ trialId: 't1', number: 7, spec, epochs: 5 }]);
});

test.each([
  ['no trials', [], /no members/],
  ['a strategy that is not an object', [{ ...MEMBER, strategyJson: '7' }], /strategy of trial t1/],
  ['a strategy that is not JSON', [{ ...MEMBER, strategyJson: '' }], /strategy of trial t1/],
])('%s are refused in words', (_what, members, words) => {
  expect(() => parseMembers(members)).toThrow(words);
});

test.each<[string, Partial<SourcedAssignment>, RegExp]>([
  ['a hash that is a path', { bundleSha256: '../x' }, /SHA-256/],
  [
    'a file outside its folder',
    { files: [{ path: '../a', sha256: 'cd'.repeat(32), sizeBytes: 1 }] },
    /leave/,
  ],
  ['a config that is not an object', { configJson: '[1]' }, /config is not a JSON object/],
  ['a config that is not JSON', { configJson: '{' }, /config is not a JSON object/],
  [
    'a checkpoint with a name that is a path',
    { start: { ...START, checkpointId: '../../x' } },
    /names that are not safe/,
  ],
  [
    'a checkpoint with a file outside its folder',
    { start: { ...START, files: [WEIGHTS, { ...WEIGHTS, path: 'a/../../b' }] } },
    /names that are not safe/,
  ],
  [
    'a checkpoint with a file by a hash that is none',
    { start: { ...START, files: [{ ...WEIGHTS, sha256: 'x' }] } },
    /names that are not safe/,
  ],
  ['no objective', { objective: undefined }, /objective/],
  ['an objective without direction', { objective: { metric: 'm', mode: 'up' } }, /objective/],
])('%s is refused in words', (_what, changes, words) => {
  expect(() => parseAssignment({ ...GOOD, ...changes })).toThrow(words);
});

test('each assignment is given the files of its own sweep', () => {
  const { files: _, ...assignment } = GOOD;
  const files = [
    { sweepId: 'other', files: [{ path: 'a', sha256: 'ab'.repeat(32), sizeBytes: 1 }] },
  ];
  const assignments = [assignment, { ...assignment, sweepId: 'other' }];
  expect(toSourced({ assignments, files }).map((sourced) => sourced.files.length)).toEqual([0, 1]);
});
