// A clone has from others what it has in common with them, and trains the rest.

import { expect, test } from 'vitest';
import { findPrefix } from '../../../coordinator/core/clone/prefix.ts';
import { checkpoint, ended, epoch, failed, forked, opened, Story } from '../../support/story.ts';
import { submissionOf } from '../../support/sweep.ts';

/** Trial 1 trains 0.5 for ever, trial 2 cuts it at epoch 2; `ann` trains. */
const PAIR = [
  'objective: { metric: val_loss, mode: min }',
  'epochs: 4',
  'keep: all',
  'learning_rate:',
  '  - { strategy: fixed, lr: 0.5 }',
  '  - { strategy: step, lr: 0.5, step_size: 2 }',
];

const ROOT = 'small/1+@0';

function pair(lines: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submissionOf([...lines, ...PAIR]));
  return story;
}

test('one of a trial that waits with others waits with them, whatever its learning rates will be', () => {
  const story = pair();
  expect(story.clone('small/2', { 'learning_rate.step_size': '3' })).toEqual([
    'trial small/3',
    'trial small/3 is a clone of small/2: learning_rate.step_size 3',
  ]);
  expect(story.stage(ROOT)).toMatchObject({ members: ['small/1', 'small/2', 'small/3'] });
  story.restart();
  story.beat('ann');
  expect(story.trial('small/3')).toMatchObject({ state: 'running', stageId: ROOT, epochsDone: 0 });
});

test('one that is to train longer makes what waits longer', () => {
  const story = pair(['seeds: [1, 2]']);
  expect(story.state.pendingOf.get('small')).toEqual(['small/1+@0', 'small/2+@0']);
  story.clone('small/2', { epochs: '9' });
  expect(story.state.pendingOf.get('small')).toEqual(['small/2+@0', 'small/1+@0']);
  expect(story.stage('small/2+@0')).toMatchObject({ untilEpoch: 9 });
});

test('while others train, it goes on from the latest checkpoint before they would part', () => {
  const story = pair();
  story.beat('ann');
  story.reports(ROOT, opened(), epoch(0), checkpoint(1), epoch(1, { val_loss: 0.25 }));
  story.report(ROOT, checkpoint(2, 'd'));
  expect(story.clone('small/2', { 'learning_rate.step_size': '1' }, 'kim')).toEqual([
    'trial small/3',
    'trial small/3 is a clone of small/2: learning_rate.step_size 1',
    'new stage small/3@1.2: small/3 from epoch 1',
  ]);
  expect(story.trial('small/3')).toMatchObject({
    epochsDone: 1,
    best: { epoch: 0, value: 1 },
    last: 1,
    learningRate: 0.5,
    clonedFrom: 'small/2',
  });
  story.clone('small/2', { 'learning_rate.step_size': '3' });
  expect(story.trial('small/4')).toMatchObject({ epochsDone: 2, best: { epoch: 1, value: 0.25 } });
  expect(story.stage(ROOT)?.members).toEqual(['small/1', 'small/2', 'small/3', 'small/4']);
  story.beat('ann', ['cpu', 'cpu']);
  expect(story.leases()).toEqual({ 'ann:cpu0': ROOT, 'ann:cpu1': 'small/3@1.2' });
});

test('it follows whichever trial it is like the longest', () => {
  const story = pair();
  story.beat('ann');
  story.reports(ROOT, opened(), epoch(0), epoch(1), checkpoint(2), forked(2, [[1], [2]], 0));
  story.reports('small/1@2', epoch(2), checkpoint(3, 'd'));
  story.clone('small/2', { 'learning_rate.step_size': '3' });
  expect(story.trial('small/3')).toMatchObject({ epochsDone: 3, stageId: 'small/3@3.2' });
});

