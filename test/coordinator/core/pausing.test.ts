// Pausing: at once for what waits, at the next boundary for what trains; and going on.

import { expect, test } from 'vitest';
import { transcript } from '../../support/transcript.ts';
import { checkpoint, epoch, ended, forked, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

const ROOT = 'small/1+@0';

/** Three trials that share all they can; `ann` trains them if she is there. */
function shared(agents: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(3, 4, ['sharing: on']));
  for (const agent of agents) story.beat(agent);
  return story;
}

/** One trial that trains on `ann`. */
function alone(): Story {
  const story = new Story();
  story.tell(submission(1, 4));
  story.beat('ann');
  return story;
}

test('a trial that trains pauses at the next boundary, and later goes on from there', () => {
  const story = alone();
  expect(story.steer('paused', 'small/1')).toEqual(['trial small/1 is to pause']);
  expect(story.trial('small/1')).toMatchObject({ state: 'running', isPausing: true });
  expect(story.reports('small/1@0', epoch(0), checkpoint(1), forked(1, [[1]], null))).toEqual([
    'small/1@0 epoch 0, the best',
    'checkpoint small/1@0 at 1',
    'small/1@0 forks at 1 into small/1@1; nobody goes on',
    'small/1@0 #1 is over: forked',
    'new stage small/1@1: small/1 from epoch 1, paused',
    'small/1@0 is ended',
  ]);
  expect(story.trial('small/1')).toMatchObject({ state: 'paused', isPausing: false });
  story.beat('ann');
  expect(story.leases()).toEqual({});
  expect(story.steer('resumed', 'small/1')).toEqual([
    'small/1@1 is resumed',
    'ann:cpu0 gets small/1@1 #1 from small/1@0 at 1',
  ]);
});

test('trials that wait pause at once, all of a stage with their stage', () => {
  const story = shared();
  expect(story.steer('paused')).toEqual(['small/1+@0 is paused']);
  story.beat('ann');
  expect(story.leases()).toEqual({});
  expect(story.steer('resumed')).toEqual([
    'small/1+@0 is resumed',
    'ann:cpu0 gets small/1+@0 #1 from scratch',
  ]);
});

test('one of several that wait is split off into a stage of the next generation', () => {
  const story = shared();
  expect(story.steer('paused', 'small/2')).toEqual([
    'new stage small/2@0.2: small/2 from epoch 0, paused',
  ]);
  story.beat('ann');
  expect(story.leases()).toEqual({ 'ann:cpu0': ROOT });
  expect(story.trial('small/2')?.state).toBe('paused');
  story.beat('bob');
  expect(story.steer('resumed', 'small/2')).toEqual([
    'small/2@0.2 is resumed',
    'bob:cpu0 gets small/2@0.2 #1 from scratch',
  ]);
});

test('of several that were paused together one can go on alone, and then pause and go on again', () => {
  const story = shared();
  story.steer('paused');
  expect(story.steer('resumed', 'small/2')).toEqual([
    'new stage small/2@0.2: small/2 from epoch 0',
  ]);
  expect(story.trial('small/2')?.state).toBe('pending');
  expect(story.steer('resumed', 'small/2')).toEqual([]);
  expect(story.steer('paused', 'small/2')).toEqual(['small/2@0.2 is paused']);
  expect(story.steer('resumed')).toEqual(['small/1+@0 is resumed', 'small/2@0.2 is resumed']);
});

test('pausing twice is pausing once', () => {
  const story = alone();
  story.steer('paused', 'small/1');
  expect(story.steer('paused', 'small/1')).toEqual([]);
  story.reports('small/1@0', forked(0, [[1]], null));
  expect(story.steer('paused', 'small/1')).toEqual([]);
  expect(story.trial('small/1')).toMatchObject({ state: 'paused', stageId: 'small/1@0.2' });
});

test('a trial that was only asked to pause goes on as if it had not been', () => {
  const story = alone();
  story.steer('paused', 'small/1');
  expect(story.steer('resumed', 'small/1')).toEqual(['trial small/1 is not to pause']);
  expect(story.trial('small/1')).toMatchObject({ state: 'running', isPausing: false });
  expect(story.steer('resumed', 'small/1')).toEqual([]);
});

test('a trial that its agent has forked off in vain is given to a slot at once', () => {
  const story = alone();
  story.steer('paused', 'small/1');
  story.reports('small/1@0', epoch(0), checkpoint(1));
  story.steer('resumed', 'small/1');
  expect(story.reports('small/1@0', forked(1, [[1]], null)).slice(2)).toEqual([
    'new stage small/1@1: small/1 from epoch 1',
    'small/1@0 is ended',
    'ann:cpu0 gets small/1@1 #1 from small/1@0 at 1',
  ]);
});

