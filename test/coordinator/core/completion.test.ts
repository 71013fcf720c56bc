// Trials end by what is on record; the agent's word only frees its slot.

import { expect, test } from 'vitest';
import { transcript } from '../../support/transcript.ts';
import { ended, epoch, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

function started(trials: number, epochs: number | readonly number[]): Story {
  const story = new Story();
  story.tell(submission(trials, epochs, ['sharing: on', 'retries: 0']));
  story.beat('ann');
  return story;
}

test('a trial has completed once its last epoch is on record, and its slot is free once the agent says so', () => {
  const story = started(1, 2);
  expect(story.reports('small/1@0', epoch(0), epoch(1))).toEqual([
    'small/1@0 epoch 0, the best',
    'small/1@0 epoch 1, the best',
    'trial small/1 is completed',
    'sweep small is completed',
  ]);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  expect(story.reports('small/1@0', ended('completed'))).toEqual([
    'small/1@0 #1 is over: completed',
    'small/1@0 is ended',
  ]);
  expect(story.leases()).toEqual({});
});

test('a trial with fewer epochs completes while the others train on', () => {
  const story = started(1, [2, 3]);
  expect(story.stage('small/1+@0')).toMatchObject({ untilEpoch: 3 });
  expect(story.reports('small/1+@0', epoch(0), epoch(1), epoch(2))).toEqual([
    'small/1+@0 epoch 0, the best',
    'small/1+@0 epoch 1, the best',
    'trial small/1 is completed',
    'small/1+@0 epoch 2, the best',
    'trial small/2 is completed',
    'sweep small is completed',
  ]);
  expect(story.trial('small/1')).toMatchObject({ epochsDone: 2, best: { epoch: 1 } });
  expect(story.trial('small/2')).toMatchObject({ epochsDone: 3, best: { epoch: 2 } });
});

test('an agent that says too early that it is done has failed', () => {
  const story = started(1, [2, 3]);
  const facts = story.report('small/1+@0', ended('completed'));
  expect(facts.find((fact) => fact.kind === 'lease-ended')).toMatchObject({
    end: 'failed',
    message: 'it ended after 0 of 2 epochs',
  });
});

// As when a trial was cancelled that had more to train, and its agent has not heard of it.
test('an epoch that nobody is left for is passed over, and the attempt ends in order', () => {
  const story = started(1, 1);
  story.report('small/1@0', epoch(0));
  expect(story.report('small/1@0', epoch(1)).map(({ kind }) => kind)).toEqual(['report-taken']);
  expect(story.reports('small/1@0', ended('completed'))).toEqual([
    'small/1@0 #1 is over: completed',
    'small/1@0 is ended',
  ]);
  expect(story.trial('small/1')).toMatchObject({ state: 'completed', epochsDone: 1 });
});

test('a training loss that is no number ends all trials that train there, with the reason', () => {
  const story = started(3, 4);
  story.steer('cancelled', 'small/2');
  expect(story.reports('small/1+@0', epoch(0, { val_loss: 1, loss: Number.NaN }))).toEqual([
    'small/1+@0 epoch 0, the best',
    'trial small/1 is diverged',
    'trial small/3 is diverged',
    'sweep small is completed',
  ]);
  expect(story.trial('small/3')?.message).toBe('the training loss was NaN at the end of epoch 0');
  expect(story.trial('small/2')?.state).toBe('cancelled');
  expect(story.reports('small/1+@0', ended('diverged'))).toEqual([
    'small/1+@0 #1 is over: diverged',
    'small/1+@0 is ended',
  ]);
});

test('a validation metric that is no number ends nothing', () => {
  const story = started(1, 2);
  expect(story.reports('small/1@0', epoch(0, { val_loss: Number.NaN, loss: 1 }))).toEqual([
    'small/1@0 epoch 0',
  ]);
});

test('an agent that is lost before it could say that it is done has lost nothing', () => {
  const story = started(1, 1);
  story.report('small/1@0', epoch(0));
  expect(transcript(story.beat('ann', ['cpu'], { incarnation: '2' }))).toEqual([
    'agent ann joined',
    'small/1@0 #1 is over: lost',
    'small/1@0 is ended',
  ]);
  expect(story.trial('small/1')?.state).toBe('completed');
});