test('what would part at once, or has another seed, config or no checkpoint to go on from, begins by itself', () => {
  const story = pair(['config: { width: [1, 2] }']);
  story.beat('ann', ['cpu', 'cpu']);
  story.reports(ROOT, opened(), epoch(0), checkpoint(1));
  story.clone('small/1', { 'learning_rate.lr': '0.25' });
  story.clone('small/1', { seed: '7' });
  story.clone('small/1', { width: '3', epochs: '5' });
  for (const n of [5, 6, 7])
    expect(story.trial(`small/${n}`)).toMatchObject({ epochsDone: 0, stageId: `small/${n}@0` });
});

test('a sweep that had ended goes on with it', () => {
  const story = pair();
  story.beat('ann');
  story.steer('cancelled', 'small/2');
  story.reports(ROOT, opened(), epoch(0), epoch(1), epoch(2), epoch(3), checkpoint(4));
  story.report(ROOT, ended('completed'));
  expect(story.state.sweeps.get('small')).toMatchObject({ state: 'completed' });
  expect(story.clone('small/1', { epochs: '6' })).toEqual([
    'sweep small is reopened',
    'trial small/3',
    'trial small/3 is a clone of small/1: epochs 6',
    'new stage small/3@4.2: small/3 from epoch 4',
    'ann:cpu0 gets small/3@4.2 #1 from small/1+@0 at 4',
  ]);
});

test('there is no second trial with the same values', () => {
  const story = pair();
  expect(story.clone('small/2', {})).toEqual([]);
  expect(story.clone('small/2', { 'learning_rate.step_size': '3' })).toHaveLength(2);
  expect(
    story.clone('small/1', {
      'learning_rate.strategy': 'step',
      'learning_rate.lr': '0.5',
      'learning_rate.step_size': '3',
    }),
  ).toEqual([]);
});

test('one that failed is tried again from where it failed', () => {
  const story = pair(['retries: 0']);
  story.beat('ann', ['cpu', 'cpu']);
  story.reports(ROOT, opened(), epoch(0), checkpoint(1));
  story.clone('small/2', { 'learning_rate.step_size': '1' });
  story.report('small/3@1.2', failed('broken'));
  expect(story.trial('small/3')).toMatchObject({ state: 'failed', epochsDone: 1 });
  expect(story.steer('retried', 'small/3').slice(-1)).toEqual([
    'ann:cpu1 gets small/3@1.3 #1 from small/1+@0 at 1',
  ]);
});

test('nothing is shared with what was not reproducible, or has diverged', () => {
  const story = pair();
  story.beat('ann');
  story.reports(
    ROOT,
    opened(),
    epoch(0),
    checkpoint(1),
    epoch(1, { loss: Number.NaN, val_loss: 1 }),
  );
  story.reports(ROOT, checkpoint(2, 'd'), ended('diverged'));
  story.clone('small/1', { epochs: '5' });
  expect(story.trial('small/3')).toMatchObject({ epochsDone: 1 });
});

test('what is shared with a plateau follows what was recorded', () => {
  const story = new Story();
  story.tell(
    submissionOf([
      'objective: { metric: val_loss, mode: min }',
      'epochs: 8',
      'keep: all',
      'learning_rate: [{ strategy: plateau, lr: 0.5, factor: 0.5, patience: 2 }]',
    ]),
  );
  story.beat('ann');
  story.report('small/1@0', opened());
  for (let n = 0; n < 4; n += 1)
    story.reports('small/1@0', epoch(n, { val_loss: 1 }), checkpoint(n + 1, String(n)));
  const trial = story.trial('small/1');
  if (trial === undefined) throw new Error('no trial');
  const flat = new Map([0, 1, 2, 3].map((n) => [n, { val_loss: 1 }] as const));
  const sharedWith = (patience: number): number => {
    const values = { ...trial, strategy: { ...trial.strategy, patience } };
    return findPrefix(story.state, 'small', values, () => flat)?.epochs.length ?? 0;
  };
  // With patience 2 the rate falls at epoch 3, with 1 at epoch 2.
  expect([1, 2, 3].map(sharedWith)).toEqual([2, 4, 3]);
});
