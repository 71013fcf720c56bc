// Checkpoints of an attempt: what it starts from, when it saves, and what becomes of a save that goes wrong.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { poll } from './support/poll.ts';
import { Gate, setUp } from './support/set-up.ts';
import { buildAgent, spawnAgent } from './support/spawn-agent.ts';
import { TRIAL_ARGV } from './support/start-agent.ts';

const RATE = Math.fround(0.1);
const SAVABLE = { savable: true };

/** The sum of the rates of all epochs behind the trial, after each epoch: it tells what was restored. */
function behind(epochs: readonly { metrics: readonly { name: string; value: number }[] }[]) {
  return epochs.map(({ metrics }) => metrics.find(({ name }) => name === 'val_behind')?.value);
}

function sumOf(rates: readonly number[]): number {
  return rates.reduce((sum, rate) => sum + rate, 0);
}

function foldersIn(state: string, ...inner: readonly string[]): readonly string[] {
  const folder = join(state, 'checkpoints', ...inner);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'partial') : [];
}

/** What was recorded of an epoch, for the history that the coordinator has. */
function recorded(val_loss: number) {
  return [{ name: 'val_loss', value: val_loss }];
}

test('a stage starts from a checkpoint that the coordinator has, and trains only what is due', async () => {
  const { coordinator, state, start, ending } = await setUp();
  const from = coordinator.keepCheckpoint([
    [0, 0.5],
    [1, 0.25],
  ]);
  coordinator.history = [recorded(2), recorded(2)];
  coordinator.desire(
    coordinator.toAssignment({ start: from, fromEpoch: 2, epochs: 4, config: SAVABLE }),
  );
  start();
  expect((await ending()).outcome).toBe('completed');
  const epochs = coordinator.of('epoch').map(({ epoch }) => epoch);
  expect(epochs.map(({ epoch }) => epoch)).toEqual([2, 3]);
  expect(behind(epochs)).toEqual([[RATE], [RATE, RATE]].map((more) => sumOf([0.5, 0.25, ...more])));
  // The module and the two files of the checkpoint.
  expect(coordinator.downloads.length).toBe(3);
  expect(foldersIn(state)).toEqual([from.checkpointId]);
});

test('a stage starts from a checkpoint that was saved here, without a download', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ epochs: 3, checkpointEvery: 2, config: SAVABLE }));
  start();
  await ending();
  const from = coordinator.of('checkpoint')[0]?.checkpoint;
  const changes = { stageId: 's2', fromEpoch: 2, epochs: 3, config: SAVABLE, start: from };
  coordinator.history = [recorded(2), recorded(2)];
  coordinator.desire(coordinator.toAssignment(changes));
  await ending('s2');
  const epochs = coordinator.of('epoch', 's2').map(({ epoch }) => epoch);
  expect(behind(epochs)).toEqual([sumOf([RATE, RATE, RATE])]);
  expect(coordinator.downloads.length).toBe(1);
});

test('epochs that are on record are trained again from the checkpoint on and reported, saved on the way, and never forked at', async () => {
  const { coordinator, start, ending } = await setUp();
  const from = coordinator.keepCheckpoint([[0, RATE]]);
  // By the record, whose best is that of epoch 2, the hasty one cuts after epoch 4; by the fresh values, 2 throughout, after 2.
  coordinator.history = [9, 9, 1, 9].map(recorded);
  const trials = [4, 2].map((patience) => ({
    strategy: { strategy: 'plateau', lr: 0.1, patience, factor: 0.5 },
    epochs: 6,
  }));
  const changes = { trials, config: SAVABLE, start: from, attempt: 3, recordedEpochs: 4 };
  coordinator.takenAs = 0;
  coordinator.desire(coordinator.toAssignment({ ...changes, checkpointEvery: 2 }));
  start();
  await ending('w1/1@5');
  expect(coordinator.outline()).toEqual([
    's1:3 opened',
    's1:3 epoch 1',
    's1:3 epoch 2',
    's1:3 checkpoint 3',
    's1:3 epoch 3',
    's1:3 epoch 4',
    's1:3 checkpoint 5',
    's1:3 forked 5: 1 | 2; in place 0',
    'w1/1@5:1 opened',
    'w1/1@5:1 epoch 5',
    'w1/1@5:1 completed',
  ]);
});

