// Range tests that find nothing or what cannot be used, and those that something comes between.

import { expect, test } from 'vitest';
import {
  SEEDS,
  FOUND,
  STEEPEST,
  PLAIN,
  CYCLIC,
  HALVED,
  beat,
  found,
  missing,
  rates,
  started,
  train,
  trialsOf,
} from '../../support/finding-story.ts';
import { ended, epoch, failed, opened } from '../../support/story.ts';

test('a trial whose rates break a rule fails in words and with its values; the others train', () => {
  const story = started(1, [CYCLIC, FOUND]);
  expect(story.reports('small/1+@0', opened(), rates(0.1), ended('released')).slice(2)).toEqual([
    'trial small/1 has its rates',
    'trial small/2 has its rates',
    'new stage small/1@0.2: small/1 from epoch 0',
    'trial small/1 is failed',
    'small/1@0.2 is ended',
    'small/1+@0 #1 is over: released',
    'ann:cpu0 gets small/1+@0 #2 from scratch',
  ]);
  expect(story.trial('small/1')?.message).toBe(
    'the learning rate that was found does not go with the rest: base_lr: received 0.2 with max_lr 0.1; base_lr must be at most max_lr',
  );
  train(story, 'small/1+@0');
  expect(trialsOf(story)).toEqual([
    'failed base_lr 0.2 max_lr 0.1 step_size 2',
    'completed lr 0.1',
  ]);
});

test('where they break a rule of everybody, all stages of the config end, the tested one with its last word', () => {
  const story = started(1, [CYCLIC], [SEEDS]);
  expect(story.reports('small/1@0', rates(0.1)).slice(3)).toEqual([
    'trial small/1 is failed',
    'trial small/2 is failed',
    'small/2@0 is ended',
    'sweep small is completed',
  ]);
  expect(story.reports('small/1@0', ended('released'))).toEqual([
    'small/1@0 #1 is over: released',
    'small/1@0 is ended',
  ]);
});

test('the host of a stage whose trials have all failed of their rates may be lost', () => {
  const story = started(1, [CYCLIC]);
  story.report('small/1@0', rates(0.1));
  expect(story.reports('small/1@0', ended('lost'))).toEqual([
    'small/1@0 #1 is over: lost',
    'small/1@0 is ended',
  ]);
});

test('a trial that failed of its rates is tried again from its own first epoch, apart from those that have gone on', () => {
  const story = started(2, [CYCLIC, FOUND]);
  story.reports('small/1+@0', opened(), rates(0.1), ended('released'));
  story.reports('small/1+@0', opened(), epoch(0), failed('no memory'));
  expect(story.steer('retried').slice(3)).toEqual([
    'new stage small/1@0.3: small/1 from epoch 0',
    'new stage small/2@1.2: small/2 from epoch 1',
    'ann:cpu0 gets small/1@0.3 #1 from scratch',
    'ann:cpu1 gets small/2@1.2 #1 from scratch',
  ]);
});

test('where nothing is found, all trials of the config that wait for it fail with the reason, and can be tried again', () => {
  const story = started(1, [PLAIN, FOUND, HALVED], [SEEDS]);
  train(story, 'small/1@0');
  train(story, 'small/2@0');
  expect(story.reports('small/3+@0', opened(), missing({}), ended('released')).slice(1)).toEqual([
    'trial small/3 is failed',
    'trial small/5 is failed',
    'trial small/4 is failed',
    'trial small/6 is failed',
    'small/4+@0 is ended',
    'sweep small is completed',
    'small/3+@0 #1 is over: released',
    'small/3+@0 is ended',
  ]);
  expect(story.trial('small/5')).toMatchObject({ message: 'nothing falls', state: 'failed' });
  expect(story.steer('retried').slice(-3)).toEqual([
    'new stage small/3@0.2: small/3, small/5 from epoch 0',
    'new stage small/4@0.2: small/4, small/6 from epoch 0',
    'ann:cpu0 gets small/3@0.2 #1 from scratch',
  ]);
  story.reports('small/3@0.2', opened(), rates(0.1), ended('released'));
  expect(trialsOf(story).slice(2)).toEqual([
    'running lr 0.1',
    'pending lr 0.1',
    'running base_lr 0.0125 max_lr 0.1 step_size 2',
    'pending base_lr 0.0125 max_lr 0.1 step_size 2',
  ]);
});

test('a stage that tests while another one tells that there is nothing to be found is withdrawn', () => {
  const story = started(2, [PLAIN, FOUND]);
  expect(story.reports('small/1@0', missing({}))).toEqual([
    'trial small/2 is failed',
    'small/2@0 #1 is over: withdrawn',
    'small/2@0 is ended',
  ]);
});

