// Range tests before training: who tests, who waits for it, and who gets what was found.

import { expect, test } from 'vitest';
import {
  SEEDS,
  FOUND,
  STEEPEST,
  PLAIN,
  HALVED,
  beat,
  found,
  rates,
  started,
  train,
  trialsOf,
} from '../../support/finding-story.ts';
import { ended, epoch, opened } from '../../support/story.ts';
import { submissionOf } from '../../support/sweep.ts';

test('trials that wait for rates are families of their own, and the others hold none up', () => {
  const story = started(4, [PLAIN, FOUND, HALVED], [SEEDS]);
  expect([...story.state.stages.values()].map(({ id, members }) => [id, members])).toEqual([
    ['small/1@0', ['small/1']],
    ['small/2@0', ['small/2']],
    ['small/3+@0', ['small/3', 'small/5']],
    ['small/4+@0', ['small/4', 'small/6']],
  ]);
});

test('one stage of a config tests while its others wait; plain trials and other configs go on', () => {
  const story = started(8, [PLAIN, FOUND], [SEEDS, 'config: { units: [8, 16] }']);
  const waiting = [...story.state.stages.values()].filter(({ lease }) => lease === null);
  const byConfig = (ids: readonly (string | undefined)[]): readonly unknown[] =>
    ids.map((id = '') => [story.trial(id)?.config['units'], story.trial(id)?.strategyLabel]);
  expect(Object.keys(story.leases())).toHaveLength(6);
  expect(byConfig(waiting.map(({ members }) => members[0]))).toEqual([
    [8, 'lr found by valley'],
    [16, 'lr found by valley'],
  ]);
  // They wait however much time passes and however many slots there are.
  beat(story, 4, 'bob');
  story.pass(10_000);
  expect(Object.keys(story.leases())).toHaveLength(6);
});

test('what one seed finds is given to all seeds of its config and to no other config', () => {
  const story = started(4, [FOUND, HALVED], [SEEDS, 'config: { units: [8, 16] }']);
  const [lead = ''] = Object.values(story.leases());
  expect(story.trial('small/1')?.config).toEqual(story.trial('small/2')?.config);
  expect(story.reports(lead, opened(), rates(0.123_456))).toEqual([
    `${lead} is opened`,
    'rates of small: 0.123456',
    'trial small/1 has its rates',
    'trial small/2 has its rates',
    'trial small/5 has its rates',
    'trial small/6 has its rates',
    'ann:cpu2 gets small/2+@0 #1 from scratch',
  ]);
  expect(trialsOf(story)).toEqual([
    'running lr 0.123',
    'running lr 0.123',
    'running lr found by valley',
    'pending lr found by valley',
    'running base_lr 0.0154 max_lr 0.123 step_size 2',
    'running base_lr 0.0154 max_lr 0.123 step_size 2',
    'running base_lr found by valley × 0.5 max_lr found by valley step_size 2',
    'pending base_lr found by valley × 0.5 max_lr found by valley step_size 2',
  ]);
});

test('the stage that tested is handed back and trains next, and the sweep comes to its end', () => {
  const story = started(1, [FOUND], [SEEDS]);
  expect(story.reports('small/1@0', opened(), rates(0.1), ended('released')).slice(-2)).toEqual([
    'small/1@0 #1 is over: released',
    'ann:cpu0 gets small/1@0 #2 from scratch',
  ]);
  train(story, 'small/1@0');
  train(story, 'small/2@0');
  expect(trialsOf(story)).toEqual(['completed lr 0.1', 'completed lr 0.1']);
  expect(story.state.sweeps.get('small')?.state).toBe('completed');
});

test('a trial that was paused apart tests for itself what the others had no need of, and holds none of them up', () => {
  const story = started(0, [FOUND, STEEPEST]);
  story.steer('paused', 'small/1');
  beat(story, 1);
  const steepest = rates(0.3, { suggest: 'steepest' });
  story.reports('small/1+@0', opened(), steepest, ended('released'));
  train(story, 'small/1+@0');
  expect(trialsOf(story)).toEqual(['paused lr found by valley', 'completed lr 0.3']);
  story.steer('resumed', 'small/1');
  story.report('small/1@0.2', rates(0.1));
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'completed lr 0.3']);
});

test('where one trial has tested for itself, the stages in which only some know their rates still test one after the other', () => {
  const story = started(0, [FOUND, STEEPEST], [SEEDS]);
  story.steer('paused');
  story.steer('resumed', 'small/1');
  beat(story, 1);
  story.reports('small/1@0.2', opened(), rates(0.1), ended('released'));
  expect(trialsOf(story).slice(0, 2)).toEqual(['running lr 0.1', 'paused lr 0.1']);
  story.steer('resumed');
  beat(story, 4);
  expect(Object.values(story.leases()).toSorted()).toEqual(['small/1+@0', 'small/1@0.2']);
  story.report('small/1+@0', rates(0.3, { suggest: 'steepest' }));
  expect(Object.values(story.leases())).toContain('small/2+@0');
});

test('another sweep with the same config tests for itself', () => {
  const story = started(2, [FOUND]);
  const event = submissionOf([
    'objective: { metric: val_loss, mode: min }',
    'epochs: 2',
    'learning_rate:',
    FOUND,
  ]);
  story.tell({ ...event, again: true });
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0', 'ann:cpu1': 'small-2/1@0' });
  story.report('small/1@0', rates(0.1));
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'running lr found by valley']);
});

test('where nothing is shared, each way to test is tested once, one after the other', () => {
  const story = started(8, [FOUND, HALVED, STEEPEST], [SEEDS, 'sharing: off']);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  story.reports('small/1@0', opened(), rates(0.1));
  // What is steepest was not asked for.
  expect(Object.values(story.leases()).toSorted()).toEqual(
    [1, 2, 3, 4, 5].map((number) => `small/${number}@0`),
  );
  story.reports('small/5@0', opened(), rates(0.3, { suggest: 'steepest' }));
  expect(trialsOf(story)).toEqual([
    'running lr 0.1',
    'running lr 0.1',
    'running base_lr 0.0125 max_lr 0.1 step_size 2',
    'running base_lr 0.0125 max_lr 0.1 step_size 2',
    'running lr 0.3',
    'running lr 0.3',
  ]);
});

test('two ways to read the curves in one config come from one stage, each to its own trials', () => {
  const story = started(2, [FOUND, STEEPEST], [SEEDS]);
  const both = [found(0.1, {}), found(0.3, { suggest: 'steepest' })];
  story.report('small/1+@0', { kind: 'rates', rates: both, missing: [] });
  expect(trialsOf(story)).toEqual([
    'running lr 0.1',
    'running lr 0.1',
    'running lr 0.3',
    'running lr 0.3',
  ]);
});

test('rates that nobody asked for are given to nobody, and the stage tests again', () => {
  const story = started(1, [FOUND], [SEEDS]);
  story.reports('small/1@0', opened(), rates(0.1, { steps: 50 }), ended('released'));
  expect(trialsOf(story)).toEqual(['running lr found by valley', 'pending lr found by valley']);
});

test('an epoch that is reported before its rates are known is refused in words', () => {
  const story = started(1, [FOUND]);
  story.reports('small/1@0', opened(), epoch(0));
  expect(story.trial('small/1')).toMatchObject({
    state: 'failed',
    epochsDone: 0,
    message: 'epoch 0 was reported where range tests were due',
  });
});
