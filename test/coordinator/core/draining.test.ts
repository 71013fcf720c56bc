// Agents that hand over what they run: in good order, nobody's failure.

import { expect, test } from 'vitest';
import { transcript } from '../../support/transcript.ts';
import { checkpoint, ended, epoch, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

/** Two trials, of which `ann` trains the first. */
function started(): Story {
  const story = new Story();
  story.tell(submission(2, 4));
  story.beat('ann');
  return story;
}

test('an agent that a person has drained keeps what it runs and is given nothing new', () => {
  const story = started();
  expect(story.drain('ann')).toEqual(['agent ann drained']);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  story.report('small/1@0', ended('diverged'));
  story.beat('ann');
  expect(story.leases()).toEqual({});
});

test('what it hands over goes on elsewhere at once, without a mark against anyone', () => {
  const story = started();
  story.beat('bob', ['cpu', 'cpu']);
  story.drain('ann');
  story.reports('small/1@0', epoch(0), checkpoint(1), ended('released'));
  expect(story.stage('small/1@0')).toMatchObject({ state: 'pending', failures: 0, losses: 0 });
  expect(story.upload('small/1@0', 1)).toEqual([
    'stored small/1@0 at 1',
    'bob:cpu1 gets small/1@0 #2 from small/1@0 at 1',
  ]);
});

test('an agent that has left, was never there or is drained already cannot be drained', () => {
  const story = started();
  expect(story.drain('nobody')).toEqual([]);
  story.drain('ann');
  expect(story.drain('ann')).toEqual([]);
  story.beat('bob');
  story.beat('bob', ['cpu'], { leaving: true });
  expect(story.drain('bob')).toEqual([]);
});

test('an agent that starts anew is no longer to leave', () => {
  const story = started();
  story.drain('ann');
  story.beat('ann');
  expect(story.state.agents.get('ann')?.isToLeave).toBe(true);
  story.beat('ann', ['cpu'], { incarnation: '2' });
  expect(story.state.agents.get('ann')?.isToLeave).toBe(false);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
});

test('an agent that leaves releases what it ran, and one trial that is to pause there pauses', () => {
  const story = new Story();
  story.tell(submission(2, 4, ['sharing: on']));
  story.beat('ann');
  story.steer('paused', 'small/2');
  expect(transcript(story.beat('ann', ['cpu'], { leaving: true }))).toEqual([
    'small/1+@0 #1 is over: released',
    'new stage small/2@0.2: small/2 from epoch 0, paused',
    'agent ann left',
  ]);
});

test('an attempt that hands over when everybody has ended ends its stage', () => {
  const story = new Story();
  story.tell(submission(1, 1));
  story.beat('ann');
  story.report('small/1@0', epoch(0));
  expect(story.reports('small/1@0', ended('released'))).toEqual([
    'small/1@0 #1 is over: released',
    'small/1@0 is ended',
  ]);
});
