// The best trial of a sweep so far, kept up to date trial by trial.

import { expect, test } from 'vitest';
import { checkpoint, epoch, failed, forked, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

/** Three trials, each alone on a slot; retries are up to a person. */
function started(objective: string, extra: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(3, 4, [`objective: ${objective}`, 'retries: 0', ...extra]));
  story.beat('ann', ['cpu', 'cpu', 'cpu']);
  return story;
}

function train(story: Story, trial: number, n: number, val_loss: number, more = {}): void {
  story.report(`small/${trial}@0`, epoch(n, { val_loss, ...more }));
}

function leader(story: Story): string | undefined {
  return story.state.leaders.get('small');
}

const BEST = '{ metric: val_loss, mode: min }';
const LAST = '{ metric: val_loss, mode: min, at: last }';

test('nobody leads before there is a value, and none of what is not finite', () => {
  const story = started(BEST);
  expect(leader(story)).toBeUndefined();
  train(story, 1, 0, Number.NaN);
  train(story, 2, 0, Number.NEGATIVE_INFINITY);
  expect(leader(story)).toBeUndefined();
  train(story, 3, 0, 1e9);
  expect(leader(story)).toBe('small/3');
});

test('by the best epoch a lead is lost only to a better trial', () => {
  const story = started(BEST);
  train(story, 1, 0, 0.5);
  train(story, 2, 0, 0.4);
  train(story, 2, 1, 0.9);
  expect(leader(story)).toBe('small/2');
  train(story, 1, 1, 0.3);
  expect(leader(story)).toBe('small/1');
});

test('by the last epoch a lead is lost to whoever is better then', () => {
  const story = started(LAST);
  train(story, 1, 0, 0.5);
  train(story, 2, 0, 0.4);
  train(story, 3, 0, 0.45);
  train(story, 2, 1, 0.9);
  expect(leader(story)).toBe('small/3');
  train(story, 3, 1, Number.NaN);
  expect(leader(story)).toBe('small/1');
});

test('where higher is better, the highest leads', () => {
  const story = started('{ metric: val_loss, mode: max }');
  train(story, 1, 0, 0.5);
  train(story, 2, 0, 0.6);
  expect(leader(story)).toBe('small/2');
});

test('of equal trials the one with the lower number leads, whoever was first', () => {
  const story = started(BEST);
  train(story, 2, 0, 0.5);
  train(story, 3, 0, 0.5);
  expect(leader(story)).toBe('small/2');
  train(story, 1, 0, 0.5);
  expect(leader(story)).toBe('small/1');
});

test('a leader that diverges falls behind all others', () => {
  const story = started(BEST);
  train(story, 1, 0, 0.1);
  train(story, 2, 0, 0.4);
  train(story, 1, 1, 0.2, { loss: Number.NaN });
  expect(leader(story)).toBe('small/2');
});

test('a leader that fails leads again once it is tried again; one that is cancelled leads on', () => {
  const story = started(BEST);
  train(story, 1, 0, 0.1);
  train(story, 2, 0, 0.4);
  story.report('small/1@0', failed('no memory'));
  expect(leader(story)).toBe('small/2');
  story.steer('retried', 'small/1');
  expect(leader(story)).toBe('small/1');
  story.steer('cancelled', 'small/1');
  expect(leader(story)).toBe('small/1');
});

test('of trials that train together the first one leads, and when they part the better one', () => {
  const story = started(LAST, ['sharing: on']);
  story.reports('small/1+@0', epoch(0, { val_loss: 0.5 }), checkpoint(1));
  expect(leader(story)).toBe('small/1');
  story.report('small/1+@0', forked(1, [[1], [2], [3]], null));
  story.report('small/1@1', epoch(1, { val_loss: 0.9 }));
  expect(leader(story)).toBe('small/2');
  story.report('small/3@1', epoch(1, { val_loss: 0.1 }));
  expect(leader(story)).toBe('small/3');
});
