// Which checkpoints are held: what an open stage would resume from, and what the sweep keeps.

import { expect, test } from 'vitest';
import { checkpoint, ended, epoch, failed, forked, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

const ROOT = 'small/1+@0';

function started(trials: number, epochs: number, extra: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(trials, epochs, ['keep: none', ...extra]));
  story.beat('ann');
  return story;
}

/** Losses that fall. */
function loss(value: number): { val_loss: number } {
  return { val_loss: value };
}

test('of a stage the latest checkpoint is held, and no other', () => {
  const story = started(1, 4);
  expect(
    story.reports('small/1@0', epoch(0), checkpoint(1), epoch(1), checkpoint(2)).slice(-2),
  ).toEqual(['checkpoint small/1@0 at 2', 'released small/1@0 at 1']);
});

test('while the latest lies on an agent alone, the latest that is stored is held besides', () => {
  const story = started(1, 4);
  story.reports('small/1@0', epoch(0), checkpoint(1));
  story.upload('small/1@0', 1);
  story.reports('small/1@0', epoch(1), checkpoint(2), epoch(2), checkpoint(3));
  expect(story.held()).toEqual(['small/1@0 at 1', 'small/1@0 at 3']);
  expect(story.upload('small/1@0', 3)).toEqual([
    'stored small/1@0 at 3',
    'released small/1@0 at 1',
  ]);
});

test('the checkpoint of a fork is held until each child has a stored one of its own or has ended', () => {
  const story = started(3, 4, ['sharing: on']);
  story.beat('ann', ['cpu', 'cpu']);
  story.reports(ROOT, epoch(0), checkpoint(1), forked(1, [[1], [2], [3]], 0));
  story.upload(ROOT, 1);
  story.reports('small/1@1', epoch(1), checkpoint(2));
  story.upload('small/1@1', 2);
  expect(story.held()).toEqual(['small/1+@0 at 1', 'small/1@1 at 2']);
  story.reports('small/2@1', epoch(1), checkpoint(2, 'd'));
  story.upload('small/2@1', 2);
  expect(story.held()).toContain('small/1+@0 at 1');
  expect(story.steer('cancelled', 'small/3')).toEqual([
    'trial small/3 is cancelled',
    'small/3@1 is ended',
    'released small/1+@0 at 1',
  ]);
});

test('a child of a child goes back to the checkpoint of the first fork while it has no other', () => {
  const story = started(3, 4, ['sharing: on']);
  story.reports(ROOT, epoch(0), checkpoint(1), forked(1, [[1, 2], [3]], 0));
  story.reports('small/1@1', forked(1, [[1], [2]], 0));
  expect(story.stage('small/1@1.2')?.lease?.start).toEqual({ stageId: ROOT, epoch: 1 });
  story.steer('cancelled', 'small/3');
  expect(story.held()).toEqual(['small/1+@0 at 1']);
});

test('a later checkpoint of the parent is no place for a trial that left it before', () => {
  const story = started(2, 4, ['sharing: on']);
  story.reports(ROOT, epoch(0), checkpoint(1));
  story.steer('paused', 'small/2');
  story.beat('ann', ['cpu'], { incarnation: '2' });
  story.reports(ROOT, epoch(1), checkpoint(2, 'd'));
  expect(story.held()).toEqual(['small/1+@0 at 1', 'small/1+@0 at 2']);
  story.beat('ann', ['cpu', 'cpu'], { incarnation: '2' });
  expect(story.steer('resumed', 'small/2').slice(-1)).toEqual([
    'ann:cpu1 gets small/2@1.2 #1 from small/1+@0 at 1',
  ]);
});

test('a paused stage needs its checkpoint, a cancelled one does not', () => {
  const story = started(1, 4);
  story.steer('paused');
  story.reports('small/1@0', epoch(0), checkpoint(1), forked(1, [[1]], null));
  expect(story.held()).toEqual(['small/1@0 at 1']);
  expect(story.steer('cancelled')).toEqual([
    'trial small/1 is cancelled',
    'small/1@1 is ended',
    'sweep small is cancelled',
    'released small/1@0 at 1',
  ]);
});

test('with keep: none nothing is held in the end', () => {
  const story = started(1, 2);
  story.reports('small/1@0', epoch(0), checkpoint(1), epoch(1), checkpoint(2), ended('completed'));
  expect(story.held()).toEqual([]);
});

test('with keep: best the checkpoint of the best epoch of the leader is held, until another one leads', () => {
  const story = new Story();
  story.tell(submission(2, 2, ['keep: best']));
  story.beat('ann', ['cpu', 'cpu']);
  story.reports('small/1@0', epoch(0, loss(0.4)), checkpoint(1));
  story.reports('small/2@0', epoch(0, loss(0.3)), checkpoint(1, 'd'));
  for (const stage of ['small/1@0', 'small/2@0'])
    story.reports(stage, epoch(1, loss(0.5)), ended('completed'));
  expect(story.held()).toEqual(['small/2@0 at 1']);
});