test('the checkpoint that an attempt was started from stays as long as it runs, though nobody else needs it', async () => {
  const { coordinator, state, start, ending } = await setUp();
  const gate = new Gate(0);
  const from = coordinator.keepCheckpoint([[0, 0.5]]);
  coordinator.history = [recorded(2)];
  coordinator.list = () => [];
  const config = { ...SAVABLE, gate: gate.path, behaviour: 'open late' };
  coordinator.desire(coordinator.toAssignment({ start: from, fromEpoch: 1, config }));
  start();
  await poll('the download', () => foldersIn(state).includes(from.checkpointId));
  const since = coordinator.heartbeats.length;
  await poll('answers', () => coordinator.heartbeats.length > since + 2);
  expect(foldersIn(state)).toEqual([from.checkpointId]);
  gate.open(3);
  expect((await ending()).outcome).toBe('completed');
  expect(coordinator.of('epoch')[0]?.epoch.epoch).toBe(1);
  coordinator.desire();
  await poll('the tidying', () => foldersIn(state).length === 0);
});

test('a stage whose trial lacks what it follows fails before it trains anything more', async () => {
  const { coordinator, start, ending } = await setUp();
  const from = coordinator.keepCheckpoint([[0, RATE]]);
  coordinator.history = [recorded(2)];
  const strategy = { strategy: 'plateau', lr: 0.1, monitor: 'val_f1', mode: 'max' };
  coordinator.desire(
    coordinator.toAssignment({ start: from, fromEpoch: 1, strategy, config: SAVABLE }),
  );
  start();
  expect(await ending()).toEqual({
    outcome: 'failed',
    message:
      'the learning-rate strategy of trial w1/1 follows val_f1, which the trial does not report',
  });
  expect(coordinator.of('epoch')).toEqual([]);
});

test('a stage whose checkpoint nobody has any more is trained from scratch', async () => {
  const { coordinator, state, start, ending } = await setUp();
  const from = coordinator.keepCheckpoint([
    [0, 0.5],
    [1, 0.25],
  ]);
  coordinator.blobs.delete(from.files[0]?.sha256 ?? '');
  coordinator.history = [recorded(2), recorded(2)];
  coordinator.desire(
    coordinator.toAssignment({ start: from, fromEpoch: 2, epochs: 3, config: SAVABLE }),
  );
  start();
  expect((await ending()).outcome).toBe('completed');
  const epochs = coordinator.of('epoch').map(({ epoch }) => epoch);
  expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  expect(behind(epochs)[2]).toBe(sumOf([RATE, RATE, RATE]));
  expect(foldersIn(state)).toEqual([]);
});

test('a checkpoint that arrives other than it was named is not kept, and the stage is trained from scratch', async () => {
  const { coordinator, state, start, ending } = await setUp();
  const from = coordinator.keepCheckpoint([[0, 0.5]]);
  coordinator.blobs.set(from.files[1]?.sha256 ?? '', Buffer.from('something else'));
  coordinator.history = [recorded(2)];
  coordinator.desire(coordinator.toAssignment({ start: from, fromEpoch: 1, config: SAVABLE }));
  start();
  expect((await ending()).outcome).toBe('completed');
  expect(coordinator.of('epoch')[0]?.epoch.epoch).toBe(0);
  expect([...foldersIn(state), ...foldersIn(state, 'partial')]).toEqual([]);
});

test('a checkpoint is saved whenever so many epochs are behind the last one, and none where nobody trains on', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ epochs: 6, checkpointEvery: 2, config: SAVABLE }));
  start();
  await ending();
  const checkpoints = coordinator.of('checkpoint').map(({ checkpoint }) => checkpoint);
  expect(checkpoints.map(({ epoch }) => epoch)).toEqual([2, 4]);
  expect(checkpoints[0]?.files.map(({ path }) => path)).toEqual([
    'about.txt',
    'state/trained.json',
  ]);
});

test('a trial that cannot be saved is never asked to', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ epochs: 3, checkpointEvery: 1, keep: 'all' }));
  start();
  expect((await ending()).outcome).toBe('completed');
  expect(coordinator.of('checkpoint')).toEqual([]);
});

test('where the last is kept, a checkpoint is saved at the end of each trial, before the attempt has ended', async () => {
  const { coordinator, start, ending } = await setUp();
  const trials = [{ epochs: 2 }, { epochs: 3 }];
  coordinator.desire(coordinator.toAssignment({ trials, keep: 'last', config: SAVABLE }));
  start();
  await ending();
  expect(coordinator.outline().slice(2)).toEqual([
    's1:1 epoch 1',
    's1:1 checkpoint 2',
    's1:1 epoch 2',
    's1:1 checkpoint 3',
    's1:1 completed',
  ]);
});

test('where the best is kept, a checkpoint is saved only when the value beats that of the sweep and its own', async () => {
  const { coordinator, start, ending } = await setUp();
  const gate = new Gate(4);
  const config = { ...SAVABLE, gate: gate.path, values: [5, 4, 6, 3, 2.5, 1] };
  const wanted = coordinator.toAssignment({ epochs: 6, keep: 'best', bestValue: 4.5, config });
  coordinator.desire(wanted);
  start();
  await poll('the first epochs', () => coordinator.of('epoch').length === 4);
  // Another trial of the sweep has become better in the meantime.
  coordinator.desire({ ...wanted, bestValue: 2 });
  const answered = coordinator.heartbeats.length + 1;
  await poll('answers', () => coordinator.heartbeats.length > answered);
  gate.open(6);
  await ending();
  const epochs = coordinator.of('checkpoint').map(({ checkpoint }) => checkpoint.epoch);
  expect(epochs).toEqual([2, 4, 6]);
});

