// Checkpoints on their way to the coordinator, from the whole agent.

import { expect, test } from 'vitest';
import { poll } from './support/poll.ts';
import { Gate, setUp } from './support/set-up.ts';

/** A trial that saves after every epoch, held before epoch `below`. */
async function setUpSaving(below: number) {
  const bench = await setUp();
  const gate = new Gate(below);
  const config = { savable: true, gate: gate.path };
  const { coordinator } = bench;
  coordinator.desire(coordinator.toAssignment({ epochs: 9, checkpointEvery: 1, config }));
  return { ...bench, gate };
}

test('the agent sends what the coordinator lists as not stored, and nothing else', async () => {
  const { coordinator, start } = await setUpSaving(3);
  coordinator.list = (all) =>
    all.filter(({ epoch }) => epoch !== 1).map((held) => ({ ...held, stored: held.epoch === 2 }));
  start();
  await poll('the third', () => coordinator.commits.length === 1);
  expect(coordinator.commits[0]?.checkpoint).toEqual(coordinator.of('checkpoint')[2]?.checkpoint);
  expect(coordinator.commits[0]?.stageId).toBe('s1');
});

test('an upload that an outage breaks off is begun anew, while the trial trains on', async () => {
  const { coordinator, gate, start } = await setUpSaving(1);
  coordinator.isStalling = true;
  const { lines } = start();
  await poll('the upload', () => coordinator.uploads.length === 1);
  coordinator.stop();
  await poll('the loss', () => lines.some((line) => line.startsWith('lost the coordinator')));
  gate.open(2);
  coordinator.isStalling = false;
  await coordinator.start();
  await poll('the commits', () => coordinator.commits.length === 2);
  expect(coordinator.of('opened').length).toBe(1);
  expect(lines.some((line) => line.includes('could not be sent'))).toBe(false);
});

test('a new run of the agent sends what the last one could not', async () => {
  const { coordinator, start } = await setUpSaving(1);
  coordinator.isStalling = true;
  const first = start();
  await poll('the upload', () => coordinator.uploads.length === 1);
  await first.stop();
  coordinator.desire();
  coordinator.isStalling = false;
  start();
  await poll('the commit', () => coordinator.commits.length === 1);
});
