// Members part: one commit ends their stage, makes a child for each class, and lets one of them go on.

import { expect, test } from 'vitest';
import { transcript } from '../../support/transcript.ts';
import { checkpoint, ended, epoch, forked, opened, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

const ROOT = 'small/1+@0';

/** Three trials that have trained two epochs together on `ann`, and saved. */
function together(extra: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(3, 4, ['sharing: on', ...extra]));
  story.beat('ann');
  story.reports(ROOT, opened(), epoch(0), epoch(1), checkpoint(2));
  return story;
}

test('trials with one config and one seed begin in one stage', () => {
  const story = new Story();
  const told = transcript(story.tell(submission(2, 4, ['sharing: on', 'seeds: [1, 2]'])));
  expect(told.slice(5)).toEqual([
    'new stage small/1+@0: small/1, small/3 from epoch 0',
    'new stage small/2+@0: small/2, small/4 from epoch 0',
  ]);
});

test('a fork ends its stage, makes a child for each class and grants one of them to the same slot', () => {
  const story = together();
  expect(story.reports(ROOT, forked(2, [[1, 3], [2]], 0))).toEqual([
    'small/1+@0 forks at 2 into small/1@2, small/2@2; small/1@2 goes on',
    'small/1+@0 #1 is over: forked',
    'new stage small/1@2: small/1, small/3 from epoch 2',
    'new stage small/2@2: small/2 from epoch 2',
    'small/1+@0 is ended',
    'ann:cpu0 gets small/1@2 #1 from small/1+@0 at 2',
  ]);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@2' });
  expect(story.trial('small/3')).toMatchObject({ state: 'running', stageId: 'small/1@2' });
  expect(story.trial('small/2')).toMatchObject({ state: 'pending', stageId: 'small/2@2' });
});

test('children go on from what their parent was: its tree, its numerics, its steps, its epochs', () => {
  const story = together();
  story.report(ROOT, forked(2, [[1, 3], [2]], 0));
  expect(story.stage('small/2@2')).toMatchObject({
    rootId: ROOT,
    parentId: ROOT,
    fromEpoch: 2,
    untilEpoch: 4,
    stepsPerEpoch: 1,
    numerics: 'cpu',
    attempt: 0,
  });
  story.reports('small/1@2', epoch(2), epoch(3), ended('completed'));
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/2@2' });
  story.reports('small/2@2', epoch(2, { val_loss: 9 }), epoch(3, { val_loss: 8 }));
  expect(story.epochsOf('small/2').map(({ metrics }) => metrics['val_loss'])).toEqual([
    1, 0.5, 9, 8,
  ]);
  expect(story.epochsOf('small/3')).toEqual(story.epochsOf('small/1'));
});

test('a trial that was cancelled since is in no child, and a class without any other makes none', () => {
  const story = together();
  story.steer('cancelled', 'small/1');
  story.steer('cancelled', 'small/2');
  expect(story.reports(ROOT, forked(2, [[1, 3], [2]], 0))).toEqual([
    'small/1+@0 forks at 2 into small/1@2; small/1@2 goes on',
    'small/1+@0 #1 is over: forked',
    'new stage small/1@2: small/3 from epoch 2',
    'small/1+@0 is ended',
    'ann:cpu0 gets small/1@2 #1 from small/1+@0 at 2',
  ]);
});

test('an agent that does not know yet who was cancelled may name them in one fork after the other', () => {
  const story = together();
  story.steer('cancelled', 'small/1');
  story.reports(ROOT, forked(2, [[1, 3], [2]], 0));
  expect(story.reports('small/1@2', epoch(2), checkpoint(3), forked(3, [[1], [3]], 1))).toEqual([
    'small/1@2 epoch 2, the best',
    'checkpoint small/1@2 at 3',
    'small/1@2 forks at 3 into small/3@3; small/3@3 goes on',
    'small/1@2 #1 is over: forked',
    'new stage small/3@3: small/3 from epoch 3',
    'small/1@2 is ended',
    'ann:cpu0 gets small/3@3 #1 from small/1@2 at 3',
  ]);
});

test('where the class that went on was cancelled, another one takes its slot', () => {
  const story = together();
  story.steer('cancelled', 'small/2');
  expect(story.reports(ROOT, forked(2, [[1, 3], [2]], 1))).toEqual([
    'small/1+@0 forks at 2 into small/1@2; nobody goes on',
    'small/1+@0 #1 is over: forked',
    'new stage small/1@2: small/1, small/3 from epoch 2',
    'small/1+@0 is ended',
    'ann:cpu0 gets small/1@2 #1 from small/1+@0 at 2',
  ]);
});

