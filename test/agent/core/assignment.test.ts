import { expect, test } from 'vitest';
import {
  parseAssignment,
  type SourcedAssignment,
  toSourced,
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
  members: [{ trialId: 't1', strategyJson: '{"strategy":"fixed","lr":0.1}', epochs: 5 }],
  backends: ['wasm'],
  objective: { metric: 'val_loss', mode: 'min' },
  recordedEpochs: 1,
};

test('a good assignment is read', () => {
  expect(parseAssignment(GOOD)).toMatchObject({
    stageId: 's1',
    attempt: 2,
    config: { units: 4 },
    files: [{ path: 'data/a.csv', sha256: 'cd'.repeat(32) }],
    members: [{ trialId: 't1', spec: { strategy: 'fixed', lr: 0.1 }, epochs: 5 }],
    objective: { metric: 'val_loss', mode: 'min' },
  });
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
  ['no members', { members: [] }, /no members/],
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
