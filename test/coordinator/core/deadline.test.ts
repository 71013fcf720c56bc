// The next moment at which time alone changes something.

import { expect, test } from 'vitest';
import { nextDeadline } from '../../../coordinator/core/deadline.ts';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import { failed, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

function deadline(story: Story): number | null {
  return nextDeadline(story.state, story.now(), DEFAULT_LIMITS);
}

test('without agents and waits there is none', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  expect(deadline(story)).toBeNull();
});

test('an agent is suspect after 30 s, then lost after 90 s', () => {
  const story = new Story();
  story.beat('ann');
  expect(deadline(story)).toBe(30_000);
  story.pass(29_999);
  expect(deadline(story)).toBe(30_000);
  story.pass(1);
  expect(deadline(story)).toBe(90_000);
  story.pass(60_000);
  expect(deadline(story)).toBeNull();
});

test('a heartbeat moves both', () => {
  const story = new Story();
  story.beat('ann');
  story.pass(40_000);
  story.beat('ann');
  expect(deadline(story)).toBe(70_000);
});

test('the earliest agent counts, and one that has left does not', () => {
  const story = new Story();
  story.beat('ann');
  story.pass(10_000);
  story.beat('bob');
  expect(deadline(story)).toBe(30_000);
  story.beat('ann', ['cpu'], { leaving: true });
  expect(deadline(story)).toBe(40_000);
});

test('the end of a wait comes first where it is earlier, and is over once it has passed', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  story.beat('ann');
  story.report('small/1@0', failed('once'));
  expect(deadline(story)).toBe(10_000);
  story.pass(10_000);
  expect(deadline(story)).toBe(30_000);
});

test('an agent that was not heard since a restart is suspect already: only its loss lies ahead', () => {
  const story = new Story();
  story.beat('ann');
  const contacts = new Map([['ann', { seenMonoMs: null, untilMonoMs: 300_000 }]]);
  const state = { ...story.state, contacts };
  expect(nextDeadline(state, story.now(), DEFAULT_LIMITS)).toBe(300_000);
});
