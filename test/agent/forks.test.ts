// Stages whose members part: the agent forks them, and goes on in place ahead of the coordinator.

import { expect, test } from 'vitest';
import { poll } from './support/poll.ts';
import { type Bench, Gate, setUp } from './support/set-up.ts';
import type { StartedAgent } from './support/start-agent.ts';

const FIXED = { strategy: 'fixed', lr: 0.1 };
/** Rides with the fixed one until epoch 2. */
const STEP = { strategy: 'step', lr: 0.1, step_size: 2, gamma: 0.5 };
const CHILD = 'w1/1@2';

/** Two trials that part before epoch 2, held before epoch `below`. */
async function setUpFork(below: number) {
  const bench = await setUp();
  const gate = new Gate(below);
  const config = { savable: true, gate: gate.path };
  const trials = [
    { strategy: FIXED, epochs: 4 },
    { strategy: STEP, epochs: 4 },
  ];
  const parent = bench.coordinator.toAssignment({ config, trials });
  const child = bench.coordinator.toAssignment({
    stageId: CHILD,
    fromEpoch: 2,
    config,
    strategy: FIXED,
    epochs: 4,
  });
  return { ...bench, gate, config, parent, child };
}

function hasStopped({ lines }: StartedAgent): boolean {
  return lines.some((line) => line.includes('stopped'));
}

async function waitForFork({ coordinator }: Pick<Bench, 'coordinator'>, stageId = 's1') {
  return poll('the fork', () => coordinator.of('forked', stageId)[0]?.forked);
}

test('members that part are forked from a checkpoint, and the class in place goes on without a pause', async () => {
  const { coordinator, parent, start, ending } = await setUpFork(4);
  coordinator.desire(parent);
  coordinator.takenAs = 0;
  const agent = start();
  expect(await ending(CHILD)).toEqual({ outcome: 'completed', message: '' });
  expect(coordinator.outline()).toEqual([
    's1:1 opened',
    's1:1 epoch 0',
    's1:1 epoch 1',
    's1:1 checkpoint 2',
    's1:1 forked 2: 1 | 2; in place 0',
    `${CHILD}:1 opened`,
    `${CHILD}:1 epoch 2`,
    `${CHILD}:1 epoch 3`,
    `${CHILD}:1 completed`,
  ]);
  const [before, after] = [coordinator.of('opened')[0], coordinator.of('opened', CHILD)[0]];
  expect(after?.opened).toEqual(before?.opened);
  expect(hasStopped(agent)).toBe(false);
});

test('what is said before the coordinator has heard of the fork stops nothing, and the child is then known', async () => {
  const { coordinator, gate, parent, child, start, ending } = await setUpFork(2);
  coordinator.desire(parent);
  coordinator.takenAs = 1;
  const agent = start();
  await waitForFork({ coordinator });
  // That it sends the checkpoint shows that it has heard the parent wanted after the fork.
  await poll('the upload', () => coordinator.commits.length > 0);
  expect(coordinator.heartbeats.at(-1)?.running).toEqual([
    { stageId: CHILD, attempt: 1, slot: 'cpu0' },
  ]);
  gate.open(3);
  await poll('an epoch of the child', () => coordinator.of('epoch', CHILD).length > 0);
  coordinator.takenAs = undefined;
  coordinator.desire(child);
  gate.open(4);
  expect((await ending(CHILD)).outcome).toBe('completed');
  expect(hasStopped(agent)).toBe(false);
  expect(agent.lines.filter((line) => line.includes('started')).length).toBe(1);
});

test('heartbeats list the parent of what went on in place until the fork is acknowledged', async () => {
  const { coordinator, gate, parent, start } = await setUpFork(2);
  coordinator.desire(parent);
  coordinator.takenAs = 1;
  coordinator.isAcknowledging = false;
  start();
  await waitForFork({ coordinator });
  const running = (): readonly string[] =>
    coordinator.heartbeats.at(-1)?.running.map(({ stageId }) => stageId) ?? [];
  await poll('both', () => running().join() === `${CHILD},s1`);
  coordinator.isAcknowledging = true;
  gate.open(3);
  await poll('the child alone', () => running().join() === CHILD);
  gate.open(4);
});