test('a trial that completes before the boundary at which it was to pause has completed', () => {
  const story = alone();
  story.reports('small/1@0', epoch(0), epoch(1), epoch(2));
  story.steer('paused', 'small/1');
  expect(story.reports('small/1@0', epoch(3)).slice(1)).toEqual([
    'trial small/1 is completed',
    'sweep small is completed',
  ]);
  expect(story.trial('small/1')?.isPausing).toBe(false);
  expect(story.steer('paused', 'small/1')).toEqual([]);
});

test('a paused trial can be cancelled, and the last one ends the sweep', () => {
  const story = shared();
  story.steer('paused');
  expect(story.steer('cancelled', 'small/2')).toEqual(['trial small/2 is cancelled']);
  expect(story.stage(ROOT)?.state).toBe('paused');
  expect(story.steer('resumed', 'small/2')).toEqual([]);
  expect(story.steer('cancelled')).toEqual([
    'trial small/1 is cancelled',
    'trial small/3 is cancelled',
    'small/1+@0 is ended',
    'sweep small is cancelled',
  ]);
});

test('a sweep whose open trials are all paused has not ended', () => {
  const story = alone();
  story.steer('paused');
  story.report('small/1@0', forked(0, [[1]], null));
  expect(story.state.sweeps.get('small')?.state).toBe('running');
});

test('trials that were to pause do so when their agent is lost before the boundary comes', () => {
  const story = shared(['ann']);
  story.reports(ROOT, epoch(0), checkpoint(1));
  story.steer('paused', 'small/2');
  expect(transcript(story.beat('ann', ['cpu'], { incarnation: '2' }))).toEqual([
    'agent ann joined',
    'small/1+@0 #1 is over: lost',
    'new stage small/2@1.2: small/2 from epoch 1, paused',
    'ann:cpu0 gets small/1+@0 #2 from small/1+@0 at 1',
  ]);
  expect(story.trial('small/2')).toMatchObject({ state: 'paused', isPausing: false });
});

test('what the others train meanwhile is not of the path of a trial that pauses', () => {
  const story = shared(['ann']);
  story.reports(ROOT, epoch(0), checkpoint(1));
  story.steer('paused', 'small/2');
  story.beat('ann', ['cpu', 'cpu'], { incarnation: '2' });
  story.reports(ROOT, epoch(1), epoch(2));
  expect(story.historyOf(ROOT)).toEqual([0, 1, 2]);
  expect(story.historyOf('small/2@1.2')).toEqual([0]);
  story.steer('resumed', 'small/2');
  expect(story.reports('small/2@1.2', epoch(1, { val_loss: 9 }))).toEqual(['small/2@1.2 epoch 1']);
  expect(story.historyOf('small/2@1.2')).toEqual([0, 1]);
  expect(story.epochsOf('small/2').map(({ metrics }) => metrics['val_loss'])).toEqual([1, 9]);
});

test('a stage whose trials were all to pause pauses when its agent is lost', () => {
  const story = shared(['ann']);
  story.report(ROOT, epoch(0));
  story.steer('paused');
  expect(transcript(story.beat('ann', ['cpu'], { incarnation: '2' }))).toEqual([
    'agent ann joined',
    'small/1+@0 #1 is over: lost',
    'small/1+@0 is paused',
  ]);
});

test('a stage that has failed and waits is split like any other that waits', () => {
  const story = shared(['ann']);
  story.report(ROOT, ended('failed'));
  story.steer('paused', 'small/3');
  expect(story.trial('small/3')).toMatchObject({ state: 'paused', stageId: 'small/3@0.2' });
  story.steer('paused');
  story.pass(20_000);
  story.beat('ann');
  expect(story.leases()).toEqual({});
});

test('a whole sweep pauses trial by trial: what trains is asked, what waits is paused', () => {
  const story = new Story();
  story.tell(submission(2, 4));
  story.beat('ann');
  expect(story.steer('paused')).toEqual(['trial small/1 is to pause', 'small/2@0 is paused']);
});

test('a trial that was paused once is split into the generation after that', () => {
  const story = shared();
  story.steer('paused', 'small/2');
  story.steer('paused', 'small/3');
  story.steer('resumed');
  expect(story.trial('small/3')?.stageId).toBe('small/3@0.2');
  story.beat('ann', ['cpu', 'cpu', 'cpu']);
  story.report('small/3@0.2', epoch(0));
  story.steer('paused', 'small/3');
  story.report('small/3@0.2', forked(1, [[3]], null));
  expect(story.trial('small/3')?.stageId).toBe('small/3@1.2');
});
