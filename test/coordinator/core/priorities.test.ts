// Who gets a free slot first, when people have said so.

import { expect, test } from 'vitest';
import { checkpoint, ended, epoch, forked, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';
import { transcript } from '../../support/transcript.ts';

function prioritise(story: Story, id: string, priority: number): readonly string[] {
  const [sweepId = ''] = id.split('/');
  const trialId = id.includes('/') ? id : null;
  return transcript(story.tell({ kind: 'prioritised', sweepId, trialId, priority }));
}

test('a trial with a higher priority goes before longer ones, one with a lower priority behind all', () => {
  const story = new Story();
  story.tell(submission(2, [2, 6]));
  expect(prioritise(story, 'small/1', 3)).toEqual(['trial small/1 has priority 3']);
  expect(prioritise(story, 'small/2', -1)).toEqual(['trial small/2 has priority -1']);
  story.beat('ann', ['cpu', 'cpu', 'cpu', 'cpu']);
  expect(Object.values(story.leases())).toEqual([
    'small/1@0',
    'small/4@0',
    'small/3@0',
    'small/2@0',
  ]);
});

test('what several trials train goes as the highest of them', () => {
  const story = new Story();
  story.tell(submission(2, 4, ['sharing: on', 'seeds: [1, 2]']));
  prioritise(story, 'small/1', -5);
  prioritise(story, 'small/4', 1);
  story.beat('ann');
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/2+@0' });
});

test('it goes before a stage whose checkpoint the agent has', () => {
  const story = new Story();
  story.tell(submission(2, 4, ['sharing: on', 'seeds: [1, 2]']));
  story.beat('ann');
  story.reports('small/1+@0', epoch(0), checkpoint(1), forked(1, [[1], [3]], 0));
  prioritise(story, 'small/4', 1);
  story.report('small/1@1', ended('released'));
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/2+@0' });
  story.report('small/2+@0', ended('diverged'));
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@1' });
});

test('of two sweeps the one that was raised gets the next slot; what trains goes on', () => {
  const story = new Story();
  story.tell(submission(2, 4));
  story.tell(submission(2, 3));
  story.beat('ann');
  expect(prioritise(story, 'small', -1)).toEqual(['sweep small has priority -1']);
  expect(prioritise(story, 'small-2', 7)).toEqual(['sweep small-2 has priority 7']);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  for (const id of ['small/1@0', 'small-2/1@0', 'small-2/2@0']) {
    expect(Object.values(story.leases())).toEqual([id]);
    story.report(id, ended('diverged'));
  }
  expect(Object.values(story.leases())).toEqual(['small/2@0']);
});

test("a trial's priority counts within its sweep alone", () => {
  const story = new Story();
  story.tell(submission(2, 4));
  story.tell(submission(2, 3, ['priority: 1']));
  prioritise(story, 'small/2', 900);
  story.beat('ann', ['cpu', 'cpu', 'cpu']);
  expect(Object.values(story.leases())).toEqual(['small-2/1@0', 'small-2/2@0', 'small/2@0']);
});

test('a restart forgets nothing of it', () => {
  const story = new Story();
  story.tell(submission(3, 4));
  story.tell(submission(1, 3));
  prioritise(story, 'small/3', 2);
  prioritise(story, 'small', 2);
  story.restart();
  story.beat('ann', ['cpu', 'cpu']);
  expect(Object.values(story.leases())).toEqual(['small/3@0', 'small/1@0']);
});

test('nothing changes for a trial that has ended, and where it is so already', () => {
  const story = new Story();
  story.tell(submission(2, 4, ['priority: 4']));
  story.steer('cancelled', 'small/1');
  for (const [id, n] of [
    ['small/1', 5],
    ['small/2', 0],
    ['small', 4],
    ['large', 1],
  ] as const)
    expect(prioritise(story, id, n)).toEqual([]);
});