test('a child that is not wanted by a coordinator which has heard of the fork is stopped', async () => {
  const { coordinator, parent, start } = await setUpFork(2);
  coordinator.desire(parent);
  const { lines } = start();
  await waitForFork({ coordinator });
  await poll('the stop', () => lines.includes(`stage ${CHILD}, attempt 1: stopped (withdrawn)`));
  await poll('the news', () => coordinator.heartbeats.at(-1)?.running.length === 0);
  // The parent is listed all the time and has ended.
  expect(lines.filter((line) => line.includes('started')).length).toBe(1);
});

test('a child that the coordinator calls stale is stopped, though it went on ahead', async () => {
  const { coordinator, parent, start } = await setUpFork(2);
  coordinator.desire(parent);
  coordinator.takenAs = 0;
  coordinator.stale.add(`${CHILD}:1`);
  const { lines } = start();
  await poll('the stop', () => lines.includes(`stage ${CHILD}, attempt 1: stopped (superseded)`));
});

test('a child that was taken up by a fork which the coordinator did not take is started once it is granted', async () => {
  const { coordinator, gate, parent, child, start, ending } = await setUpFork(2);
  coordinator.desire(parent);
  coordinator.stale.add(`${CHILD}:1`);
  const { lines } = start();
  await poll('the stop', () => lines.includes(`stage ${CHILD}, attempt 1: stopped (superseded)`));
  coordinator.stale.clear();
  coordinator.history = [[{ name: 'val_loss', value: 2 }], [{ name: 'val_loss', value: 2 }]];
  gate.open(4);
  coordinator.desire(child);
  expect((await ending(CHILD)).outcome).toBe('completed');
  expect(lines).toContain(`stage ${CHILD}, attempt 1: started on cpu0`);
});

test('a member that lacks the metric it follows parts from the others, which go on', async () => {
  const { coordinator, start, ending } = await setUp();
  const blind = { strategy: 'plateau', lr: 0.1, monitor: 'val_f1', mode: 'max' };
  const trials = [{ strategy: blind }, { strategy: FIXED }, { strategy: FIXED }];
  coordinator.takenAs = 0;
  coordinator.desire(coordinator.toAssignment({ trials, config: { savable: true } }));
  start();
  expect((await ending('w1/2@1')).outcome).toBe('completed');
  expect(coordinator.outline().slice(2, 4)).toEqual([
    's1:1 checkpoint 1',
    's1:1 forked 1: 1 | 2+3; in place 1',
  ]);
});

test('members whose strategies follow metrics part when these make them', async () => {
  const { coordinator, start, ending } = await setUp();
  const trials = [3, 1].map((patience) => ({
    strategy: { strategy: 'plateau', lr: 0.1, patience, factor: 0.5 },
    epochs: 4,
  }));
  coordinator.takenAs = 0;
  coordinator.desire(coordinator.toAssignment({ trials, config: { savable: true } }));
  start();
  await ending(CHILD);
  // Fresh val_loss is 2 throughout: patience 1 cuts the rate after epoch 1.
  expect(coordinator.of('forked')[0]?.forked).toEqual({
    epoch: 2,
    classes: [{ members: [1] }, { members: [2] }],
    inPlace: 0,
  });
});

test('a paused member parts from the others at the next boundary', async () => {
  const { coordinator, gate, config, start, ending } = await setUpFork(1);
  const trials = [FIXED, FIXED, FIXED].map((strategy) => ({ strategy, epochs: 3 }));
  const family = coordinator.toAssignment({ config, trials });
  coordinator.desire(family);
  coordinator.takenAs = 0;
  start();
  await poll('an epoch', () => coordinator.of('epoch').length === 1);
  coordinator.desire({ ...family, pausing: [1], bestValue: 5 });
  const answered = coordinator.heartbeats.length + 1;
  await poll('answers', () => coordinator.heartbeats.length > answered);
  gate.open(3);
  expect((await ending('w1/2@2')).outcome).toBe('completed');
  expect(coordinator.outline().slice(3)).toEqual([
    's1:1 checkpoint 2',
    's1:1 forked 2: 1 | 2+3; in place 1',
    'w1/2@2:1 opened',
    'w1/2@2:1 epoch 2',
    'w1/2@2:1 completed',
  ]);
});

