import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { PROTOCOL } from '../../src/wire/protocol.ts';
import { poll } from './support/poll.ts';
import { setUp } from './support/set-up.ts';

test('an assignment is trained to its end and every epoch reported once, in order', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ epochs: 3 }));
  start();
  expect(await ending()).toEqual({ outcome: 'completed', message: '' });
  expect(coordinator.of('opened')[0]?.opened).toMatchObject({ stepsPerEpoch: 2, backend: 'fake' });
  const epochs = coordinator.of('epoch').map(({ epoch }) => epoch);
  expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  const lr = Math.fround(0.1);
  expect(epochs[1]).toMatchObject({
    steps: 2,
    lrFirst: lr,
    lrLast: lr,
    lrLeast: lr,
    lrGreatest: lr,
    lrApplied: lr,
    metrics: [
      { name: 'loss', value: 0.5 },
      { name: 'val_loss', value: 2 },
      { name: 'val_epoch', value: 1 },
    ],
  });
  expect(coordinator.protocols).toEqual(new Set([PROTOCOL]));
});

test('rates that move within an epoch are reported in full, before the epoch', async () => {
  const { coordinator, start, ending } = await setUp();
  const strategy = { strategy: 'cyclic', base_lr: 0.1, max_lr: 0.3, step_size: 2 };
  coordinator.desire(coordinator.toAssignment({ strategy, epochs: 1, config: { steps: 3 } }));
  start();
  await ending();
  const kinds = [...coordinator.reports.values()].map(({ item }) => item?.$case);
  expect(kinds).toEqual(['opened', 'series', 'epoch', 'ended']);
  const { values = [] } = coordinator.of('series')[0]?.series ?? {};
  expect(values.map((value) => value.toFixed(3))).toEqual(['0.100', '0.200', '0.300']);
  expect(values.every((value) => Object.is(value, Math.fround(value)))).toBe(true);
});

test('a process serves the next stage of its sweep, and another sweep gets another process', async () => {
  const { coordinator, start, ending } = await setUp();
  start();
  for (const [stageId, sweepId] of [
    ['s1', 'w1'],
    ['s2', 'w1'],
    ['s3', 'w2'],
  ] as const) {
    coordinator.desire(coordinator.toAssignment({ stageId, sweepId, epochs: 1 }));
    await ending(stageId);
  }
  const pidOf = (stageId: string) => coordinator.of('opened', stageId)[0]?.opened.numerics;
  expect(pidOf('s2')).toBe(pidOf('s1'));
  expect(pidOf('s3')).not.toBe(pidOf('s1'));
  expect(coordinator.downloads.length).toBe(1);
});

test('strategies follow what is recorded where there is a record, and fresh metrics are reported all the same', async () => {
  const { coordinator, start, ending } = await setUp();
  // Fresh val_loss is 2 throughout: by it, patience 1 would cut the rate after epoch 1.
  const strategy = { strategy: 'plateau', lr: 0.1, patience: 1, factor: 0.5 };
  coordinator.history = [9, 8].map((value) => [{ name: 'val_loss', value }]);
  coordinator.desire(
    coordinator.toAssignment({ strategy, epochs: 4, recordedEpochs: 2, attempt: 2 }),
  );
  start();
  await ending();
  const epochs = coordinator.of('epoch').map(({ epoch }) => epoch);
  expect(epochs.map(({ lrFirst }) => lrFirst)).toEqual([0.1, 0.1, 0.1, 0.1].map(Math.fround));
  expect(epochs[0]?.metrics[1]).toEqual({ name: 'val_loss', value: 2 });
});

test('without a record, strategies follow what was just trained', async () => {
  const { coordinator, start, ending } = await setUp();
  const strategy = { strategy: 'plateau', lr: 0.1, patience: 1, factor: 0.5 };
  coordinator.desire(coordinator.toAssignment({ strategy, epochs: 4 }));
  start();
  await ending();
  const rates = coordinator.of('epoch').map(({ epoch }) => epoch.lrFirst);
  expect(rates).toEqual([0.1, 0.1, 0.05, 0.025].map(Math.fround));
});