test('where one reading of the curves finds nothing, the trials of the other train', () => {
  const story = started(1, [FOUND, STEEPEST], [SEEDS]);
  const both = { ...rates(0.1), ...missing({ suggest: 'steepest' }), rates: [found(0.1, {})] };
  expect(story.reports('small/1+@0', opened(), both, ended('released')).slice(1)).toEqual([
    'rates of small: 0.1',
    'trial small/1 has its rates',
    'trial small/2 has its rates',
    'new stage small/3@0.2: small/3 from epoch 0',
    'trial small/3 is failed',
    'small/3@0.2 is ended',
    'new stage small/4@0.2: small/4 from epoch 0',
    'trial small/4 is failed',
    'small/4@0.2 is ended',
    'small/1+@0 #1 is over: released',
    'ann:cpu0 gets small/1+@0 #2 from scratch',
  ]);
  train(story, 'small/1+@0');
  train(story, 'small/2+@0');
  expect(trialsOf(story)).toEqual([
    'completed lr 0.1',
    'completed lr 0.1',
    'failed lr found by steepest',
    'failed lr found by steepest',
  ]);
});

test('a failed test that is to be tried again lets another seed test meanwhile, whose rates are for both', () => {
  const story = started(1, [FOUND], [SEEDS], 3);
  expect(story.reports('small/1@0', failed('no memory'))).toEqual([
    'small/1@0 #1 is over: failed',
    'ann:cpu0 gets small/2@0 #1 from scratch',
  ]);
  story.reports('small/2@0', opened(), rates(0.1));
  story.pass(10_000);
  beat(story, 2);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/2@0', 'ann:cpu1': 'small/1@0' });
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'running lr 0.1']);
});

test('another seed tests where the tested trials were cancelled, and rates of the old test are not taken', () => {
  const story = started(1, [FOUND], [SEEDS]);
  expect(story.steer('cancelled', 'small/1').slice(-1)).toEqual([
    'ann:cpu0 gets small/2@0 #1 from scratch',
  ]);
  expect(story.reports('small/1@0', rates(0.1))).toEqual([]);
  expect(trialsOf(story)).toEqual(['cancelled lr found by valley', 'running lr found by valley']);
});

test('a trial that was cancelled meanwhile gets no rates, and its stage goes on without it', () => {
  const story = started(1, [FOUND, HALVED]);
  story.steer('cancelled', 'small/1');
  story.reports('small/1+@0', opened(), rates(0.1), ended('released'));
  expect(trialsOf(story)).toEqual([
    'cancelled lr found by valley',
    'running base_lr 0.0125 max_lr 0.1 step_size 2',
  ]);
  train(story, 'small/1+@0');
  expect(story.trial('small/2')?.state).toBe('completed');
});

test('a trial that is to pause while its stage tests pauses with its rates, and trains once it goes on', () => {
  const story = started(1, [FOUND]);
  expect(story.steer('paused', 'small/1')).toEqual(['trial small/1 is to pause']);
  expect(story.reports('small/1@0', opened(), rates(0.1), ended('released')).slice(-2)).toEqual([
    'small/1@0 #1 is over: released',
    'small/1@0 is paused',
  ]);
  expect(trialsOf(story)).toEqual(['paused lr 0.1']);
  story.steer('resumed', 'small/1');
  train(story, 'small/1@0');
  expect(trialsOf(story)).toEqual(['completed lr 0.1']);
});

test('trials that are paused get what another seed finds, and hold up no test', () => {
  const story = started(0, [FOUND], [SEEDS]);
  story.steer('paused', 'small/1');
  beat(story, 1);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/2@0' });
  story.report('small/2@0', rates(0.1));
  expect(trialsOf(story)).toEqual(['paused lr 0.1', 'running lr 0.1']);
});

test('a paused trial whose rates break a rule fails where it stands', () => {
  const story = started(0, [CYCLIC, FOUND], [SEEDS]);
  story.steer('paused', 'small/1');
  beat(story, 1);
  const [lead = ''] = Object.values(story.leases());
  story.report(lead, rates(0.1));
  expect(story.trial('small/1')?.state).toBe('failed');
  expect(story.stage(story.trial('small/1')?.stageId ?? '')?.state).toBe('ended');
});

test('the tests begin anew elsewhere where the agent is lost, and its late rates are stale', () => {
  const story = started(1, [FOUND], [SEEDS]);
  story.report('small/1@0', opened());
  beat(story, 1, 'bob');
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  for (let i = 0; i < 10; i += 1) {
    story.pass(20_000);
    beat(story, 1, 'bob');
  }
  expect(story.leases()).toEqual({ 'bob:cpu0': 'small/1@0' });
  const late = { kind: 'reported', agentId: 'ann', sequence: 9, stageId: 'small/1@0' } as const;
  const facts = story.tell({ ...late, attempt: 1, item: rates(0.3) });
  expect(facts.findLast(({ kind }) => kind === 'report-taken')).toMatchObject({ isStale: true });
  expect(facts.some(({ kind }) => kind === 'strategy-settled')).toBe(false);
  story.report('small/1@0', rates(0.1));
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'pending lr 0.1']);
});

test('a coordinator that was started anew in the middle knows who tests and who waits', () => {
  const story = started(2, [FOUND], [SEEDS]);
  story.restart();
  beat(story, 2);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  story.report('small/1@0', rates(0.1));
  story.restart();
  beat(story, 2);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0', 'ann:cpu1': 'small/2@0' });
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'running lr 0.1']);
  expect(story.stage('small/1@0')?.attempt).toBe(1);
});
