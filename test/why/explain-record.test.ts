// What has been of a trial, told from the record alone: a story for every statement there is, the fact that it rests on, and when that
// came to be.

import { expect, test } from 'vitest';
import { basisOf } from '../../src/why/basis.ts';
import { explainRecord } from '../../src/why/explain-record.ts';
import type { PastReason } from '../../src/why/reason.ts';
import { toWords } from '../../src/why/words.ts';
import { checkpoint, ended, epoch, failed, forked, opened, Story } from '../support/story.ts';
import { submission, submissionOf } from '../support/sweep.ts';
import { toNow } from '../support/to-now.ts';

const OBJECTIVE = 'objective: { metric: val_loss, mode: min }';

/** What is told by statements of one kind: the fact, the second of the story, the words. */
function told(kind: PastReason['kind'], story: Story, trialId: string): readonly string[] {
  return explainRecord(story.record(trialId))
    .filter((reason) => reason.kind === kind)
    .flatMap((reason) => {
      const { fact, atMs } = basisOf(reason, 0);
      return [`${fact} ${secondOf(atMs)}`, ...toWords(reason, 0)];
    });
}

/** The wall clock of a story runs backwards. */
function secondOf(atMs: number | null): string {
  return atMs === null ? 'never' : `${(toNow(0).wallMs - atMs) / 1000} s`;
}

/** One trial of `lines` that trains on `ann` from the tenth second on. */
function training(lines: readonly string[]): Story {
  const story = new Story();
  story.tell(submissionOf([OBJECTIVE, ...lines]));
  story.pass(10_000);
  story.beat('ann');
  return story;
}

const STORIES: { readonly [K in PastReason['kind']]: () => readonly string[] } = {
  submitted: () => {
    const story = new Story();
    story.tell(submission(1, 2));
    return told('submitted', story, 'small/1');
  },
  asked: () => {
    const story = new Story();
    story.tell(submission(2, 2));
    story.pass(1_000);
    story.tell({ kind: 'paused', sweepId: 'small', trialId: 'small/1', by: 'kim' });
    story.pass(1_000);
    story.steer('resumed');
    story.tell({ kind: 'prioritised', sweepId: 'small', trialId: 'small/1', priority: 3 });
    story.tell({ kind: 'prioritised', sweepId: 'small', trialId: null, priority: -1, by: 'kim' });
    return told('asked', story, 'small/1');
  },
  cloned: () => {
    const story = new Story();
    story.tell(submission(2, 2));
    story.pass(3_000);
    story.clone('small/1', { 'learning_rate.lr': '0.125', seed: '4' }, 'kim');
    return told('cloned', story, 'small/3');
  },
  shared: () => {
    const story = training(['epochs: 3', 'learning_rate: [{ strategy: fixed, lr: [0.5, 0.25] }]']);
    story.reports('small/1+@0', opened(), epoch(0));
    story.pass(1_000);
    story.reports('small/1+@0', epoch(1), checkpoint(2), forked(2, [[1], [2]], 0));
    return told('shared', story, 'small/2');
  },
  parted: () => {
    const story = training(['epochs: 3', 'learning_rate: [{ strategy: fixed, lr: [0.5, 0.25] }]']);
    story.reports('small/1+@0', opened(), epoch(0), checkpoint(1));
    story.pass(2_000);
    story.reports('small/1+@0', forked(1, [[1], [2]], 0));
    return told('parted', story, 'small/2');
  },
  equals: () => {
    const story = training([
      'epochs: 1',
      'learning_rate: [{ strategy: plateau, lr: 0.5, patience: [4, 5] }]',
    ]);
    story.reports('small/1+@0', opened(), epoch(0), ended('completed'));
    return told('equals', story, 'small/2');
  },
  cut: () => {
    const story = training([
      'epochs: 6',
      'learning_rate: [{ strategy: plateau, lr: 0.5, factor: 0.1, patience: 2, min_delta: 0.01 }]',
    ]);
    story.report('small/1@0', opened());
    for (const [n, val_loss] of [1, 0.5, 0.499, Number.NaN].entries()) {
      story.pass(1_000);
      story.report('small/1@0', epoch(n, { val_loss }));
    }
    return told('cut', story, 'small/1');
  },
  attempt: () => {
    const story = training(['epochs: 2', 'learning_rate: [{ strategy: fixed, lr: 0.5 }]']);
    story.reports('small/1@0', opened(), epoch(0), checkpoint(1));
    story.pass(5_000);
    story.report('small/1@0', failed('out of memory'));
    story.pass(10_000);
    story.beat('ann');
    return told('attempt', story, 'small/1');
  },
  'last-output': () => {
    const story = training([
      'retries: 0',
      'epochs: 2',
      'learning_rate: [{ strategy: fixed, lr: 0.5 }]',
    ]);
    const data = new TextEncoder().encode('loading\n\nno such file: digits.csv\n');
    story.report('small/1@0', { kind: 'log', offsetBytes: 0, droppedBytes: 0, data });
    story.report('small/1@0', failed('it exited with 1'));
    return told('last-output', story, 'small/1');
  },
};