test('files lie where their paths say, and a second stage does not fetch them again', async () => {
  const { coordinator, start, ending } = await setUp();
  const sha256 = coordinator.keep('the data, in more than one chunk');
  const files = [{ path: 'data/a.txt', sha256, sizeBytes: 32 }];
  const config = { behaviour: 'data' };
  start();
  for (const stageId of ['s1', 's2']) {
    coordinator.desire(coordinator.toAssignment({ stageId, files, config, epochs: 1 }));
    await ending(stageId);
    expect(coordinator.logOf(stageId)).toBe('the data, in more than one chunk\n');
  }
  expect(coordinator.downloads.length).toBe(2);
});

test('a trial sees its attempt and no secret of the agent', async () => {
  const { coordinator, start, ending } = await setUp();
  process.env['AGENTS_SECRET'] = 'x';
  coordinator.desire(coordinator.toAssignment({ config: { behaviour: 'environment' }, epochs: 1 }));
  start();
  await ending();
  const environment: Record<string, string> = JSON.parse(coordinator.logOf());
  expect(environment).toMatchObject({ ESPALIER_ATTEMPT: 's1:1', CUDA_VISIBLE_DEVICES: '' });
  expect(environment['AGENTS_SECRET']).toBeUndefined();
});

test('a training loss that is not a number ends the attempt as diverged, after its epoch was reported', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ config: { behaviour: 'nan', at: 1 } }));
  start();
  expect((await ending()).outcome).toBe('diverged');
  const losses = coordinator.of('epoch').map(({ epoch }) => epoch.metrics[0]?.value);
  expect(losses).toEqual([1, Number.NaN]);
});

test.each([
  [
    'throws',
    'throw',
    'no luck\nat trial.ts:1:2\nthe last lines of its output:\nepoch 1 line 0\non its way out',
  ],
  [
    'exits',
    'exit',
    "the trial's process exited with status 3\nthe last lines of its output:\nepoch 1 line 0",
  ],
  [
    'is killed',
    'abort',
    "the trial's process was killed by SIGKILL\nthe last lines of its output:\nepoch 1 line 0",
  ],
])(
  'a trial that %s has failed, in its own words and with the end of its output',
  async (_what, behaviour, words) => {
    const { coordinator, start, ending } = await setUp();
    const config = { behaviour, at: 1, lines: 1 };
    coordinator.desire(coordinator.toAssignment({ config }));
    start();
    const { outcome, message } = await ending();
    expect(outcome).toBe('failed');
    expect(message.replace('epoch 0 line 0\n', '')).toBe(words);
  },
);

test('a trial that does not open in time has failed, and the slot takes the next', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ config: { behaviour: 'hang' } }));
  start({ openedMs: 100 });
  expect(await ending()).toEqual({
    outcome: 'failed',
    message: "the trial's process did not answer open within 0.1 s",
  });
});

test('a metric that the objective or a strategy follows and the trial lacks fails the trial', async () => {
  const { coordinator, start, ending } = await setUp();
  start();
  coordinator.desire(coordinator.toAssignment({ config: { behaviour: 'mute' } }));
  expect(await ending()).toMatchObject({
    outcome: 'failed',
    message: expect.stringContaining("the sweep's objective follows val_loss"),
  });
  const strategy = { strategy: 'plateau', lr: 0.1, monitor: 'val_acc', mode: 'max' };
  coordinator.desire(coordinator.toAssignment({ stageId: 's2', strategy }));
  expect((await ending('s2')).message).toContain(
    'trial w1/1 follows val_acc, which the trial does not report; it reports loss, val_loss, val_epoch',
  );
});

test('code that the coordinator does not have is the fault of no trial', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ bundleSha256: 'ab'.repeat(32) }));
  start();
  expect(await ending()).toMatchObject({
    outcome: 'lost',
    message: expect.stringContaining('no blob'),
  });
});

