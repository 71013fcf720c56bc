// What watchers are told of what has happened, of what slots trained, of one trial from near, and of how busy agents are.

import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import { Loop } from '../../../coordinator/loop.ts';
import { History } from '../../../coordinator/rpc/history.ts';
import { openStore } from '../../../coordinator/store/store.ts';
import type {
  WatchResponse,
  WatchTrialResponse,
} from '../../../src/wire/generated/espalier/v1/sweep.ts';
import {
  agentClient,
  ended,
  epochReport,
  ScriptedAgent,
  submitSmall,
  testClient,
  testCoordinator,
} from '../../support/coordinator.ts';
import { submission } from '../../support/sweep.ts';

type Stream<T> = AsyncIterableIterator<T, undefined>;

function opened<T>(stream: Stream<T>): Stream<T> {
  onTestFinished(async () => void (await stream.return?.()));
  return stream;
}

/** Takes messages until one of them, and all before it, satisfy the test. */
async function gather<T, R>(
  stream: Stream<T>,
  seen: (all: readonly T[]) => R | undefined,
): Promise<R> {
  const all: T[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done === true) throw new Error(`the stream ended after ${all.length} messages`);
    all.push(value);
    const found = seen(all);
    if (found !== undefined) return found;
  }
}

const wordsOf = (all: readonly WatchResponse[]): readonly string[] =>
  all.flatMap(({ facts }) => facts.map(({ words }) => words));

async function trainedTrial(): Promise<{
  client: ReturnType<typeof testClient>;
  agent: ScriptedAgent;
}> {
  const coordinator = await testCoordinator();
  const client = testClient(coordinator);
  await submitSmall(client);
  const agent = new ScriptedAgent(agentClient(coordinator));
  agent.beat();
  await agent.desired();
  const stage = 'small/1@0';
  await agent.report(stage, 1, {
    $case: 'opened',
    opened: { stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu', canSave: false },
  });
  const text = Buffer.from('loading data\nready\n');
  await agent.report(stage, 1, {
    $case: 'log',
    log: { offsetBytes: 0, droppedBytes: 0, data: text },
  });
  await agent.report(stage, 1, epochReport(0, 0.5));
  return { client, agent };
}

test('who asks for history hears of what was before and of what comes, in words and in order', async () => {
  const { client, agent } = await trainedTrial();
  const watch = opened(client.watch({ sweepId: 'small', trialId: '', history: true }));
  const [first] = [(await watch.next()).value];
  expect(wordsOf(first === undefined ? [] : [first])).toEqual([
    'sweep small submitted: 2 trials',
    'agent agent-1 is there with 1 slot',
    '#1 fixed lr 0.1 on agent-1:cpu0',
  ]);
  expect(first?.attempts).toMatchObject([
    { stageId: 'small/1@0', attempt: 1, slot: 'cpu0', number: 1, trials: 1, untilMs: 0, end: '' },
  ]);
  expect(first?.nowMs).toBeGreaterThan(1e12);
  await agent.report('small/1@0', 1, epochReport(1, 0.25));
  await agent.report('small/1@0', 1, ended('completed'));
  const words = await gather(watch, (all) => (wordsOf(all).length >= 2 ? wordsOf(all) : undefined));
  expect(words).toEqual([
    '#1 fixed lr 0.1 completed: best val_loss 0.25 at epoch 1',
    '#2 fixed lr 0.01 on agent-1:cpu0',
  ]);
});

test('an attempt is told again when it has ended, and how', async () => {
  const { client, agent } = await trainedTrial();
  const watch = opened(client.watch({ sweepId: '', trialId: '', history: true }));
  await watch.next();
  await agent.report('small/1@0', 1, ended('failed', 'out of memory'));
  const rows = await gather(watch, (all) => {
    const attempts = all.flatMap((message) => message.attempts);
    return attempts.length >= 2 ? attempts : undefined;
  });
  expect(rows[0]).toMatchObject({ stageId: 'small/1@0', end: 'failed' });
  expect(rows[0]?.untilMs).toBeGreaterThanOrEqual(rows[0]?.fromMs ?? Number.POSITIVE_INFINITY);
  expect(rows[1]).toMatchObject({ stageId: 'small/2@0', number: 2, end: '' });
});

test('who does not ask for history is told none', async () => {
  const { client } = await trainedTrial();
  const { value } = await opened(client.watch({ sweepId: 'small', trialId: '' })).next();
  expect([value?.facts, value?.attempts]).toEqual([[], []]);
});

test('what waits for a watcher that does not read is bounded, and the latest of it is kept', async () => {
  const store = openStore(':memory:');
  const now = { monoMs: 0, wallMs: 7 };
  const loop = new Loop({ store, now: () => now, limits: DEFAULT_LIMITS });
  const history = new History('', { loop, store, wallMs: () => now.wallMs });
  onTestFinished(() => {
    history.close();
    loop.close();
    store.close();
  });
  expect(history.next().facts).toEqual([]);
  for (let epochs = 1; epochs <= 1000; epochs += 1) await loop.post(submission(1, epochs));
  const { facts } = history.next();
  expect(facts.length).toBeGreaterThanOrEqual(300);
  expect(facts.length).toBeLessThanOrEqual(600);
  expect(facts.at(-1)).toMatchObject({ atMs: 7, words: 'sweep small-1000 submitted: 1 trial' });
});

test('a trial from near: epochs, those of others beside it, and what it writes', async () => {
  const { client, agent } = await trainedTrial();
  const request = { trialId: 'small/1', beside: ['small/1', 'small/2'], output: true };
  const near = opened(client.watchTrial(request));
  const first = (await near.next()).value;
  expect(first).toMatchObject({ complete: true, trialId: 'small/1', epochs: [{ epoch: 0 }] });
  expect(first?.output.map(({ data }) => data.toString())).toEqual(['loading data\nready\n']);
  await agent.report('small/1@0', 1, epochReport(1, 0.25));
  const data = Buffer.from('second\n');
  await agent.report('small/1@0', 1, {
    $case: 'log',
    log: { offsetBytes: 19, droppedBytes: 3, data },
  });
  const later = await gather(near, (all: readonly WatchTrialResponse[]) =>
    all.some(({ output }) => output.length > 0) ? all : undefined,
  );
  expect(later.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch))).toEqual([1]);
  expect(later.flatMap(({ output }) => output)).toMatchObject([{ droppedBytes: 3, attempt: 1 }]);
});