const EXPECTED: { readonly [K in PastReason['kind']]: readonly string[] } = {
  submitted: ['sweep-submitted 0 s', 'submitted with its sweep'],
  // By the time of day that each is told with, which runs backwards here.
  asked: [
    'person-asked 2 s',
    'resumed with the whole sweep',
    'trial-prioritised 2 s',
    'given priority 3',
    'sweep-prioritised 2 s',
    'given priority -1 with the whole sweep by kim',
    'person-asked 1 s',
    'paused by kim',
  ],
  cloned: [
    'trial-cloned 3 s',
    'cloned from small/1 with learning_rate.lr 0.125, seed 4 by kim: it begins by itself',
  ],
  shared: [
    'epoch-recorded 11 s',
    'epochs 0–1 trained once together with #1 (small/1+@0): their learning rates were the same in every step',
  ],
  parted: [
    'stage-forked 12 s',
    'parted at epoch 1: the trials of small/1+@0 have 2 different learning rates from there on',
  ],
  equals: [
    'trial-ended 10 s',
    'equal to small/1: the same learning rate in every step, trained once',
  ],
  cut: [
    'epoch-recorded 14 s',
    'cut from 0.5 to 0.05 at epoch 4: val_loss did not beat 0.5 of epoch 1 by more than 0.01 in epochs 2–3 (patience 2)',
    'val_loss there: 0.499, NaN',
  ],
  attempt: [
    'lease-granted 25 s',
    'attempt 2 of small/1@0 on ann:cpu0, from small/1@0 after epoch 0: still runs',
    'lease-granted 10 s',
    'attempt 1 of small/1@0 on ann:cpu0, from scratch: failed after 0 s: out of memory',
  ],
  'last-output': [
    'log-recorded 10 s',
    'the last it wrote, in attempt 1 of small/1@0:',
    '| loading',
    '| no such file: digits.csv',
  ],
};

// Entries forget the names that the table has.
test.each(Object.entries(STORIES) as [PastReason['kind'], () => readonly string[]][])(
  'it is told of a trial: %s',
  (kind, tell) => expect(tell()).toEqual(EXPECTED[kind]),
);

test('what was asked of the sweep before a clone was made is not told of the clone', () => {
  const story = new Story();
  story.tell(submission(2, 2));
  story.steer('paused');
  story.pass(3_000);
  story.steer('resumed');
  story.clone('small/1', { 'learning_rate.lr': '0.125' }, 'kim');
  story.pass(1_000);
  story.tell({ kind: 'prioritised', sweepId: 'small', trialId: null, priority: -1, by: 'kim' });
  expect(told('asked', story, 'small/3')).toHaveLength(2);
  expect(told('asked', story, 'small/1').length).toBeGreaterThan(2);
});