test('a class of which some are to pause makes two children, each called after its own first trial', () => {
  const story = together();
  story.steer('paused', 'small/2');
  expect(story.reports(ROOT, forked(2, [[1], [2, 3]], 0)).slice(2, 5)).toEqual([
    'new stage small/1@2: small/1 from epoch 2',
    'new stage small/3@2: small/3 from epoch 2',
    'new stage small/2@2: small/2 from epoch 2, paused',
  ]);
  expect(story.trial('small/2')).toMatchObject({ state: 'paused', isPausing: false });
});

test('the class that goes on keeps a trial that is to pause until its next boundary', () => {
  const story = together();
  story.steer('paused', 'small/3');
  story.report(ROOT, forked(2, [[1, 3], [2]], 0));
  expect(story.trial('small/3')).toMatchObject({ state: 'running', isPausing: true });
  story.reports('small/1@2', epoch(2), checkpoint(3), forked(3, [[1], [3]], 0));
  expect(story.trial('small/3')).toMatchObject({ state: 'paused', stageId: 'small/3@3' });
});

test('of a fork that leaves nobody in place the first child is granted as any stage is', () => {
  const story = together();
  expect(story.reports(ROOT, forked(2, [[1], [2, 3]], null)).slice(-2)).toEqual([
    'small/1+@0 is ended',
    'ann:cpu0 gets small/1@2 #1 from small/1+@0 at 2',
  ]);
});

test('a fork before the first epoch of a family needs no checkpoint, and its children begin from scratch', () => {
  const story = new Story();
  story.tell(submission(2, 4, ['sharing: on']));
  story.beat('ann');
  expect(story.reports(ROOT, opened(), forked(0, [[1], [2]], 0)).slice(1)).toEqual([
    'small/1+@0 forks at 0 into small/1@0, small/2@0; small/1@0 goes on',
    'small/1+@0 #1 is over: forked',
    'new stage small/1@0: small/1 from epoch 0',
    'new stage small/2@0: small/2 from epoch 0',
    'small/1+@0 is ended',
    'ann:cpu0 gets small/1@0 #1 from scratch',
  ]);
});

test('a stage that forks where it began has a child of the next generation', () => {
  const story = together();
  story.report(ROOT, forked(2, [[1, 3], [2]], 0));
  story.steer('paused', 'small/1');
  story.report('small/1@2', forked(2, [[1], [3]], 1));
  expect(story.trial('small/1')).toMatchObject({ state: 'paused', stageId: 'small/1@2.2' });
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/3@2' });
});

test('what the agent says of the parent after it has forked is stale', () => {
  const story = together();
  story.report(ROOT, forked(2, [[1, 3], [2]], 0));
  const stage = story.stage(ROOT);
  expect(stage).toMatchObject({ state: 'ended', lease: null });
  const late = {
    kind: 'reported',
    agentId: 'ann',
    sequence: (story.state.agents.get('ann')?.lastSequence ?? 0) + 1,
    stageId: ROOT,
    attempt: 1,
  } as const;
  expect(transcript(story.tell({ ...late, item: epoch(2) }))).toEqual(['a stale report']);
});

test.for([
  ['before another epoch', forked(3, [[1, 2, 3]], 0), 'before epoch 3 was reported where epoch 2'],
  ['that forgets a trial', forked(2, [[1], [2]], 0), 'without trial small/3'],
  [
    'with a trial twice',
    forked(
      2,
      [
        [1, 2],
        [2, 3],
      ],
      0,
    ),
    'with a trial in two classes',
  ],
  [
    'with a stranger',
    forked(2, [[1, 2, 3], [4]], 0),
    'with trial 4, which has never been in the stage',
  ],
] as const)('a fork %s fails the attempt, and the stage is tried again', ([, item, words]) => {
  const story = together(['retries: 1']);
  const facts = story.report(ROOT, item);
  const end = facts.find((fact) => fact.kind === 'lease-ended');
  expect(end?.message).toContain(words);
  expect(story.stage(ROOT)).toMatchObject({ state: 'pending', failures: 1 });
  story.pass(10_000);
  story.beat('ann');
  expect(story.leases()).toEqual({ 'ann:cpu0': ROOT });
});

test('a fork with a class out of order is refused: its child could have the name of another stage', () => {
  const story = new Story();
  story.tell(submission(3, 4, ['sharing: on', 'retries: 0']));
  story.beat('ann');
  const [root = ''] = Object.values(story.leases());
  story.report(root, forked(0, [[3, 2, 1]], null));
  const message = 'a fork was reported with a class whose trials are not in order';
  expect(story.trial('small/1')).toMatchObject({ state: 'failed', message });
});
