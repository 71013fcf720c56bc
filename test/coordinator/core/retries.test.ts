// Failures: tried again after a wait that doubles, given up when retries are used up or the same thing happens twice.

import { expect, test } from 'vitest';
import { epoch, failed, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

function started(extra: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(1, 2, extra));
  story.beat('ann');
  return story;
}

test('a failure waits 10 s, the next 20 s, and a fourth is final', () => {
  const story = started();
  for (const waitMs of [10_000, 20_000, 40_000]) {
    story.report('small/1@0', failed(`after ${waitMs}`));
    story.pass(waitMs - 1);
    story.beat('ann');
    expect(story.leases()).toEqual({});
    story.pass(1);
    expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  }
  story.report('small/1@0', failed('the last straw'));
  expect(story.state.trials.get('small/1')).toMatchObject({
    state: 'failed',
    message: 'the last straw',
  });
  expect(story.state.sweeps.get('small')?.state).toBe('completed');
});

test('the same failure at the same epoch twice is taken as final', () => {
  const story = started();
  story.report('small/1@0', failed('no such layer'));
  story.pass(10_000);
  story.beat('ann');
  story.report('small/1@0', failed('no such layer'));
  expect(story.state.trials.get('small/1')).toMatchObject({
    state: 'failed',
    message: 'no such layer\nthe same failure twice: not tried again',
  });
});

test('with retries: 0 the first failure is final', () => {
  const story = started(['retries: 0']);
  story.report('small/1@0', failed('once'));
  expect(story.state.trials.get('small/1')?.state).toBe('failed');
});

test('a trial that loses host after host is given up after ten', () => {
  const story = started();
  for (let i = 2; i <= 12; i += 1) {
    story.beat('ann', ['cpu'], { incarnation: String(i) });
    story.pass(0);
    for (
      let waited = 0;
      waited < 360_000 && story.state.trials.get('small/1')?.state === 'pending';
      waited += 20_000
    ) {
      story.beat('ann', ['cpu'], { incarnation: String(i) });
      story.pass(20_000);
    }
  }
  expect(story.state.trials.get('small/1')).toMatchObject({ state: 'failed' });
  expect(story.state.trials.get('small/1')?.message).toContain('10 attempts before it were lost');
});

test('a repeated epoch that differs marks the stage, and the first record stays', () => {
  const story = started();
  const train = (loss: number): readonly string[] =>
    story.reports('small/1@0', epoch(0, { val_loss: loss }));
  train(0.5);
  expect(train(0.5)).toEqual(['small/1@0 epoch 0 again, the same']);
  expect(story.stage('small/1@0')?.reproducible).toBe(true);
  expect(train(0.4)).toEqual(['small/1@0 epoch 0 again, different']);
  expect(story.stage('small/1@0')).toMatchObject({
    reproducible: false,
    recordedEpochs: 1,
    repeatedEpochs: 2,
  });
  expect(story.trial('small/1')?.best).toEqual({ epoch: 0, value: 0.5 });
});
