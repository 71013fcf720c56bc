// A slot on which attempts fail before they train, while others train the same sweep, is given nothing for a while.

import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import { toAgentView } from '../../../coordinator/core/view.ts';
import { ended, failed, opened, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';
import { transcript } from '../../support/transcript.ts';

/** Stage that a slot holds. */
function on(story: Story, place: string): string {
  const stage = story.leases()[place];
  if (stage === undefined) throw new Error(`${place} is idle`);
  return stage;
}

/** Ann trains; bob is there. */
function begin(bobs: readonly 'cpu'[] = ['cpu']): Story {
  const story = new Story();
  story.tell(submission(12, 2));
  story.beat('ann');
  story.report(on(story, 'ann:cpu0'), opened());
  story.beat('bob', bobs);
  return story;
}

function failOn(story: Story, place: string, message = 'no such GPU'): readonly string[] {
  return transcript(story.report(on(story, place), failed(message))).filter((line) =>
    line.includes('aside'),
  );
}

function reasonOf(story: Story, name: string): readonly [string, string] {
  const agent = story.state.agents.get(name);
  if (agent === undefined) throw new Error(name);
  const view = toAgentView(story.state, agent, story.now(), DEFAULT_LIMITS);
  return [view.state, view.reason];
}

test('the third stage in a row that fails to open sets the slot aside, and it is said why', () => {
  const story = begin();
  expect([1, 2, 3].map(() => failOn(story, 'bob:cpu0'))).toEqual([[], [], ['bob:cpu0 set aside']]);
  expect(story.leases()).not.toHaveProperty('bob:cpu0');
  expect(reasonOf(story, 'bob')).toEqual([
    'aside',
    'cpu0 set aside for 60 s, attempts keep failing there: no such GPU',
  ]);
});

test('losses that the agent reports count each, also of one stage', () => {
  const story = begin();
  for (let n = 0; n < 3; n += 1) story.report(on(story, 'bob:cpu0'), ended('lost'));
  expect(reasonOf(story, 'bob')[0]).toBe('aside');
});

test('it is tried again after a minute; then one failure is enough, and it takes twice as long', () => {
  const story = begin();
  for (let n = 0; n < 3; n += 1) failOn(story, 'bob:cpu0');
  for (let s = 0; s < 60; s += 20) {
    story.beat('ann');
    story.beat('bob');
    story.pass(20_000);
  }
  expect(reasonOf(story, 'bob')).toEqual(['connected', '']);
  expect(failOn(story, 'bob:cpu0')).toEqual(['bob:cpu0 set aside']);
  expect(reasonOf(story, 'bob')[1]).toContain('for 120 s');
});

test('an attempt that opens clears it', () => {
  const story = begin();
  for (let n = 0; n < 2; n += 1) failOn(story, 'bob:cpu0');
  story.report(on(story, 'bob:cpu0'), opened());
  expect(failOn(story, 'bob:cpu0', 'of its own')).toEqual([]);
  expect([1, 2].map(() => failOn(story, 'bob:cpu0'))).toEqual([[], []]);
});

test("what fails after it has opened is the trial's own", () => {
  const story = begin();
  for (let n = 0; n < 5; n += 1) {
    story.report(on(story, 'bob:cpu0'), opened());
    expect(failOn(story, 'bob:cpu0', `diverse ${n}`)).toEqual([]);
  }
});

test('a sweep that opens nowhere sets nobody aside', () => {
  const story = new Story();
  story.tell(submission(12, 2));
  for (const name of ['ann', 'bob']) story.beat(name);
  for (let n = 0; n < 4; n += 1)
    expect([failOn(story, 'ann:cpu0'), failOn(story, 'bob:cpu0')]).toEqual([[], []]);
});

test('one broken slot of an agent that trains on the other is set aside alone', () => {
  const story = begin(['cpu', 'cpu']);
  story.report(on(story, 'bob:cpu1'), opened());
  for (let n = 0; n < 3; n += 1) failOn(story, 'bob:cpu0');
  expect(reasonOf(story, 'bob')[0]).toBe('connected');
  expect(reasonOf(story, 'bob')[1]).toMatch(/^cpu0 set aside/);
});

test('an agent on which nothing opens at all is set aside as a whole', () => {
  const story = begin(['cpu', 'cpu']);
  failOn(story, 'bob:cpu0');
  failOn(story, 'bob:cpu1');
  expect(failOn(story, 'bob:cpu0')).toEqual(['bob:cpu0 set aside', 'bob:cpu1 set aside']);
});

test('a restart of the agent and a person forgive it', () => {
  const story = begin();
  for (let n = 0; n < 3; n += 1) failOn(story, 'bob:cpu0');
  expect(transcript(story.tell({ kind: 'trusted', agentId: 'bob' }))).toEqual([
    'agent bob trusted',
    expect.stringMatching(/^bob:cpu0 gets/) as string,
  ]);
  expect(transcript(story.tell({ kind: 'trusted', agentId: 'bob' }))).toEqual([]);
  for (let n = 0; n < 3; n += 1) failOn(story, 'bob:cpu0');
  story.beat('bob', ['cpu'], { incarnation: '2' });
  expect(story.leases()).toHaveProperty('bob:cpu0');
});
