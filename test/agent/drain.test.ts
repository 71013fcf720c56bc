// Agents that leave: what runs is handed over at the next epoch boundary, with a checkpoint that others can go on from.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { poll } from './support/poll.ts';
import { type Bench, Gate, setUp } from './support/set-up.ts';

/** A trial held in its second epoch. */
async function setUpHeld(changes: Parameters<Bench['coordinator']['toAssignment']>[0] = {}) {
  const bench = await setUp();
  const gate = new Gate(1);
  const config = { savable: true, gate: gate.path, ...changes.config };
  bench.coordinator.desire(bench.coordinator.toAssignment({ epochs: 9, ...changes, config }));
  const agent = bench.start();
  await poll('the first epoch', () => bench.coordinator.of('epoch').length === 1);
  return { ...bench, gate, agent };
}

async function waitUntilDraining({ coordinator }: Pick<Bench, 'coordinator'>): Promise<void> {
  await poll('draining', () => coordinator.heartbeats.at(-1)?.draining === true);
}

const HANDED_OVER = [
  's1:1 opened',
  's1:1 epoch 0',
  's1:1 epoch 1',
  's1:1 checkpoint 2',
  's1:1 released',
];

test.each(['a signal', 'the coordinator'])(
  'an agent that %s asks to leave hands over with a checkpoint, sends it, and leaves',
  async (who) => {
    const { coordinator, gate, agent } = await setUpHeld();
    if (who === 'a signal') agent.drain();
    else {
      coordinator.drains = true;
      coordinator.tell();
    }
    await waitUntilDraining({ coordinator });
    gate.open(9);
    await agent.done;
    expect(coordinator.outline()).toEqual(HANDED_OVER);
    expect(coordinator.of('ended')[0]?.ended.message).toBe('handed over');
    expect(coordinator.commits.map(({ checkpoint }) => checkpoint)).toEqual(
      coordinator.of('checkpoint').map(({ checkpoint }) => checkpoint),
    );
    expect(coordinator.heartbeats.at(-1)).toMatchObject({ leaving: true, running: [] });
    expect(coordinator.heartbeats.filter(({ leaving }) => leaving).length).toBe(1);
    expect(coordinator.journal.at(-1)).toBe('heartbeat');
    expect(agent.lines.at(-1)).toBe('left');
  },
);

test('the last heartbeat waits for a checkpoint that is slow to be taken', async () => {
  const { coordinator, gate, agent } = await setUpHeld();
  coordinator.isStalling = true;
  agent.drain();
  gate.open(9);
  await poll('the upload', () => coordinator.uploads.length > 0);
  const since = coordinator.heartbeats.length;
  await poll('further heartbeats', () => coordinator.heartbeats.length > since + 5);
  expect(coordinator.heartbeats.some(({ leaving }) => leaving)).toBe(false);
  coordinator.answerUploads();
  await agent.done;
  expect(coordinator.commits.length).toBe(1);
});

test('an attempt that has trained nothing since its checkpoint is handed over without another one', async () => {
  const bench = await setUp();
  const { coordinator } = bench;
  const gate = new Gate(0);
  const from = coordinator.keepCheckpoint([[0, 0.1]]);
  coordinator.history = [[{ name: 'val_loss', value: 2 }]];
  const config = { savable: true, gate: gate.path, behaviour: 'open late' };
  coordinator.desire(coordinator.toAssignment({ start: from, fromEpoch: 1, epochs: 9, config }));
  const agent = bench.start();
  await poll('the start', () => coordinator.heartbeats.at(-1)?.running.length === 1);
  agent.drain();
  await waitUntilDraining(bench);
  gate.open(9);
  await agent.done;
  expect(coordinator.outline()).toEqual(['s1:1 opened', 's1:1 released']);
});

test('what is granted to an agent that is about to leave goes back at once, and is told once', async () => {
  const { coordinator, gate, agent } = await setUpHeld();
  const held = coordinator.toAssignment({ epochs: 9, config: { savable: true, gate: gate.path } });
  agent.drain();
  await waitUntilDraining({ coordinator });
  coordinator.desire(held, coordinator.toAssignment({ stageId: 's2', slot: 'cpu1' }));
  await poll('its return', () => coordinator.of('ended', 's2').length > 0);
  coordinator.tell();
  gate.open(9);
  await agent.done;
  expect(coordinator.outline().filter((line) => line.startsWith('s2'))).toEqual(['s2:1 released']);
  expect(coordinator.outline().filter((line) => line.startsWith('s1'))).toEqual(HANDED_OVER);
});

test('a save that fails while handing over ends the attempt as failed, and the agent leaves', async () => {
  const { coordinator, gate, agent } = await setUpHeld({ config: { save: 'throw' } });
  agent.drain();
  await waitUntilDraining({ coordinator });
  gate.open(9);
  await agent.done;
  expect(coordinator.of('ended')[0]?.ended).toEqual({
    outcome: 'failed',
    message: 'the disk is full of dreams',
  });
  expect(agent.lines.at(-1)).toBe('left');
});

test('an agent that leaves while the coordinator is away hands over all the same, and sends the checkpoint when it is back', async () => {
  const { coordinator, gate, agent, state, start } = await setUpHeld();
  coordinator.stop();
  await poll('the loss', () => agent.lines.some((line) => line.startsWith('lost the coordinator')));
  agent.drain();
  gate.open(9);
  await agent.done;
  expect(agent.lines).toContain('stage s1, attempt 1: released: handed over');
  expect(coordinator.of('ended')).toEqual([]);
  const kept = readdirSync(join(state, 'checkpoints')).filter((name) => name !== 'partial');
  expect(kept.length).toBe(1);
  coordinator.desire();
  await coordinator.start();
  start();
  await poll('the checkpoint', () => coordinator.commits.length === 1);
  expect(coordinator.outline()).toEqual(HANDED_OVER);
  expect(coordinator.commits[0]?.checkpoint?.checkpointId).toBe(kept[0]);
});

test('a second request stops what would still have to be handed over', async () => {
  const { coordinator, agent } = await setUpHeld();
  agent.drain();
  await waitUntilDraining({ coordinator });
  await agent.stop();
  await agent.done;
  expect(coordinator.of('ended')).toEqual([]);
  expect(coordinator.heartbeats.at(-1)).toMatchObject({ leaving: true, running: [] });
});
