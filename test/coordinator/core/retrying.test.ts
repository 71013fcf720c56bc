// A person has failed trials tried again: they go on in new stages after their last recorded epoch.

import { expect, test } from 'vitest';
import { checkpoint, ended, epoch, failed, Story } from '../../support/story.ts';
import { toFinding } from '../../../src/lr/find.ts';
import { submission, submissionOf } from '../../support/sweep.ts';

/** A sweep in which nothing is tried again by itself. */
function started(trials: number, extra: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(trials, 3, ['retries: 0', ...extra]));
  story.beat('ann');
  return story;
}

test('a trial that failed goes on after its last epoch, in a sweep that runs again and ends again', () => {
  const story = started(1);
  expect(story.reports('small/1@0', epoch(0), failed('no memory')).slice(1)).toEqual([
    'small/1@0 #1 is over: failed',
    'trial small/1 is failed',
    'small/1@0 is ended',
    'sweep small is completed',
  ]);
  expect(story.steer('retried', 'small/1')).toEqual([
    'sweep small is reopened',
    'trial small/1 is reopened',
    'new stage small/1@1.2: small/1 from epoch 1',
    'ann:cpu0 gets small/1@1.2 #1 from scratch',
  ]);
  expect(story.trial('small/1')).toMatchObject({ state: 'running', message: '', epochsDone: 1 });
  expect(
    story.reports('small/1@1.2', epoch(0), epoch(1), epoch(2), ended('completed')).slice(1),
  ).toEqual([
    'small/1@1.2 epoch 1, the best',
    'small/1@1.2 epoch 2, the best',
    'trial small/1 is completed',
    'sweep small is completed',
    'small/1@1.2 #1 is over: completed',
    'small/1@1.2 is ended',
  ]);
  expect(story.epochsOf('small/1')).toHaveLength(3);
});

test('what was trained already is trained again, compared with its record, and not recorded anew', () => {
  const story = started(1);
  story.reports('small/1@0', epoch(0), failed('no memory'));
  story.steer('retried', 'small/1');
  expect(story.reports('small/1@1.2', epoch(0))).toEqual(['small/1@1.2 epoch 0 again, the same']);
  expect(story.reports('small/1@1.2', epoch(0, { val_loss: 9 }))).toEqual([
    'small/1@1.2 epoch 0 again, different',
  ]);
  expect(story.stage('small/1@1.2')).toMatchObject({ repeatedEpochs: 2, reproducible: false });
  expect(story.trial('small/1')).toMatchObject({ epochsDone: 1, best: { epoch: 0, value: 1 } });
});

test('a retry resumes from the nearest checkpoint that is held', () => {
  const story = started(1, ['keep: none']);
  story.reports('small/1@0', epoch(0), checkpoint(1), epoch(1), failed('no memory'));
  expect(story.steer('retried').slice(-2)).toEqual([
    'new stage small/1@2.2: small/1 from epoch 2',
    'ann:cpu0 gets small/1@2.2 #1 from small/1@0 at 1',
  ]);
});

test('trials that failed in one stage are tried again together, or one by one', () => {
  const story = started(3, ['sharing: on']);
  story.reports('small/1+@0', epoch(0), failed('no memory'));
  expect(story.steer('retried', 'small/2').slice(1, 3)).toEqual([
    'trial small/2 is reopened',
    'new stage small/2@1.2: small/2 from epoch 1',
  ]);
  expect(story.steer('retried')).toEqual([
    'trial small/1 is reopened',
    'trial small/3 is reopened',
    'new stage small/1@1.2: small/1, small/3 from epoch 1',
  ]);
});

test('a trial that fails again can be tried again', () => {
  const story = started(1);
  story.report('small/1@0', failed('once'));
  story.steer('retried');
  story.report('small/1@0.2', failed('twice'));
  expect(story.trial('small/1')).toMatchObject({ state: 'failed', message: 'twice' });
  story.steer('retried');
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0.3' });
});

test('a new stage has all its retries and losses before it', () => {
  const story = new Story();
  story.tell(submission(1, 3, ['retries: 1']));
  story.beat('ann');
  story.report('small/1@0', failed('once'));
  story.pass(10_000);
  story.beat('ann');
  story.report('small/1@0', failed('twice'));
  story.steer('retried');
  story.report('small/1@0.2', failed('twice'));
  expect(story.trial('small/1')?.state).toBe('pending');
});

test('only what failed is tried again', () => {
  const story = started(4);
  story.beat('ann', ['cpu', 'cpu', 'cpu', 'cpu']);
  story.report('small/1@0', failed('no memory'));
  story.report('small/2@0', epoch(0, { val_loss: 1, loss: Number.NaN }));
  story.steer('cancelled', 'small/3');
  for (const trial of ['small/2', 'small/3', 'small/4'])
    expect(story.steer('retried', trial)).toEqual([]);
  expect(story.steer('retried')[0]).toBe('trial small/1 is reopened');
  expect(story.steer('retried')).toEqual([]);
});

test('a failed trial of a sweep that was cancelled can be tried again', () => {
  const story = started(2);
  story.report('small/1@0', failed('no memory'));
  story.steer('cancelled');
  expect(story.state.sweeps.get('small')?.state).toBe('cancelled');
  expect(story.steer('retried').slice(0, 2)).toEqual([
    'sweep small is reopened',
    'trial small/1 is reopened',
  ]);
  story.reports('small/1@0.2', epoch(0), epoch(1), epoch(2));
  expect(story.state.sweeps.get('small')?.state).toBe('completed');
});

test('a trial whose host was lost once too often can be tried again', () => {
  const story = new Story({ losses: 0 });
  story.tell(submission(1, 3));
  story.beat('ann');
  story.report('small/1@0', ended('lost'));
  expect(story.trial('small/1')?.state).toBe('failed');
  story.steer('retried');
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0.2' });
});

test('trials that failed in one stage at different epochs go on where each of them failed', () => {
  const story = new Story();
  const lines = [
    'epochs: 2',
    'learning_rate:',
    '  - { strategy: fixed, lr: { find: { steps: 50 } } }',
  ];
  const floor = '  - { strategy: plateau, lr: { find: { steps: 50 } }, min_lr: 0.1 }';
  story.tell(submissionOf(['objective: { metric: val_loss, mode: min }', ...lines, floor]));
  story.beat('ann');
  const { find } = toFinding({ find: { steps: 50 } });
  const rates = { max_lr: 0.05, base_lr: 0.01, least: 0.05, greatest: 0.05 };
  const found = { find, ...rates, found: 1, tested: 1, words: 'so' };
  story.report('small/1+@0', { kind: 'rates', rates: [found], missing: [] });
  expect(story.trial('small/2')).toMatchObject({ state: 'failed', epochsDone: 0 });
  story.report('small/1+@0', ended('released'));
  story.reports('small/1+@0', epoch(0), epoch(1));
  expect(story.steer('retried', 'small/2')).toContain(
    'new stage small/2@0.3: small/2 from epoch 0',
  );
});
