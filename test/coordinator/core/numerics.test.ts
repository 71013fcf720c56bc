// What a slot computes with decides the bits: a stage goes on where it is computed as it was begun, if anybody can.

import { expect, test } from 'vitest';
import { ended, epoch, opened, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

/** A trial that `ann`, who computes with `wasm`, began and gave back when she left. */
function begun(): Story {
  const story = new Story();
  story.tell(submission(1, 4));
  story.beat('ann');
  story.reports('small/1@0', opened('wasm'), epoch(0));
  story.beat('ann', ['cpu'], { leaving: true });
  return story;
}

test('a stage remembers what it was begun with', () => {
  expect(begun().stage('small/1@0')).toMatchObject({ numerics: 'wasm', reproducible: true });
});

test('a slot that turns out to compute otherwise gives the stage back while another one may do better', () => {
  const story = begun();
  story.beat('bob');
  story.beat('cid');
  expect(story.leases()).toEqual({ 'bob:cpu0': 'small/1@0' });
  expect(story.reports('small/1@0', opened('webgpu'))).toEqual([
    'small/1@0 #2 is over: released',
    'cid:cpu0 gets small/1@0 #3 from scratch',
  ]);
  story.report('small/1@0', opened('wasm'));
  expect(story.stage('small/1@0')).toMatchObject({ reproducible: true, failures: 0, losses: 0 });
});

test('where nobody computes as it was begun it is trained on, and marked', () => {
  const story = begun();
  story.beat('bob');
  expect(story.reports('small/1@0', opened('webgpu'))).toEqual(['small/1@0 is opened']);
  expect(story.stage('small/1@0')).toMatchObject({ numerics: 'webgpu', reproducible: false });
});

test('when all slots are known to compute otherwise, the last one to find out trains it', () => {
  const story = begun();
  story.beat('bob');
  story.beat('cid');
  story.report('small/1@0', opened('webgpu'));
  expect(story.reports('small/1@0', opened('node'))).toEqual(['small/1@0 is opened']);
  expect(story.leases()).toEqual({ 'cid:cpu0': 'small/1@0' });
  expect(story.stage('small/1@0')?.reproducible).toBe(false);
});

test('a slot that is known to compute otherwise is passed over while another one may do better', () => {
  const story = new Story();
  story.tell(submission(3, 4));
  story.beat('ann', ['gpu', 'cpu']);
  story.report('small/1@0', opened('webgpu'));
  story.reports('small/2@0', opened('wasm'), epoch(0));
  story.report('small/1@0', ended('diverged'));
  expect(story.leases()).toEqual({ 'ann:gpu0': 'small/3@0', 'ann:cpu1': 'small/2@0' });
  story.report('small/3@0', ended('diverged'));
  story.report('small/2@0', ended('released'));
  expect(story.leases()).toEqual({ 'ann:cpu1': 'small/2@0' });
});

test('a slot that the sweep does not train on is no better one', () => {
  const story = new Story();
  story.tell(submission(1, 4, ['slots: { kind: cpu }']));
  story.beat('ann', ['cpu']);
  story.report('small/1@0', opened('wasm'));
  story.beat('ann', ['cpu'], { leaving: true });
  story.beat('bob', ['gpu', 'cpu']);
  expect(story.reports('small/1@0', opened('node'))).toEqual(['small/1@0 is opened']);
});

test('an agent that is to leave offers nothing better', () => {
  const story = begun();
  story.beat('bob');
  story.beat('cid');
  story.drain('cid');
  expect(story.reports('small/1@0', opened('webgpu'))).toEqual(['small/1@0 is opened']);
});

test('another number of steps an epoch than before, or than declared, fails the attempt', () => {
  const story = begun();
  story.beat('bob');
  const facts = story.report('small/1@0', opened('wasm', 2));
  expect(facts.find((fact) => fact.kind === 'lease-ended')).toMatchObject({
    end: 'failed',
    message: 'an epoch has 2 steps, but 1 were recorded or declared for this trial',
  });
});
