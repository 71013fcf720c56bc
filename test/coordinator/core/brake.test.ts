// Most agents vanish at once: nothing that they run is given to others, until enough of them are back, a person says so, or
// it has lasted too long.

import { expect, test } from 'vitest';
import { findBrake } from '../../../coordinator/core/brake.ts';
import { nextDeadline } from '../../../coordinator/core/deadline.ts';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import { toAgentView } from '../../../coordinator/core/view.ts';
import { Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';
import { transcript } from '../../support/transcript.ts';

const NAMES = ['ann', 'bob', 'cid', 'dee', 'eve'];

/** Agents that hold a stage each, and one that is idle from the start. */
function hold(count: number): Story {
  const story = new Story();
  story.tell(submission(count, 2));
  for (const name of NAMES.slice(0, count)) story.beat(name);
  return story;
}

/** So much silence of all but these that it is too much. */
function silence(story: Story, ...present: readonly string[]): readonly string[] {
  const said: string[] = [];
  for (let s = 0; s < 90; s += 5) {
    for (const name of present) story.beat(name);
    said.push(...transcript(story.pass(5_000)));
  }
  return said;
}

function isLoss(line: string): boolean {
  return /^agent .* lost$/.test(line);
}

function reasonOf(story: Story, name: string): readonly [string, string] {
  const agent = story.state.agents.get(name);
  if (agent === undefined) throw new Error(name);
  const view = toAgentView(story.state, agent, story.now(), DEFAULT_LIMITS);
  return [view.state, view.reason];
}

test('three of five agents vanish at once: none is given up, and it is said why', () => {
  const story = hold(5);
  const before = story.leases();
  expect(silence(story, 'ann', 'bob')).toEqual([
    'agent cid held, 3 of 5 are silent',
    'agent dee held, 3 of 5 are silent',
    'agent eve held, 3 of 5 are silent',
  ]);
  expect(story.leases()).toEqual(before);
  const words = '3 of 5 agents vanished at once: their trials wait for them';
  expect(reasonOf(story, 'cid')).toEqual(['held', words]);
  expect(reasonOf(story, 'ann')).toEqual(['connected', '']);
});

test('two of five are fewer than 55 %: they are lost', () => {
  const story = hold(5);
  expect(silence(story, 'ann', 'bob', 'cid')).toContain('agent dee lost');
  expect(story.leases()).not.toHaveProperty('dee:cpu0');
});

test('of three agents all can be lost: there is no telling a network from a machine', () => {
  const story = hold(3);
  expect(silence(story).filter(isLoss)).toEqual([
    'agent ann lost',
    'agent bob lost',
    'agent cid lost',
  ]);
});

test('agents that vanish one after another are lost one after another', () => {
  const story = hold(4);
  const lost = ['dee', 'cid', 'bob'].map((_, i) =>
    silence(story, ...NAMES.slice(0, 3 - i)).filter(isLoss),
  );
  expect(lost).toEqual([['agent dee lost'], ['agent cid lost'], ['agent bob lost']]);
});

test('when enough are back, those that are still silent are lost', () => {
  const story = hold(5);
  silence(story, 'ann', 'bob');
  expect(transcript(story.beat('cid'))).toEqual([]);
  expect(findBrake(story.state, story.now(), DEFAULT_LIMITS)).toBeNull();
  // At once: the coordinator's timer is set to now.
  expect(nextDeadline(story.state, story.now(), DEFAULT_LIMITS)).toBeLessThanOrEqual(
    story.now().monoMs,
  );
  expect(transcript(story.pass(0)).filter(isLoss)).toEqual(['agent dee lost', 'agent eve lost']);
  expect(story.leases()).toHaveProperty('cid:cpu0');
});

test('a person can give them up, and what they ran goes on elsewhere', () => {
  const story = hold(5);
  silence(story, 'ann', 'bob');
  const said = transcript(story.tell({ kind: 'given-up' }));
  expect(said.filter(isLoss)).toHaveLength(3);
  expect(reasonOf(story, 'cid')[0]).toBe('lost');
  expect(transcript(story.tell({ kind: 'given-up' }))).toEqual([]);
});

test('after half an hour they are given up', () => {
  const story = hold(5);
  silence(story, 'ann', 'bob');
  const deadlines: (number | null)[] = [];
  let said: readonly string[] = [];
  for (let s = 0; s < 1_800; s += 20) {
    for (const name of ['ann', 'bob']) story.beat(name);
    expect(said.filter(isLoss)).toEqual([]);
    deadlines.push(nextDeadline(story.state, story.now(), DEFAULT_LIMITS));
    said = transcript(story.pass(20_000));
  }
  expect(said).toContain('agent cid lost');
  // The timer waits for something that is still to come, and does not spin.
  expect(deadlines.every((at, i) => at !== null && at > 90_000 + i * 20_000)).toBe(true);
});

test('what waits is still given to agents that are there', () => {
  const story = hold(5);
  silence(story, 'ann', 'bob');
  story.report('small/1@0', { kind: 'ended', outcome: 'diverged', message: '' });
  story.tell(submission(1, 3));
  expect(story.leases()).toMatchObject({ 'ann:cpu0': 'small-2/1@0', 'cid:cpu0': 'small/3@0' });
});

test('after a restart of the coordinator agents that stay away are held too', () => {
  const story = hold(5);
  story.restart();
  const said: string[] = [];
  for (let s = 0; s < 300; s += 20) {
    story.beat('ann');
    said.push(...transcript(story.pass(20_000)));
  }
  expect(said.filter((line) => line.includes('held'))).toHaveLength(4);
});