test('code that arrives other than it was named is not run', async () => {
  const { coordinator, start, state, ending } = await setUp();
  const bundleSha256 = 'ab'.repeat(32);
  coordinator.blobs.set(bundleSha256, Buffer.from('something else'));
  coordinator.desire(coordinator.toAssignment({ bundleSha256 }));
  start();
  expect((await ending()).outcome).toBe('lost');
  expect(existsSync(join(state, 'bundles', `${bundleSha256}.mjs`))).toBe(false);
});

test('what is no longer wanted is stopped, and its end is not reported', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ config: { behaviour: 'wait' } }));
  start();
  await poll('the opening', () => coordinator.of('opened').length > 0);
  coordinator.desire(coordinator.toAssignment({ stageId: 's2' }));
  expect((await ending('s2')).outcome).toBe('completed');
  expect(coordinator.of('ended')).toEqual([]);
});

test('an attempt that the coordinator calls stale is stopped', async () => {
  const { coordinator, start } = await setUp();
  coordinator.stale.add('s1:1');
  coordinator.desire(coordinator.toAssignment({ config: { behaviour: 'wait' } }));
  const { lines } = start();
  await poll('the stop', () => lines.includes('stage s1, attempt 1: stopped (superseded)'));
  await poll('the news', () => coordinator.heartbeats.at(-1)?.running.length === 0);
});

test('heartbeats list an attempt until its end is acknowledged', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.isAcknowledging = false;
  coordinator.desire(coordinator.toAssignment({ epochs: 1 }));
  start();
  await ending();
  const since = coordinator.heartbeats.length;
  await poll('heartbeats', () => coordinator.heartbeats.length > since + 2);
  expect(coordinator.heartbeats.at(-1)?.running).toEqual([
    { stageId: 's1', attempt: 1, slot: 'cpu0' },
  ]);
});

test('a coordinator that goes away and comes back stops no training and misses nothing', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ epochs: 60, config: { pace: 10 } }));
  const { lines } = start();
  await poll('the first epochs', () => coordinator.of('epoch').length > 3);
  coordinator.stop();
  await poll('the loss', () => lines.some((line) => line.startsWith('lost the coordinator')));
  await coordinator.start();
  expect((await ending()).outcome).toBe('completed');
  const epochs = coordinator.of('epoch').map(({ epoch }) => epoch.epoch);
  expect(epochs).toEqual(Array.from({ length: 60 }, (_, epoch) => epoch));
  expect(coordinator.of('opened').length).toBe(1);
  expect([...coordinator.reports.keys()]).toEqual(
    epochs.map((_, index) => index + 1).concat(61, 62),
  );
});

test('a new run of an agent delivers what the last one left before its first heartbeat', async () => {
  const { coordinator, start } = await setUp();
  coordinator.isAcknowledging = false;
  coordinator.desire(coordinator.toAssignment({ epochs: 2 }));
  const first = start();
  await poll('the end', () => coordinator.of('ended').length > 0);
  coordinator.desire();
  coordinator.stop();
  await first.stop();
  coordinator.journal.length = 0;
  coordinator.isAcknowledging = true;
  await coordinator.start();
  start();
  await poll('a heartbeat', () => coordinator.journal.includes('heartbeat'));
  expect(coordinator.journal.slice(0, 5)).toEqual([
    'report 1',
    'report 2',
    'report 3',
    'report 4',
    'heartbeat',
  ]);
  const [before, after] = [coordinator.heartbeats[0], coordinator.heartbeats.at(-1)];
  expect(after?.agentId).toBe(before?.agentId);
  expect(after?.incarnation).not.toBe(before?.incarnation);
});