test('without output nothing of it is told, and a trial that is not there is refused', async () => {
  const { client } = await trainedTrial();
  const near = opened(client.watchTrial({ trialId: 'small/1', beside: [], output: false }));
  expect((await near.next()).value?.output).toEqual([]);
  const none = client.watchTrial({ trialId: 'small/1', beside: ['small/9'], output: false });
  await expect(none.next()).rejects.toMatchObject({ code: 'not-found' });
  const many = client.watchTrial({
    trialId: 'small/1',
    beside: Array.from({ length: 17 }, () => 'small/2'),
    output: false,
  });
  await expect(many.next()).rejects.toMatchObject({ code: 'invalid' });
});

test('a watcher sees how busy the devices of an agent are, until it leaves', async () => {
  const coordinator = await testCoordinator();
  const agent = new ScriptedAgent(agentClient(coordinator));
  const watch = opened(testClient(coordinator).watch({ sweepId: '', trialId: '' }));
  agent.beat({
    loads: [
      { slot: '', busyPercent: 40, memoryUsedBytes: 5, memoryTotalBytes: 9 },
      { slot: 'cpu0', temperatureCelsius: 55 },
    ],
  });
  const seen = await gather(watch, (all) => all.at(-1)?.agents[0]);
  expect(seen).toMatchObject({
    host: { busyPercent: 40 },
    slots: [{ load: { temperatureCelsius: 55, busyPercent: undefined }, aside: false }],
  });
  agent.beat({ leaving: true });
  const gone = await gather(watch, (all) =>
    all.at(-1)?.agents[0]?.state === 'gone' ? all.at(-1)?.agents[0] : undefined,
  );
  expect([gone.host, gone.slots[0]?.load]).toEqual([undefined, undefined]);
});