test('when all members pause the slot is free for another stage, and the end is told until it is acknowledged', async () => {
  const { coordinator, gate, parent, start, ending } = await setUpFork(1);
  coordinator.desire({ ...parent, pausing: [1, 2] });
  coordinator.isAcknowledging = false;
  const agent = start();
  expect(await waitForFork({ coordinator })).toEqual({
    epoch: 0,
    classes: [{ members: [1, 2] }],
    inPlace: undefined,
  });
  await poll('the end', () => agent.lines.includes('stage s1, attempt 1: forked'));
  const heartbeats = coordinator.heartbeats.length;
  await poll('a heartbeat', () => coordinator.heartbeats.length > heartbeats + 1);
  expect(coordinator.heartbeats.at(-1)?.running).toEqual([
    { stageId: 's1', attempt: 1, slot: 'cpu0' },
  ]);
  expect(coordinator.of('checkpoint')).toEqual([]);
  coordinator.isAcknowledging = true;
  gate.open(9);
  coordinator.desire(coordinator.toAssignment({ stageId: 's2' }));
  expect((await ending('s2')).outcome).toBe('completed');
  expect(coordinator.of('ended')).toEqual([]);
});

test('a member that is absent leaves, and parts nobody', async () => {
  const { coordinator, gate, parent, start, ending } = await setUpFork(1);
  coordinator.desire(parent);
  start();
  await poll('an epoch', () => coordinator.of('epoch').length === 1);
  coordinator.desire({ ...parent, absent: [2] });
  const answered = coordinator.heartbeats.length + 1;
  await poll('answers', () => coordinator.heartbeats.length > answered);
  gate.open(4);
  expect((await ending()).outcome).toBe('completed');
  expect(coordinator.of('forked')).toEqual([]);
  const rates = coordinator.of('epoch').map(({ epoch }) => epoch.lrFirst);
  expect(rates).toEqual([0.1, 0.1, 0.1, 0.1].map(Math.fround));
});

test('an attempt that all members have left is over at the next boundary', async () => {
  const { coordinator, gate, parent, start, ending } = await setUpFork(1);
  coordinator.desire(parent);
  start();
  await poll('an epoch', () => coordinator.of('epoch').length === 1);
  coordinator.desire({ ...parent, absent: [1, 2] });
  const answered = coordinator.heartbeats.length + 1;
  await poll('answers', () => coordinator.heartbeats.length > answered);
  gate.open(4);
  expect((await ending()).outcome).toBe('completed');
  expect(coordinator.of('epoch').length).toBe(2);
});

test('trials that cannot be saved are parted before their first epoch, without a checkpoint', async () => {
  const { coordinator, start, ending } = await setUp();
  const trials = [{ epochs: 2 }, { epochs: 3 }];
  coordinator.takenAs = 0;
  coordinator.desire(coordinator.toAssignment({ trials }));
  start();
  await ending('w1/2@0');
  expect(coordinator.outline()).toEqual([
    's1:1 opened',
    's1:1 forked 0: 1 | 2; in place 1',
    'w1/2@0:1 opened',
    'w1/2@0:1 epoch 0',
    'w1/2@0:1 epoch 1',
    'w1/2@0:1 epoch 2',
    'w1/2@0:1 completed',
  ]);
});

test('a child in place whose strategy gives nothing to train with fails alone: the fork is told before', async () => {
  const { coordinator, start, ending } = await setUp();
  const wild = { strategy: 'exponential', lr: 0.1, decay_rate: 1e80, staircase: true };
  const trials = [
    { strategy: wild, epochs: 40 },
    { strategy: FIXED, epochs: 4 },
  ];
  coordinator.takenAs = 0;
  coordinator.desire(coordinator.toAssignment({ trials, config: { savable: true } }));
  start();
  const { outcome, message } = await ending('w1/1@1');
  expect([outcome, message]).toEqual(['failed', expect.stringContaining('gives Infinity')]);
  expect(coordinator.outline().slice(2)).toEqual([
    's1:1 checkpoint 1',
    's1:1 forked 1: 1 | 2; in place 0',
    'w1/1@1:1 opened',
    'w1/1@1:1 failed',
  ]);
});
