// What an agent is told: what it should run, with whom, from where; and which checkpoints to have.

import { expect, test } from 'vitest';
import type { DesiredAttempt } from '../../../coordinator/core/desired.ts';
import { checkpointsOn, desiredFor } from '../../../coordinator/core/desired.ts';
import { checkpoint, ended, epoch, forked, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

const ROOT = 'small/1+@0';

function shared(extra: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(3, [2, 4], ['sharing: on', ...extra]));
  story.beat('ann');
  return story;
}

function first(story: Story, agentId = 'ann'): DesiredAttempt | undefined {
  return desiredFor(story.state, agentId)[0];
}

test('an attempt is named with the config and seed of its first trial, by slot', () => {
  const story = new Story();
  story.tell(submission(3, 4));
  story.beat('ann', ['cpu', 'cpu']);
  expect(
    desiredFor(story.state, 'ann').map(({ slot, stage, leading }) => [slot, stage.id, leading.id]),
  ).toEqual([
    ['cpu0', 'small/1@0', 'small/1'],
    ['cpu1', 'small/2@0', 'small/2'],
  ]);
  expect(desiredFor(story.state, 'bob')).toEqual([]);
});

test('who was cancelled or has gone on elsewhere is absent, who has completed is not', () => {
  const story = shared();
  story.reports(ROOT, epoch(0), checkpoint(1));
  story.steer('paused', 'small/4');
  story.beat('ann', ['cpu'], { incarnation: '2' });
  story.steer('cancelled', 'small/2');
  story.report(ROOT, epoch(1));
  expect(story.trial('small/1')?.state).toBe('completed');
  expect(first(story)).toMatchObject({ absent: [2, 4], pausing: [] });
});

test('who is to pause is named until it has paused, or is not to any more', () => {
  const story = shared();
  story.steer('paused', 'small/2');
  story.steer('paused', 'small/3');
  expect(first(story)?.pausing).toEqual([2, 3]);
  story.steer('resumed', 'small/3');
  expect(first(story)?.pausing).toEqual([2]);
  story.reports(ROOT, epoch(0), checkpoint(1), forked(1, [[1, 3, 4, 5, 6], [2]], 0));
  expect(first(story)).toMatchObject({ stage: { id: 'small/1@1' }, absent: [], pausing: [] });
});

test('where nothing has changed for an agent its leases are the same map; else another one', () => {
  const story = shared();
  const leases = (): unknown => story.state.leasesOf.get('ann');
  const changes = (act: () => unknown): boolean => {
    const before = leases();
    act();
    return leases() !== before;
  };
  expect(changes(() => story.report(ROOT, epoch(0)))).toBe(false);
  expect(changes(() => story.report(ROOT, checkpoint(1)))).toBe(true);
  expect(changes(() => story.steer('paused', 'small/2'))).toBe(true);
  expect(changes(() => story.steer('resumed', 'small/2'))).toBe(true);
  expect(changes(() => story.steer('cancelled', 'small/3'))).toBe(true);
  expect(changes(() => story.drain('ann'))).toBe(true);
});

test('an attempt starts from what it was granted, unless that is held no longer', () => {
  const story = shared(['keep: none']);
  expect(first(story)?.start).toBeUndefined();
  story.reports(ROOT, epoch(0), checkpoint(1));
  story.beat('ann', ['cpu'], { incarnation: '2' });
  expect(first(story)?.start).toMatchObject({ stageId: ROOT, epoch: 1, id: 'c'.repeat(64) });
  story.reports(ROOT, epoch(1), checkpoint(2, 'd'));
  expect(first(story)?.start).toBeUndefined();
});

test('the best value so far is that of the leader', () => {
  const story = shared();
  expect(first(story)?.bestValue).toBeUndefined();
  story.reports(ROOT, epoch(0, { val_loss: 0.25 }), epoch(1, { val_loss: 0.5 }));
  expect(first(story)?.bestValue).toBe(0.25);
});

test('an agent should have its checkpoints while the sweep runs, and afterwards until they are stored', () => {
  const story = new Story();
  story.tell(submission(1, 2, ['keep: last']));
  story.beat('ann');
  const on = (agentId: string): readonly string[] =>
    checkpointsOn(story.state, agentId).map(({ stageId, epoch: n }) => `${stageId} at ${n}`);
  story.reports('small/1@0', epoch(0), checkpoint(1));
  story.upload('small/1@0', 1);
  expect([on('ann'), on('bob')]).toEqual([['small/1@0 at 1'], []]);
  story.beat('ann', ['cpu'], { leaving: true });
  story.beat('bob');
  expect(on('bob')).toEqual(['small/1@0 at 1']);
  story.reports('small/1@0', epoch(1), checkpoint(2), ended('completed'));
  expect([on('ann'), on('bob')]).toEqual([[], ['small/1@0 at 2']]);
  story.upload('small/1@0', 2);
  expect(on('bob')).toEqual([]);
  expect(story.held()).toEqual(['small/1@0 at 2']);
});
