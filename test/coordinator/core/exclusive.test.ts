// What the coordinator waits for with `exclusive: true`: that no process of an earlier attempt can still train.

import { expect, test } from 'vitest';
import { epoch, failed, opened, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

/** Ann has opened the trial; bob is idle. */
function begin(exclusive: boolean): Story {
  const story = new Story();
  story.tell(submission(1, 9, [`exclusive: ${exclusive}`]));
  story.beat('ann');
  story.beat('bob');
  story.report('small/1@0', opened());
  return story;
}

/** Seconds until the stage is granted again. */
function wait(story: Story): number {
  const { monoMs } = story.now();
  while (Object.keys(story.leases()).length === 0) {
    for (const name of ['ann', 'bob']) story.beat(name);
    story.pass(5_000);
  }
  return (story.now().monoMs - monoMs) / 1000;
}

test.each([
  [true, 90],
  [false, 10],
])(
  'exclusive: %s: an attempt that the coordinator ends is followed by the next after %i s',
  (exclusive, seconds) => {
    const story = begin(exclusive);
    story.report('small/1@0', epoch(5));
    expect(story.leases()).toEqual({});
    expect(wait(story)).toBe(seconds);
  },
);

test('one that its agent has ended is followed as soon as any other', () => {
  const story = begin(true);
  story.report('small/1@0', failed('its own fault'));
  expect(wait(story)).toBe(10);
});

test('what computes with other numerics is handed on only when its process has ended', () => {
  const story = begin(true);
  story.report('small/1@0', epoch(0));
  story.report('small/1@0', { kind: 'ended', outcome: 'released', message: '' });
  story.report('small/1@0', opened('odd'));
  expect(story.leases()).toEqual({});
  expect(wait(story)).toBe(90);
});