test('a value that beats only what a resumed attempt has trained itself is not the best', async () => {
  const { coordinator, start, ending } = await setUp();
  const from = coordinator.keepCheckpoint([[0, RATE]]);
  coordinator.history = [recorded(1)];
  const config = { ...SAVABLE, values: [1, 3, 0.5] };
  coordinator.desire(coordinator.toAssignment({ start: from, fromEpoch: 1, keep: 'best', config }));
  start();
  await ending();
  expect(coordinator.of('checkpoint').map(({ checkpoint }) => checkpoint.epoch)).toEqual([3]);
});

test.each([
  ['throws', 'throw', 'the disk is full of dreams'],
  ['says nothing', 'hang', "the trial's process did not answer save within 2 s"],
  ['dies', 'abort', "the trial's process was killed by SIGKILL"],
  ['writes nothing', 'nothing', 'the trial was asked to save and wrote no file'],
])('a save that %s ends the attempt as failed, in words, and leaves nothing', async (...row) => {
  const [, save, words] = row;
  const { coordinator, state, start, ending } = await setUp();
  const config = { ...SAVABLE, save };
  coordinator.desire(coordinator.toAssignment({ checkpointEvery: 1, config }));
  start(save === 'hang' ? { openedMs: 2_000 } : {});
  expect(await ending()).toEqual({ outcome: 'failed', message: words });
  await poll('the slot to be free', () => coordinator.heartbeats.at(-1)?.running.length === 0);
  expect([...foldersIn(state), ...foldersIn(state, 'partial')]).toEqual([]);
});

test('a save of more files than can be told fails the trial in words, and holds up nobody', async () => {
  const { coordinator, start, ending } = await setUp();
  const config = { ...SAVABLE, save: 'many' };
  coordinator.desire(coordinator.toAssignment({ checkpointEvery: 1, config }));
  start();
  expect(await ending()).toEqual({
    outcome: 'failed',
    message: 'the trial saved 9000 files; a checkpoint has at most 500',
  });
  coordinator.desire(coordinator.toAssignment({ stageId: 's2' }));
  expect((await ending('s2')).outcome).toBe('completed');
});

test('an attempt that is withdrawn while it saves leaves nothing', async () => {
  const { coordinator, state, start } = await setUp();
  const saved = join(state, 'saved');
  const config = { ...SAVABLE, save: 'hang', saved };
  coordinator.desire(coordinator.toAssignment({ checkpointEvery: 1, config }));
  const { lines } = start();
  await poll('the save', () => existsSync(saved));
  expect(foldersIn(state, 'partial').length).toBe(1);
  coordinator.desire();
  await poll('the stop', () => lines.includes('stage s1, attempt 1: stopped (withdrawn)'));
  await poll('the news', () => coordinator.heartbeats.at(-1)?.running.length === 0);
  expect([...foldersIn(state), ...foldersIn(state, 'partial')]).toEqual([]);
});

test('kill -9 of the agent in the middle of a save, or before it is told, leaves nothing that stays', async () => {
  const { coordinator, state } = await setUp();
  const program = await buildAgent();
  const options = { slots: 1, heartbeatMs: 50, trialArgv: TRIAL_ARGV };
  const saved = join(state, 'saved');
  const config = { ...SAVABLE, save: 'hang', saved };
  coordinator.desire(coordinator.toAssignment({ checkpointEvery: 1, config }));
  const agent = spawnAgent(program, { coordinator: coordinator.address, state, ...options });
  await poll('the save', () => existsSync(saved));
  agent.kill('SIGKILL');
  // As if it had been killed between the end of another save and the report of it.
  const untold = coordinator.keepCheckpoint([[0, 0.5]]);
  mkdirSync(join(state, 'checkpoints', untold.checkpointId, 'state'), { recursive: true });
  writeFileSync(join(state, 'checkpoints', untold.checkpointId, 'about.txt'), 'cut short');
  expect(foldersIn(state, 'partial').length).toBe(1);
  coordinator.desire();
  const before = coordinator.heartbeats.length;
  await poll('the end of the lock', () => agent.signalCode !== null);
  spawnAgent(program, { coordinator: coordinator.address, state, ...options });
  await poll('a heartbeat', () => coordinator.heartbeats.length > before);
  await poll('the tidying', () => foldersIn(state).length === 0);
  expect(foldersIn(state, 'partial')).toEqual([]);
});