test('without a coordinator trials go on up to the limit and are reported lost when it is back', async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ config: { behaviour: 'wait' } }));
  const { lines } = start({ orphanMs: 100 });
  await poll('the opening', () => coordinator.of('opened').length > 0);
  coordinator.stop();
  await poll('the end', () => lines.some((line) => line.startsWith('stage s1, attempt 1: lost')));
  await coordinator.start();
  expect(await ending()).toMatchObject({
    outcome: 'lost',
    message: expect.stringContaining('orphan limit'),
  });
});

test('an agent that drains finishes what runs, takes nothing new and leaves', async () => {
  const { coordinator, start } = await setUp();
  coordinator.desire(coordinator.toAssignment({ epochs: 20, config: { pace: 10 } }));
  const agent = start();
  await poll('the opening', () => coordinator.of('opened').length > 0);
  agent.drain();
  await poll('draining', () => coordinator.heartbeats.at(-1)?.draining === true);
  coordinator.desire(
    coordinator.toAssignment({ epochs: 20, config: { pace: 10 } }),
    coordinator.toAssignment({ stageId: 's2' }),
  );
  await agent.done;
  expect(coordinator.of('epoch').length).toBe(20);
  expect(coordinator.of('ended')[0]?.ended.outcome).toBe('completed');
  expect(coordinator.of('opened', 's2')).toEqual([]);
  expect(coordinator.journal.at(-1)).toBe('heartbeat');
  expect(agent.lines.at(-1)).toBe('left');
  expect(coordinator.heartbeats.at(-1)).toMatchObject({ leaving: true, running: [] });
  expect(coordinator.heartbeats.filter(({ leaving }) => leaving).length).toBe(1);
});

test("a refusal ends the agent with the coordinator's words", async () => {
  const { coordinator, start } = await setUp();
  const details = 'this coordinator speaks protocol 2 and the agent 1: update the agent';
  coordinator.refusal = { code: status.FAILED_PRECONDITION, details };
  const { done } = start();
  await expect(done).rejects.toMatchObject({
    code: 'version',
    message: expect.stringContaining(details),
  });
});

test('a second agent with the same state folder is refused with the folder and what to do', async () => {
  const { coordinator, start, state } = await setUp();
  start();
  await poll('a heartbeat', () => coordinator.heartbeats.length > 0);
  const { done } = start();
  await expect(done).rejects.toMatchObject({
    code: 'busy',
    message: expect.stringContaining(state),
  });
});

test('a state folder that is an old copy ends the agent, since its reports would be taken for repetitions', async () => {
  const { coordinator, start } = await setUp();
  coordinator.desire(coordinator.toAssignment({ epochs: 1 }));
  coordinator.acknowledgeAs = 900;
  const { done } = start();
  await expect(done).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('old copy'),
  });
});

test("several slots run at once, each in its own process, and a trial's words reach the log", async () => {
  const { coordinator, start, ending } = await setUp();
  coordinator.desire(
    coordinator.toAssignment({ epochs: 20, config: { pace: 10, print: 'one' } }),
    coordinator.toAssignment({
      stageId: 's2',
      slot: 'cpu1',
      epochs: 20,
      config: { pace: 10, print: 'two' },
    }),
  );
  start({ slots: 2 });
  await poll('both', () => coordinator.heartbeats.at(-1)?.running.length === 2);
  await Promise.all([ending('s1'), ending('s2')]);
  expect(coordinator.logOf('s1')).toBe('one\n');
  expect(coordinator.logOf('s2')).toBe('two\n');
});

test('a process without work is ended after a while, and its working folder removed', async () => {
  const { coordinator, start, state, ending } = await setUp();
  coordinator.desire(coordinator.toAssignment({ epochs: 1 }));
  start({ idleMs: 10 });
  await ending();
  const [, pid = ''] = /pid (\d+)/.exec(coordinator.of('opened')[0]?.opened.numerics ?? '') ?? [];
  await poll('the end of the process', () => !existsSync(`/proc/${pid}/cwd`));
  await poll('the end of the folder', () => readdirOf(join(state, 'work')).length === 0);
});

function readdirOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
