// Which slot gets which stage: where the checkpoint lies, then the longest path, in a stable order.

import { expect, test } from 'vitest';
import { transcript } from '../../support/transcript.ts';
import { checkpoint, ended, epoch, forked, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

const ROOT = 'small/1+@0';

/** Two trials part at epoch 1 on `ann`, who goes on with the first; the second waits with its checkpoint there. */
function parted(): Story {
  const story = new Story();
  story.tell(submission(2, 4, ['sharing: on']));
  story.beat('ann');
  story.reports(ROOT, epoch(0), checkpoint(1), forked(1, [[1], [2]], 0));
  return story;
}

test('the longest path goes first, then the lowest number', () => {
  const story = new Story();
  story.tell(submission(2, [2, 6]));
  story.beat('ann', ['cpu', 'cpu', 'cpu']);
  expect(Object.values(story.leases())).toEqual(['small/2@0', 'small/4@0', 'small/1@0']);
});

test('a path is as long as its longest trial has left when it begins', () => {
  const story = new Story();
  story.tell(submission(2, [3, 6], ['sharing: on']));
  story.tell({ ...submission(1, 4), again: true });
  story.beat('ann');
  story.reports(ROOT, epoch(0), epoch(1), checkpoint(2), forked(2, [[1], [2, 3], [4]], null));
  expect(story.state.pendingOf.get('small')).toEqual(['small/4@2', 'small/1@2']);
  expect(story.stage('small/2@2')).toMatchObject({ untilEpoch: 6, state: 'leased' });
  story.beat('bob');
  expect(story.leases()['bob:cpu0']).toBe('small-2/1@0');
});

test('a stage whose checkpoint the agent has goes before all others', () => {
  const story = new Story();
  story.tell(submission(3, 4));
  for (const agent of ['ann', 'bob', 'cid']) story.beat(agent);
  story.reports('small/3@0', epoch(0), checkpoint(1));
  for (const agent of ['ann', 'bob', 'cid']) story.beat(agent, ['cpu'], { leaving: true });
  expect(transcript(story.beat('cid')).slice(1)).toEqual([
    'cid:cpu0 gets small/3@0 #2 from small/3@0 at 1',
  ]);
  expect(transcript(story.beat('bob')).slice(1)).toEqual([
    'bob:cpu0 gets small/1@0 #2 from scratch',
  ]);
});

test('a child whose checkpoint lies only on another agent waits until it has arrived', () => {
  const story = parted();
  expect(transcript(story.beat('bob'))).toEqual(['agent bob joined']);
  expect(story.upload(ROOT, 1)).toEqual([
    'stored small/1+@0 at 1',
    'bob:cpu0 gets small/2@1 #1 from small/1+@0 at 1',
  ]);
});

test('where the checkpoint lies, a child begins at once', () => {
  const story = parted();
  expect(transcript(story.beat('ann', ['cpu', 'cpu']))).toEqual([
    'agent ann joined',
    'ann:cpu1 gets small/2@1 #1 from small/1+@0 at 1',
  ]);
});

test('an agent that is silent still has its checkpoints; one that is lost has not', () => {
  const story = parted();
  story.pass(60_000);
  story.beat('bob');
  story.pass(29_999);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@1' });
  story.beat('bob');
  expect(transcript(story.pass(1))).toEqual([
    'agent ann lost',
    'small/1@1 #1 is over: lost',
    'bob:cpu0 gets small/1@1 #2 from scratch',
  ]);
});

test('an agent that left and comes back has its checkpoints again', () => {
  const story = parted();
  story.beat('ann', ['cpu'], { leaving: true });
  expect(transcript(story.beat('ann'))).toEqual([
    'agent ann joined',
    'ann:cpu0 gets small/1@1 #2 from small/1+@0 at 1',
  ]);
});

test('what was lost with its agent is trained again from the latest that is stored', () => {
  const story = new Story();
  story.tell(submission(1, 9));
  story.beat('ann');
  story.reports('small/1@0', epoch(0), checkpoint(1));
  story.upload('small/1@0', 1);
  story.reports('small/1@0', epoch(1), checkpoint(2));
  story.pass(60_000);
  story.beat('bob');
  expect(transcript(story.pass(30_000)).slice(0, 2)).toEqual([
    'agent ann lost',
    'small/1@0 #1 is over: lost',
  ]);
  expect(transcript(story.beat('bob'))).toEqual(['bob:cpu0 gets small/1@0 #2 from small/1@0 at 1']);
});

test('what was stored goes anywhere, and whoever has fetched it has it too', () => {
  const story = parted();
  story.upload(ROOT, 1);
  story.beat('bob');
  const [held] = story.state.checkpoints.get(ROOT) ?? [];
  expect(held).toMatchObject({ isStored: true, agentIds: ['ann', 'bob'] });
});

test('a checkpoint that was saved once more lies with both agents and stays stored', () => {
  const story = new Story();
  story.tell(submission(1, 9));
  story.beat('ann');
  story.reports('small/1@0', epoch(0), checkpoint(1));
  story.upload('small/1@0', 1);
  story.beat('ann', ['cpu'], { incarnation: '2' });
  story.report('small/1@0', checkpoint(1));
  expect(story.state.checkpoints.get('small/1@0')).toMatchObject([
    { epoch: 1, isStored: true, agentIds: ['ann'] },
  ]);
  story.report('small/1@0', checkpoint(1, 'd'));
  expect(story.state.checkpoints.get('small/1@0')).toMatchObject([
    { epoch: 1, isStored: false, agentIds: ['ann'] },
  ]);
});

test('a checkpoint beyond what is on record, or before its stage, is nobody’s', () => {
  const story = parted();
  expect(story.reports('small/1@1', checkpoint(2), checkpoint(0))).toEqual([]);
});

test('an upload of another checkpoint than the one that is held changes nothing', () => {
  const story = parted();
  const upload = { kind: 'uploaded', stageId: ROOT, epoch: 1, id: 'other' } as const;
  expect(story.tell(upload)).toEqual([]);
  expect(story.tell({ ...upload, epoch: 2 })).toEqual([]);
  story.upload(ROOT, 1);
  expect(story.upload(ROOT, 1)).toEqual([]);
});

test('a stage that handed over goes back to the agent that has its checkpoint, before a longer one', () => {
  const story = new Story();
  story.tell(submission(1, [4, 6]));
  story.tell({ ...submission(1, 3, ['priority: -1']), again: true });
  story.beat('ann', ['cpu', 'cpu']);
  story.reports('small/1@0', epoch(0), checkpoint(1));
  story.report('small/2@0', ended('released'));
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/2@0', 'ann:cpu1': 'small/1@0' });
});