test('with keep: best the best of those that have ended is held while another one only leads for now', () => {
  const story = new Story();
  story.tell(
    submission(3, 2, ['keep: best', 'objective: { metric: val_loss, mode: min, at: last }']),
  );
  story.beat('ann');
  const train = (stage: string, ...losses: readonly number[]): void => {
    story.reports(stage, epoch(0, loss(losses[0] ?? 0)), checkpoint(1, stage[6]));
    story.reports(stage, epoch(1, loss(losses[1] ?? 0)), checkpoint(2, stage[6]));
    story.report(stage, ended('completed'));
  };
  train('small/1@0', 0.5, 0.4);
  story.reports('small/2@0', epoch(0, loss(0.1)), checkpoint(1, 'a'));
  expect(story.state.leaders.get('small')).toBe('small/2');
  expect(story.held()).toEqual(['small/1@0 at 2', 'small/2@0 at 1']);
  story.reports('small/2@0', epoch(1, loss(0.9)), checkpoint(2, 'b'), ended('completed'));
  expect(story.held()).toEqual(['small/1@0 at 2']);
  train('small/3@0', 0.9, 0.3);
  expect(story.held()).toEqual(['small/3@0 at 2']);
});

test('with keep: best the checkpoint is found on the path, also where a parent saved it', () => {
  const story = new Story();
  story.tell(submission(2, 3, ['keep: best', 'sharing: on']));
  story.beat('ann', ['cpu', 'cpu']);
  story.reports(ROOT, epoch(0, loss(0.1)), checkpoint(1), forked(1, [[1], [2]], 0));
  for (const stage of ['small/1@1', 'small/2@1'])
    story.reports(stage, epoch(1, loss(0.5)), epoch(2, loss(0.6)), ended('completed'));
  expect(story.held()).toEqual(['small/1+@0 at 1']);
});

test('with keep: last the last checkpoint of each trial that has completed is held', () => {
  const story = new Story();
  story.tell(submission(3, 2, ['keep: last', 'retries: 0']));
  story.beat('ann', ['cpu', 'cpu', 'cpu']);
  for (const [stage, digit] of [
    ['small/1@0', 'a'],
    ['small/2@0', 'b'],
  ] as const) {
    story.reports(stage, epoch(0), checkpoint(1, digit), epoch(1), checkpoint(2, digit));
    story.report(stage, ended('completed'));
  }
  expect(story.held()).toEqual(['small/1@0 at 2', 'small/2@0 at 2']);
});

test('a trial that has failed keeps the latest checkpoint that it could be retried from, and no other', () => {
  const story = new Story();
  story.tell(submission(1, 4, ['keep: none', 'retries: 0']));
  story.beat('ann');
  story.reports('small/1@0', epoch(0), checkpoint(1), epoch(1), checkpoint(2, 'b'));
  story.tell({ kind: 'uploaded', stageId: 'small/1@0', epoch: 2, id: 'b'.repeat(64) });
  story.report('small/1@0', failed('no memory'));
  expect(story.held()).toEqual(['small/1@0 at 2']);
  story.tell({ kind: 'retried', sweepId: 'small', trialId: null });
  expect(story.state.stages.get('small/1@2.2')?.lease?.start).toMatchObject({ epoch: 2 });
});

test('with keep: all every checkpoint is held', () => {
  const story = new Story();
  story.tell(submission(1, 2, ['keep: all']));
  story.beat('ann');
  story.reports('small/1@0', epoch(0), checkpoint(1), epoch(1), checkpoint(2), ended('completed'));
  expect(story.held()).toEqual(['small/1@0 at 1', 'small/1@0 at 2']);
});

test('one that has been saved again takes the place of the one before', () => {
  const story = started(1, 4);
  story.reports('small/1@0', epoch(0), checkpoint(1), checkpoint(1, 'd'));
  expect(story.state.checkpoints.get('small/1@0')).toMatchObject([{ id: 'd'.repeat(64) }]);
});

test('a sweep has nothing to do with the checkpoints of another', () => {
  const story = started(1, 4);
  story.tell({ ...submission(1, 4, ['keep: none', 'priority: 1']), again: true });
  story.beat('ann', ['cpu', 'cpu']);
  story.reports('small/1@0', epoch(0), checkpoint(1));
  story.reports('small-2/1@0', epoch(0), checkpoint(1));
  story.steer('cancelled');
  expect(story.held()).toEqual(['small-2/1@0 at 1']);
});
