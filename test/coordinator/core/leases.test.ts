// Leases: who gets what, when they end, and what happens then.

import { expect, test } from 'vitest';
import { violations } from '../../support/invariants.ts';
import { failed, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

test('free slots are filled in order, at most one stage a slot', () => {
  const story = new Story();
  story.tell(submission(3, 2));
  story.beat('ann', ['cpu', 'cpu']);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0', 'ann:cpu1': 'small/2@0' });
  story.beat('bob');
  expect(story.leases()).toEqual({
    'ann:cpu0': 'small/1@0',
    'ann:cpu1': 'small/2@0',
    'bob:cpu0': 'small/3@0',
  });
});

test('a sweep that wants GPUs waits for one', () => {
  const story = new Story();
  story.tell(submission(1, 2, ['slots: { kind: gpu }']));
  story.beat('ann', ['cpu']);
  expect(story.leases()).toEqual({});
  story.beat('bob', ['gpu']);
  expect(story.leases()).toEqual({ 'bob:gpu0': 'small/1@0' });
});

test('a higher priority goes first, equal ones share by slots in use', () => {
  const story = new Story();
  story.tell(submission(3, 2));
  story.tell(submission(3, 3));
  story.tell(submission(1, 4, ['priority: 5']));
  story.beat('ann', ['cpu', 'cpu', 'cpu', 'cpu', 'cpu']);
  expect(Object.values(story.leases())).toEqual([
    'small-3/1@0',
    'small/1@0',
    'small-2/1@0',
    'small/2@0',
    'small-2/2@0',
  ]);
});

test('a draining agent keeps what it runs and is given nothing more', () => {
  const story = new Story();
  story.tell(submission(2, 2));
  story.beat('ann', ['cpu'], {});
  story.beat('ann', ['cpu'], { draining: true });
  story.report('small/1@0', { kind: 'ended', outcome: 'diverged', message: 'NaN' });
  expect(story.leases()).toEqual({});
});

test('an agent that is silent for 90 s loses its leases and its late reports change nothing', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  story.beat('ann');
  story.pass(60_000);
  story.beat('bob');
  story.pass(29_999);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  story.beat('bob');
  story.pass(1);
  expect(story.leases()).toEqual({ 'bob:cpu0': 'small/1@0' });
  expect(story.state.stages.get('small/1@0')).toMatchObject({ attempt: 2, losses: 1, failures: 0 });
  const late = story.tell({
    kind: 'reported',
    agentId: 'ann',
    sequence: 1,
    stageId: 'small/1@0',
    attempt: 1,
    item: failed('late'),
  });
  expect(late).toEqual([{ kind: 'report-taken', agentId: 'ann', sequence: 1, isStale: true }]);
});

test('while the coordinator stood still nobody was silent: what was counted before goes on to be counted after', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  story.beat('ann');
  story.pass(60_000);
  story.standStill(120_000);
  story.beat('bob');
  story.pass(29_999);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  story.beat('bob');
  story.pass(1);
  expect(story.leases()).toEqual({ 'bob:cpu0': 'small/1@0' });
});

test('an agent that was not heard for 30 s keeps what it has and is given nothing new', () => {
  const story = new Story();
  story.beat('ann');
  story.pass(30_000);
  story.tell(submission(1, 2));
  expect(story.leases()).toEqual({});
  story.beat('ann');
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
});

test('after a restart no lease ends before the grace period, in which its agent may be heard again', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  story.beat('ann');
  story.pass(89_000);
  story.restart();
  story.beat('bob');
  for (let passed = 20_000; passed < 300_000; passed += 20_000) {
    story.pass(20_000);
    story.beat('bob');
  }
  story.pass(19_999);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  story.beat('bob');
  story.pass(1);
  expect(story.leases()).toEqual({ 'bob:cpu0': 'small/1@0' });
});

test('an agent that was restarted has lost what it ran, and it runs again at once', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  story.beat('ann');
  story.beat('ann', ['cpu'], { incarnation: '2' });
  expect(story.state.stages.get('small/1@0')).toMatchObject({
    attempt: 2,
    state: 'leased',
    losses: 1,
  });
});

test('an agent that leaves gives its leases back without a mark against anyone', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  story.beat('ann');
  story.beat('ann', ['cpu'], { leaving: true });
  expect(story.state.stages.get('small/1@0')).toMatchObject({
    state: 'pending',
    losses: 0,
    failures: 0,
  });
  expect(story.state.agents.get('ann')?.state).toBe('gone');
});

test('a slot that its agent no longer offers has lost what it ran, and the others keep theirs', () => {
  const story = new Story();
  story.tell(submission(2, 2));
  story.beat('ann', ['cpu', 'cpu']);
  const facts = story.beat('ann', ['cpu']);
  expect(facts.filter((fact) => fact.kind === 'lease-ended')).toMatchObject([
    {
      stageId: 'small/2@0',
      end: 'lost',
      message: expect.stringContaining('slot is gone') as string,
    },
  ]);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  expect(story.state.stages.get('small/2@0')).toMatchObject({ state: 'pending', losses: 1 });
  expect(violations(story.state)).toEqual([]);
});

test('an agent that offers other slots runs what it lost on one of those', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  story.beat('ann', ['cpu']);
  story.beat('ann', ['gpu']);
  expect(story.leases()).toEqual({ 'ann:gpu0': 'small/1@0' });
  expect(violations(story.state)).toEqual([]);
});

test('two slots of one name are one slot', () => {
  const story = new Story();
  story.tell(submission(3, 2));
  const slot = { name: 'cpu0', kind: 'cpu', description: '' } as const;
  const heartbeat = {
    kind: 'heartbeat',
    agentId: 'ann',
    incarnation: '1',
    name: 'ann',
    version: '1',
    slots: [slot, { ...slot, description: 'again' }],
    draining: false,
    leaving: false,
    acknowledged: 0,
    running: [],
  } as const;
  story.tell(heartbeat);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  expect(story.state.agents.get('ann')?.slots).toEqual([slot]);
  expect(story.tell(heartbeat)).toMatchObject([{ kind: 'agent-seen' }]);
  expect(violations(story.state)).toEqual([]);
});
